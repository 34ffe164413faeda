//! How points are named: days by their date in UTC, as they are counted, hours by the clock of the person looking.

use hearback_shared::UnixMillis;
use hearback_shared::query::Interval;

use crate::words::Moment;

/// The names of a picture's points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Short, for the axis.
    pub ticks: Vec<String>,
    /// Full, for the table and where a point is pointed at.
    pub points: Vec<String>,
}

/// Names the points that start at these times; `local` takes a moment apart where the person is.
pub fn labels(interval: Interval, starts: &[UnixMillis], local: impl Fn(UnixMillis) -> Moment) -> Labels {
    let name = |start: &UnixMillis| match interval {
        Interval::Hour => {
            let moment = local(*start);
            (
                moment.clock(),
                format!("{}, {}", moment.weekday(), moment.clock()),
            )
        }
        Interval::Day => {
            let moment = Moment::of(*start, 0);
            (moment.day(), moment.weekday())
        }
    };
    let (ticks, points) = starts.iter().map(name).unzip();
    Labels { ticks, points }
}

/// Names hours of several days: on the axis only the days, where they begin for the person who looks.
pub fn labels_of_days(starts: &[UnixMillis], local: impl Fn(UnixMillis) -> Moment) -> Labels {
    let mut labels = labels(Interval::Hour, starts, &local);
    for (tick, start) in labels.ticks.iter_mut().zip(starts) {
        let moment = local(*start);
        *tick = if moment.is_first_hour() {
            moment.day()
        } else {
            String::new()
        };
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-18T00:00:00Z, a Wednesday.
    const MIDNIGHT: UnixMillis = 1_794_960_000_000;

    #[test]
    fn days_are_named_as_they_are_counted_and_hours_as_the_clock_on_the_wall() {
        let behind = |at| Moment::of(at, -5 * 60);
        let days = labels(Interval::Day, &[MIDNIGHT], behind);
        assert_eq!(
            (days.ticks[0].as_str(), days.points[0].as_str()),
            ("18 Nov", "Wed 18 Nov")
        );
        let hours = labels(Interval::Hour, &[MIDNIGHT], behind);
        assert_eq!(
            (hours.ticks[0].as_str(), hours.points[0].as_str()),
            ("19:00", "Tue 17 Nov, 19:00")
        );
    }

    #[test]
    fn hours_of_several_days_are_named_by_the_days_of_the_person_who_looks() {
        let half_an_hour_off = |at| Moment::of(at, 330);
        let hours: Vec<UnixMillis> = (0..48).map(|hour| MIDNIGHT + hour * 3_600_000).collect();
        let labels = labels_of_days(&hours, half_an_hour_off);
        let named: Vec<&String> = labels.ticks.iter().filter(|tick| !tick.is_empty()).collect();
        assert_eq!(named, ["19 Nov", "20 Nov"]);
        assert_eq!(labels.points[0], "Wed 18 Nov, 05:30");
    }
}

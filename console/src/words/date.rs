//! Moments as people write them. The time zone comes in as an argument, because only the browser knows it.

use hearback_shared::UnixMillis;

use super::counted;

const MINUTE_MS: u64 = 60 * 1000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment taken apart in a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    year: i64,
    /// From 0.
    month: usize,
    /// From 1.
    day: u64,
    /// From 0, Monday.
    weekday: usize,
    hour: u64,
    minute: u64,
    second: u64,
    /// Minutes east of Greenwich.
    offset_minutes: i64,
}

impl Moment {
    /// The moment in a zone that is `offset_minutes` east of Greenwich.
    pub fn of(at: UnixMillis, offset_minutes: i64) -> Self {
        let shifted = at.saturating_add_signed(offset_minutes * MINUTE_MS.cast_signed());
        let days = shifted / DAY_MS;
        let (year, month, day) = civil(days);
        let second = shifted / 1000 % 60;
        let minute = shifted / MINUTE_MS % 60;
        let hour = shifted / HOUR_MS % 24;
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from((days + 3) % 7).unwrap_or(0);
        Self {
            year,
            month,
            day,
            weekday,
            hour,
            minute,
            second,
            offset_minutes,
        }
    }

    /// "14:05".
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    /// "14:05" on the day of `now`, "18 Nov, 14:05" on others.
    pub fn seen_from(self, now: Self) -> String {
        if (self.year, self.month, self.day) == (now.year, now.month, now.day) {
            self.clock()
        } else {
            format!("{}, {}", self.day(), self.clock())
        }
    }

    /// Whether its day began less than an hour before.
    pub fn is_first_hour(self) -> bool {
        self.hour == 0
    }

    /// "18 Nov".
    pub fn day(self) -> String {
        format!("{} {}", self.day, MONTHS[self.month])
    }

    /// "Wed 18 Nov".
    pub fn weekday(self) -> String {
        format!("{} {}", DAYS[self.weekday], self.day())
    }

    /// "18 Nov 2026".
    pub fn date(self) -> String {
        format!("{} {}", self.day(), self.year)
    }

    /// "Wed 18 Nov 2026, 14:05:09 (UTC+1)".
    pub fn exact(self) -> String {
        let Self {
            year,
            hour,
            minute,
            second,
            ..
        } = self;
        format!(
            "{} {year}, {hour:02}:{minute:02}:{second:02} ({})",
            self.weekday(),
            self.zone()
        )
    }

    /// "UTC", "UTC+1", "UTC−3:30".
    pub fn zone(self) -> String {
        let (hours, minutes) = (self.offset_minutes.abs() / 60, self.offset_minutes.abs() % 60);
        let sign = if self.offset_minutes < 0 { '−' } else { '+' };
        match (hours, minutes) {
            (0, 0) => "UTC".to_owned(),
            (_, 0) => format!("UTC{sign}{hours}"),
            _ => format!("UTC{sign}{hours}:{minutes:02}"),
        }
    }
}

/// The machine-readable form, for the `datetime` attribute.
pub fn iso(at: UnixMillis) -> String {
    let Moment {
        year,
        month,
        day,
        hour,
        minute,
        second,
        ..
    } = Moment::of(at, 0);
    format!(
        "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
        month + 1
    )
}

/// How long ago, while that says more than the date: up to a week.
pub fn ago(now: UnixMillis, at: UnixMillis) -> Option<String> {
    let past = now.saturating_sub(at);
    match past {
        0..45_000 => Some("just now".to_owned()),
        45_000..HOUR_MS => Some(format!("{} min ago", (past / MINUTE_MS).max(1))),
        HOUR_MS..DAY_MS => Some(format!("{} ago", counted(past / HOUR_MS, "hour", "hours"))),
        _ if past < 7 * DAY_MS => Some(format!("{} ago", counted(past / DAY_MS, "day", "days"))),
        _ => None,
    }
}

/// Year, month from 0 and day from 1 of a day since 1970-01-01. Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`, for days that are not negative.
fn civil(days: u64) -> (i64, usize, u64) {
    let z = days + 719_468;
    let era = z / 146_097;
    let day_of_era = z % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 2
    } else {
        shifted_month - 10
    };
    let year = year_of_era + era * 400 + u64::from(month < 2);
    (year.cast_signed(), usize::try_from(month).unwrap_or(0), day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-18T13:05:09Z, a Wednesday.
    const AT: u64 = 1_795_007_109_000;

    #[test]
    fn a_moment_is_written_in_the_zone_of_the_person_who_looks() {
        assert_eq!(Moment::of(AT, 0).exact(), "Wed 18 Nov 2026, 13:05:09 (UTC)");
        assert_eq!(Moment::of(AT, 60).exact(), "Wed 18 Nov 2026, 14:05:09 (UTC+1)");
        assert_eq!(
            Moment::of(AT, -14 * 60).exact(),
            "Tue 17 Nov 2026, 23:05:09 (UTC−14)"
        );
        assert_eq!(Moment::of(AT, 330).clock(), "18:35");
        assert_eq!(Moment::of(AT, -210).zone(), "UTC−3:30");
    }

    #[test]
    fn the_day_is_named_where_it_is_another() {
        let now = Moment::of(AT, 0);
        assert_eq!(Moment::of(AT - HOUR_MS, 0).seen_from(now), "12:05");
        assert_eq!(Moment::of(AT - DAY_MS, 0).seen_from(now), "17 Nov, 13:05");
    }

    #[test]
    fn dates_are_right_at_the_edges_of_months_and_leap_years() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_709_251_199_000, "2024-02-29T23:59:59Z"),
            (1_709_251_200_000, "2024-03-01T00:00:00Z"),
            (1_798_761_599_000, "2026-12-31T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(iso(at), text);
        }
    }

    #[test]
    fn the_recent_past_is_told_as_a_distance_and_the_far_past_is_not() {
        let cases = [
            (0, Some("just now")),
            (44_999, Some("just now")),
            (45_000, Some("1 min ago")),
            (59 * MINUTE_MS, Some("59 min ago")),
            (HOUR_MS, Some("1 hour ago")),
            (23 * HOUR_MS, Some("23 hours ago")),
            (DAY_MS, Some("1 day ago")),
            (6 * DAY_MS, Some("6 days ago")),
            (7 * DAY_MS, None),
        ];
        for (past, words) in cases {
            assert_eq!(ago(AT, AT - past).as_deref(), words, "{past}");
        }
        assert_eq!(
            ago(AT, AT + HOUR_MS).as_deref(),
            Some("just now"),
            "a clock that runs ahead"
        );
    }
}

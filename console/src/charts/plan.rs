//! What is drawn of an answer: which series by themselves, which together, and which interval is not over yet.

use hearback_shared::UnixMillis;
use hearback_shared::item::PAGE_VIEW;
use hearback_shared::query::{Interval, Series, SeriesAnswer};

/// Lines in one picture. More than six can't be told apart, neither by colour nor by form.
const LINES: usize = 6;

/// One line of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it counts.
    pub label: String,
    /// Sum of its counts.
    pub total: u64,
    /// One count a point.
    pub counts: Vec<u64>,
}

/// What is drawn of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Start of each point.
    pub starts: Vec<UnixMillis>,
    /// Width of a point.
    pub interval: Interval,
    /// The point that is not over yet.
    pub unfinished: Option<usize>,
    /// Page views, one count a point.
    pub views: Line,
    /// Events, most frequent first; the last may stand for several.
    pub events: Vec<Line>,
    /// Sum of all events, page views not counted.
    pub events_total: u64,
    /// How many event names were counted; a lower bound where `has_other`.
    pub names: usize,
    /// Whether some names were counted only together.
    pub has_other: bool,
}

impl Plan {
    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.views.total == 0 && self.events_total == 0
    }

    /// The point with the most page views, the first of several.
    pub fn busiest(&self) -> Option<(UnixMillis, u64)> {
        let points = self.starts.iter().copied().zip(self.views.counts.iter().copied());
        points
            .rev()
            .max_by_key(|(_, count)| *count)
            .filter(|(_, count)| *count > 0)
    }
}

/// A series' name as people read it.
pub fn shown_name(name: Option<&str>) -> &str {
    match name {
        Some(PAGE_VIEW) => "Page views",
        Some(name) => name,
        None => "other",
    }
}

/// What is drawn of an answer at this time.
pub fn plan(answer: &SeriesAnswer, now: UnixMillis) -> Plan {
    let width = answer.interval.width_ms();
    let points = usize::try_from(answer.to.saturating_sub(answer.from) / width).unwrap_or(0);
    let starts: Vec<UnixMillis> = (0_u64..)
        .take(points)
        .map(|point| answer.from + point * width)
        .collect();
    let unfinished = starts
        .iter()
        .position(|start| (*start..start + width).contains(&now));

    let is_views = |series: &&Series| series.name.as_deref() == Some(PAGE_VIEW);
    let views = answer.series.iter().find(is_views).map_or_else(
        || Line {
            label: shown_name(Some(PAGE_VIEW)).to_owned(),
            total: 0,
            counts: vec![0; points],
        },
        |series| line(series, points),
    );
    let events: Vec<&Series> = answer.series.iter().filter(|series| !is_views(series)).collect();
    let has_other = events.iter().any(|series| series.name.is_none());
    Plan {
        starts,
        interval: answer.interval,
        unfinished,
        views,
        events_total: events.iter().map(|series| series.total).sum(),
        names: events.len() - usize::from(has_other),
        has_other,
        events: lines(&events, points),
    }
}

/// The first series each as a line, and the rest summed in the last one.
fn lines(events: &[&Series], points: usize) -> Vec<Line> {
    if events.len() <= LINES {
        return events.iter().map(|series| line(series, points)).collect();
    }
    let (alone, together) = events.split_at(LINES - 1);
    let named = together.iter().filter(|series| series.name.is_some()).count();
    let mut rest = Line {
        label: if named == together.len() {
            format!("{named} more")
        } else {
            format!("{named} more and other")
        },
        total: 0,
        counts: vec![0; points],
    };
    for series in together {
        rest.total += series.total;
        for (sum, count) in rest.counts.iter_mut().zip(&series.counts) {
            *sum += count;
        }
    }
    alone
        .iter()
        .map(|series| line(series, points))
        .chain([rest])
        .collect()
}

/// A series with exactly one count a point, whatever the answer holds.
fn line(series: &Series, points: usize) -> Line {
    let mut counts = series.counts.clone();
    counts.resize(points, 0);
    Line {
        label: shown_name(series.name.as_deref()).to_owned(),
        total: series.total,
        counts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: Option<&str>, counts: [u64; 3]) -> Series {
        Series {
            name: name.map(str::to_owned),
            total: counts.iter().sum(),
            counts: counts.to_vec(),
        }
    }

    fn answer(series: Vec<Series>) -> SeriesAnswer {
        let day = Interval::Day.width_ms();
        SeriesAnswer {
            from: 10 * day,
            to: 13 * day,
            interval: Interval::Day,
            series,
        }
    }

    const TODAY: UnixMillis = 12 * 24 * 60 * 60 * 1000 + 5;

    #[test]
    fn page_views_are_drawn_apart_from_events() {
        let plan = plan(
            &answer(vec![
                series(Some("page_view"), [5, 9, 2]),
                series(Some("signup"), [1, 0, 1]),
            ]),
            TODAY,
        );
        assert_eq!((plan.views.label.as_str(), plan.views.total), ("Page views", 16));
        assert_eq!(plan.events.len(), 1);
        assert_eq!((plan.events_total, plan.names, plan.has_other), (2, 1, false));
        assert_eq!(plan.busiest().map(|(_, count)| count), Some(9));
    }

    #[test]
    fn the_last_point_is_known_to_be_unfinished() {
        assert_eq!(plan(&answer(vec![]), TODAY).unfinished, Some(2));
        assert_eq!(plan(&answer(vec![]), TODAY * 2).unfinished, None);
    }

    #[test]
    fn lines_beyond_the_sixth_are_summed_and_no_count_is_lost() {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let mut all: Vec<Series> = names.iter().map(|name| series(Some(name), [1, 2, 3])).collect();
        all.push(series(None, [7, 0, 0]));
        let plan = plan(&answer(all), TODAY);
        let labels: Vec<&str> = plan.events.iter().map(|line| line.label.as_str()).collect();
        assert_eq!(labels, ["a", "b", "c", "d", "e", "2 more and other"]);
        assert_eq!(plan.events[5].counts, [9, 4, 6]);
        assert_eq!(
            plan.events.iter().map(|line| line.total).sum::<u64>(),
            plan.events_total
        );
        assert_eq!((plan.names, plan.has_other), (7, true));
    }

    #[test]
    fn nothing_counted_is_empty_and_still_has_its_points() {
        let plan = plan(&answer(vec![]), TODAY);
        assert!(plan.is_empty());
        assert_eq!(
            (plan.starts.len(), plan.views.counts.len(), plan.busiest()),
            (3, 3, None)
        );
    }

    #[test]
    fn the_first_of_several_busiest_points_is_named() {
        let plan = plan(&answer(vec![series(Some("page_view"), [4, 4, 1])]), TODAY);
        assert_eq!(plan.busiest(), Some((answer(vec![]).from, 4)));
    }
}

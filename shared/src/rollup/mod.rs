//! Counts by hour and name: small enough to answer from, exact, and the same in whatever order they are added.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::UnixMillis;
use crate::limits;
use crate::query::{Interval, Series, SeriesAnswer, SeriesQuestion};

/// The name under which events beyond [`limits::NAMES_PER_HOUR`] names are counted.
pub const OTHER: &str = "";

/// Counts of events by the hour (its first millisecond) and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HourCounts(BTreeMap<(UnixMillis, String), u64>);

/// What a count needs of a stored item: it skips the rest of the line.
#[derive(Deserialize)]
struct Counted {
    at: UnixMillis,
    #[serde(default)]
    name: Option<String>,
}

impl HourCounts {
    /// Counts the events among these lines of the log; feedback is not an event.
    pub fn of_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut counts = Self::default();
        for line in lines {
            if let Ok(Counted { at, name: Some(name) }) = serde_json::from_str(line) {
                counts.add(Interval::Hour.start(at), name, 1);
            }
        }
        counts
    }

    /// Adds `count` to a name in the hour that starts at `hour`.
    pub fn add(&mut self, hour: UnixMillis, name: String, count: u64) {
        *self.0.entry((hour, name)).or_default() += count;
    }

    /// Adds all of another's counts.
    pub fn merge(&mut self, other: Self) {
        for ((hour, name), count) in other.0 {
            self.add(hour, name, count);
        }
    }

    /// Hour, name and count, by hour.
    pub fn iter(&self) -> impl Iterator<Item = (UnixMillis, &str, u64)> {
        self.0
            .iter()
            .map(|((hour, name), count)| (*hour, name.as_str(), *count))
    }

    /// Answers the question; names beyond the most frequent are summed as *other*.
    pub fn answer(&self, question: SeriesQuestion) -> SeriesAnswer {
        let SeriesQuestion { from, to, interval } = question.aligned();
        let points = usize::try_from((to - from) / interval.width_ms()).unwrap_or(0);
        let mut by_name: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for (hour, name, count) in self.iter().filter(|(hour, ..)| (from..to).contains(hour)) {
            let point = usize::try_from((hour - from) / interval.width_ms()).unwrap_or(usize::MAX);
            if let Some(slot) = by_name
                .entry(name)
                .or_insert_with(|| vec![0; points])
                .get_mut(point)
            {
                *slot += count;
            }
        }
        let mut other = by_name.remove(OTHER);
        let mut series: Vec<Series> = by_name
            .into_iter()
            .map(|(name, counts)| series(Some(name), counts))
            .collect();
        series.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.name.cmp(&b.name)));
        for rare in series.split_off(series.len().min(limits::SERIES_NAMES)) {
            let sums = other.get_or_insert_with(|| vec![0; points]);
            sums.iter_mut()
                .zip(rare.counts)
                .for_each(|(sum, count)| *sum += count);
        }
        series.extend(other.map(|counts| self::series(None, counts)));
        SeriesAnswer {
            from,
            to,
            interval,
            series,
        }
    }
}

fn series(name: Option<&str>, counts: Vec<u64>) -> Series {
    Series {
        name: name.map(str::to_owned),
        total: counts.iter().sum(),
        counts,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR_MS: UnixMillis = 60 * 60 * 1000;

    fn counts() -> impl Strategy<Value = HourCounts> {
        proptest::collection::vec((0_u64..50, "[a-f]{1}", 1_u64..9), 0..30).prop_map(|rows| {
            let mut counts = HourCounts::default();
            for (hour, name, count) in rows {
                counts.add(hour * HOUR_MS, name, count);
            }
            counts
        })
    }

    fn merged(mut a: HourCounts, b: &HourCounts) -> HourCounts {
        a.merge(b.clone());
        a
    }

    proptest! {
        #[test]
        fn merging_does_not_depend_on_order_or_grouping(a in counts(), b in counts(), c in counts()) {
            prop_assert_eq!(merged(a.clone(), &b), merged(b.clone(), &a));
            prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a, &merged(b, &c)));
        }

        #[test]
        fn an_answer_counts_every_event_in_its_range_once(counts in counts(), from in 0_u64..40, hours in 1_u64..30) {
            let question = SeriesQuestion { from: from * HOUR_MS, to: (from + hours) * HOUR_MS, interval: Interval::Hour };
            let expected: u64 = counts.iter().filter(|(h, ..)| (from * HOUR_MS..(from + hours) * HOUR_MS).contains(h)).map(|(.., n)| n).sum();
            let answer = counts.answer(question);
            prop_assert_eq!(answer.series.iter().map(|s| s.total).sum::<u64>(), expected);
            for series in &answer.series {
                prop_assert_eq!(series.counts.len() as u64, hours);
                prop_assert_eq!(series.counts.iter().sum::<u64>(), series.total);
            }
        }
    }

    #[test]
    fn feedback_and_junk_are_not_counted() {
        let lines = [
            r#"{"at":7200001,"type":"event","name":"a"}"#,
            r#"{"at":1,"type":"feedback","text":"b"}"#,
            "junk",
        ];
        let counts = HourCounts::of_lines(lines);
        assert_eq!(counts.iter().collect::<Vec<_>>(), [(7_200_000, "a", 1)]);
    }

    #[test]
    fn rare_names_are_summed_as_other() {
        let mut counts = HourCounts::default();
        (0..13).for_each(|n| counts.add(0, format!("n{n:02}"), 100 - n));
        let answer = counts.answer(SeriesQuestion {
            from: 0,
            to: HOUR_MS,
            interval: Interval::Hour,
        });
        assert_eq!(answer.series.len(), 11);
        assert_eq!(answer.series[10].name, None);
        assert_eq!(answer.series[10].total, 90 + 89 + 88);
    }
}

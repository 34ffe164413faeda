//! Answers, made of the merged partials of all shards.

use litemap::LiteMap;

use serde::{Deserialize, Serialize};

use super::partial::Partial;
use super::question::{Question, Range};
use super::{Interval, Series, SeriesAnswer};
use crate::UnixMillis;
use crate::limits;
use crate::rollup::{Breakdown, NAME, OTHER, Quantiles, RELATIVE_ERROR, Rollup, Sample, Visitors};

/// What 95 of 100 counts of visitors are within, as a part of the count.
const VISITORS_ERROR: f64 = 0.02;

/// How often a value occurred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueCount {
    /// The value.
    pub value: String,
    /// Events, at least.
    pub events: u64,
    /// Events, at most; the same while all values are kept.
    pub at_most: u64,
}

/// What is in no value's count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// Events.
    pub events: u64,
    /// Distinct values that are not shown: exact while all are kept, else an estimate.
    pub values: u64,
}

/// A percentile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuantileValue {
    /// Which, from 0 to 1.
    pub at: f64,
    /// The number.
    pub value: f64,
}

/// Percentiles of one point, or of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PercentilePoint {
    /// Start.
    pub from: UnixMillis,
    /// How many numbers there were.
    pub samples: u64,
    /// The least, exact.
    pub min: Option<f64>,
    /// The greatest, exact.
    pub max: Option<f64>,
    /// One for each percentile asked for; none where there are no numbers.
    pub values: Vec<QuantileValue>,
}

/// Visitors of one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UniquesPoint {
    /// Start.
    pub from: UnixMillis,
    /// Visitors.
    pub visitors: u64,
}

/// One step of a funnel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The event.
    pub name: String,
    /// Visitors who came that far.
    pub visitors: u64,
}

/// The answer to a [`Question`], under the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "lowercase")]
pub enum Answer {
    /// Events by name and interval.
    Series {
        /// The series.
        #[serde(flatten)]
        answer: SeriesAnswer,
        /// Events of bots, which are in no series.
        bots: u64,
    },
    /// Events by value; also the answer to `top`.
    Breakdown {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// The dimension.
        by: String,
        /// All events in question.
        events: u64,
        /// Events of bots, which are in no other number here.
        bots: u64,
        /// Most frequent first.
        values: Vec<ValueCount>,
        /// Events with values that are not shown.
        other: Other,
        /// Events without a value.
        without: u64,
    },
    /// Percentiles.
    Percentile {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// The property.
        of: String,
        /// Of the whole time.
        overall: PercentilePoint,
        /// By interval, where one was asked for.
        points: Vec<PercentilePoint>,
        /// The relative error of each value.
        error: f64,
    },
    /// Visitors.
    Uniques {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// Of the whole time.
        visitors: u64,
        /// Whether the time spans several days: a visitor is then counted once on each.
        visitor_days: bool,
        /// By interval, where one was asked for.
        points: Vec<UniquesPoint>,
        /// What 95 of 100 estimates are within, as a part of the count; 0 where it was counted.
        error: f64,
    },
    /// Visitors from step to step.
    Funnel {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// The steps, in order.
        steps: Vec<Step>,
        /// Whether the time spans several days: a visitor then starts anew on each.
        visitor_days: bool,
        /// Whether all visitors were looked at; else the numbers are an estimate.
        exact: bool,
        /// How many visitors were looked at.
        sampled: u64,
    },
    /// Two periods.
    Compare {
        /// The later one.
        now: Box<Answer>,
        /// The earlier one.
        before: Box<Answer>,
        /// What became of the answer's main number, as a part of the earlier one; `null` where that was nothing.
        change: Option<f64>,
    },
}

impl Answer {
    /// Answers an aligned question from the merged partials of its parts, in their order.
    pub fn of(question: &Question, parts: &[Partial]) -> Self {
        let nothing = Partial::default();
        let first = parts.first().unwrap_or(&nothing);
        let range = question.range();
        match question {
            Question::Series { interval, .. } => series(range, *interval, first),
            Question::Breakdown { by, .. } => breakdown(range, by, limits::BREAKDOWN_VALUES, first),
            Question::Top { by, limit, .. } => breakdown(range, by, *limit, first),
            Question::Percentile { of, at, interval, .. } => percentiles(range, of, at, *interval, first),
            Question::Uniques { interval, .. } => uniques(range, *interval, first),
            Question::Funnel { steps, .. } => funnel(range, steps, first),
            Question::Compare { question, with } => {
                let now = Self::of(question, &parts[..parts.len().min(1)]);
                let before = Self::of(&question.moved(*with), parts.get(1..).unwrap_or_default());
                Self::Compare {
                    change: change(now.main_number(), before.main_number()),
                    now: Box::new(now),
                    before: Box::new(before),
                }
            }
        }
    }

    /// The number that two periods are compared by: events, visitors, the first percentile, or the part of the
    /// visitors that came to a funnel's end.
    #[allow(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    fn main_number(&self) -> Option<f64> {
        match self {
            Self::Series { answer, .. } => {
                Some(answer.series.iter().map(|series| series.total).sum::<u64>() as f64)
            }
            Self::Breakdown { events, .. } => Some(*events as f64),
            Self::Percentile { overall, .. } => overall.values.first().map(|value| value.value),
            Self::Uniques { visitors, .. } => Some(*visitors as f64),
            Self::Funnel { steps, .. } => match (steps.first(), steps.last()) {
                (Some(first), Some(last)) if first.visitors > 0 => {
                    Some(last.visitors as f64 / first.visitors as f64)
                }
                _ => None,
            },
            Self::Compare { .. } => None,
        }
    }
}

#[allow(clippy::float_cmp, reason = "only nothing is nothing")]
fn change(now: Option<f64>, before: Option<f64>) -> Option<f64> {
    let (now, before) = (now?, before?);
    (before != 0.0).then(|| (now - before) / before)
}

/// All rollups of a partial as one.
fn sum<'a>(rollups: impl Iterator<Item = &'a Rollup>) -> Rollup {
    let mut sum = Rollup::default();
    rollups.for_each(|rollup| sum.merge(rollup));
    sum
}

fn all(partial: &Partial) -> impl Iterator<Item = &Rollup> {
    partial.points.values().flat_map(LiteMap::values)
}

fn series(range: Range, interval: Interval, partial: &Partial) -> Answer {
    let points = usize::try_from(range.points(interval)).unwrap_or(0);
    let mut by_name: LiteMap<&str, Vec<u64>> = LiteMap::new();
    for (start, names) in &partial.points {
        let point = start.saturating_sub(range.from) / interval.width_ms();
        let point = usize::try_from(point).unwrap_or(usize::MAX);
        for (name, rollup) in names.iter().filter(|(_, rollup)| rollup.count > 0) {
            let counts = by_name.entry(name).or_insert_with(|| vec![0; points]);
            if let Some(slot) = counts.get_mut(point) {
                *slot += rollup.count;
            }
        }
    }
    let named = |name: Option<&str>, counts: Vec<u64>| Series {
        name: name.map(str::to_owned),
        total: counts.iter().sum(),
        counts,
    };
    let mut other = by_name.remove(OTHER);
    let mut series: Vec<Series> = by_name
        .into_iter()
        .map(|(name, counts)| named(Some(name), counts))
        .collect();
    series.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.name.cmp(&b.name)));
    for rare in series.split_off(series.len().min(limits::SERIES_NAMES)) {
        let sums = other.get_or_insert_with(|| vec![0; points]);
        sums.iter_mut()
            .zip(rare.counts)
            .for_each(|(sum, count)| *sum += count);
    }
    series.extend(other.map(|counts| named(None, counts)));
    Answer::Series {
        answer: SeriesAnswer {
            from: range.from,
            to: range.to,
            interval,
            series,
        },
        bots: all(partial).map(|rollup| rollup.bots).sum(),
    }
}

fn breakdown(range: Range, by: &str, limit: usize, partial: &Partial) -> Answer {
    let nothing = Breakdown::default();
    let total = sum(all(partial));
    let kept = total.breakdowns.get(by).unwrap_or(&nothing);
    let (counts, mut other, error) = if by == NAME {
        // Names have rows of their own; what the breakdown holds is what had no row.
        let mut names: LiteMap<&str, u64> = LiteMap::new();
        for (name, rollup) in partial.points.values().flatten() {
            *names.entry(name).or_default() += rollup.count;
        }
        let other = Other {
            events: names.remove(OTHER).unwrap_or(0),
            values: kept.values().count() as u64 + kept.other_values(),
        };
        (
            names.into_iter().filter(|(_, count)| *count > 0).collect(),
            other,
            0,
        )
    } else {
        let other = Other {
            events: kept.other(),
            values: kept.other_values(),
        };
        (kept.values().collect::<Vec<_>>(), other, kept.error())
    };
    let mut values: Vec<ValueCount> = counts
        .into_iter()
        .map(|(value, events)| ValueCount {
            value: value.to_owned(),
            events,
            at_most: events + error,
        })
        .collect();
    values.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.value.cmp(&b.value)));
    for rare in values.split_off(values.len().min(limit)) {
        other.events += rare.events;
        other.values += 1;
    }
    let with: u64 = values.iter().map(|value| value.events).sum::<u64>() + other.events;
    Answer::Breakdown {
        range,
        by: by.to_owned(),
        events: total.count,
        bots: total.bots,
        values,
        other,
        without: total.count.saturating_sub(with),
    }
}

/// The starts of all points of a series.
fn starts(range: Range, interval: Interval) -> impl Iterator<Item = UnixMillis> {
    (0..range.points(interval)).map(move |point| range.from + point * interval.width_ms())
}

fn percentiles(range: Range, of: &str, at: &[f64], interval: Option<Interval>, partial: &Partial) -> Answer {
    let point = |from: UnixMillis, quantiles: Option<&Quantiles>| {
        let range = quantiles.and_then(Quantiles::range);
        let value = |at: &f64| {
            let value = quantiles?.quantile(*at)?;
            Some(QuantileValue { at: *at, value })
        };
        PercentilePoint {
            from,
            samples: quantiles.map_or(0, Quantiles::count),
            min: range.map(|(least, _)| least),
            max: range.map(|(_, greatest)| greatest),
            values: at.iter().filter_map(value).collect(),
        }
    };
    let of_point = |start: UnixMillis| partial.points.get(&start)?.get(OTHER)?.quantiles.get(of);
    Answer::Percentile {
        range,
        of: of.to_owned(),
        overall: point(range.from, sum(all(partial)).quantiles.get(of)),
        points: interval.map_or_else(Vec::new, |interval| {
            starts(range, interval)
                .map(|start| point(start, of_point(start)))
                .collect()
        }),
        error: RELATIVE_ERROR,
    }
}

fn uniques(range: Range, interval: Option<Interval>, partial: &Partial) -> Answer {
    let visitors = sum(all(partial)).visitors;
    let of_point = |start: UnixMillis| Some(&partial.points.get(&start)?.get(OTHER)?.visitors);
    Answer::Uniques {
        range,
        visitors: visitors.estimate(),
        visitor_days: range.points(Interval::Day) > 1,
        points: interval.map_or_else(Vec::new, |interval| {
            let point = |from| UniquesPoint {
                from,
                visitors: of_point(from).map_or(0, Visitors::estimate),
            };
            starts(range, interval).map(point).collect()
        }),
        error: if visitors.is_exact() { 0.0 } else { VISITORS_ERROR },
    }
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate of far fewer than 2^53 visitors"
)]
fn funnel(range: Range, steps: &[String], partial: &Partial) -> Answer {
    let mut reached = vec![0_u64; steps.len()];
    let sample = partial.sample.as_ref();
    for firsts in sample.into_iter().flat_map(|sample| sample.firsts(steps)) {
        let mut before = 0;
        for (count, first) in reached.iter_mut().zip(firsts) {
            match first {
                Some(at) if at >= before => (*count, before) = (*count + 1, at),
                _ => break,
            }
        }
    }
    let share = sample.map_or(1.0, Sample::share);
    let step = |(name, visitors): (&String, u64)| Step {
        name: name.clone(),
        visitors: (visitors as f64 / share).round() as u64,
    };
    Answer::Funnel {
        range,
        steps: steps.iter().zip(reached).map(step).collect(),
        visitor_days: range.points(Interval::Day) > 1,
        exact: sample.is_none_or(Sample::is_exact),
        sampled: sample.map_or(0, Sample::len) as u64,
    }
}

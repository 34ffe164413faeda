//! What one shard can say to a question: merged with what the others say, it is answered from.

use litemap::LiteMap;

use serde::{Deserialize, Serialize};

use super::question::{Bodies, Question};
use crate::UnixMillis;
use crate::limits::FUNNEL_VISITORS;
use crate::rollup::{Malformed, NAME, OTHER, Rollup, Sample, Wanted};

/// A stored rollup, as far as the question needs it.
#[derive(Clone, Copy, Debug)]
pub struct StoredRow<'a> {
    /// Start of its hour or day.
    pub start: UnixMillis,
    /// The events' name.
    pub name: &'a str,
    /// Events.
    pub count: u64,
    /// Events of bots.
    pub bots: u64,
    /// [`Rollup::to_bytes`]; empty where the question does not need it.
    pub body: &'a [u8],
}

/// A shard's part of an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    /// By the start of the point, then by event name; under the empty name where names are not told apart.
    pub(super) points: LiteMap<UnixMillis, LiteMap<String, Rollup>>,
    /// Visitors, for a funnel.
    pub(super) sample: Option<Sample>,
}

impl Partial {
    /// Adds a stored rollup that lies in one of the question's spans and has its name.
    pub fn add_row(&mut self, question: &Question, row: StoredRow<'_>) -> Result<(), Malformed> {
        let point = question
            .interval()
            .map_or(question.range().from, |interval| interval.start(row.start));
        let names = self.points.entry(point).or_default();
        let bodies = question.bodies();
        let name = if bodies == Bodies::All { OTHER } else { row.name };
        let mut rollup = Rollup {
            count: row.count,
            bots: row.bots,
            ..Rollup::default()
        };
        if bodies == Bodies::All || (bodies == Bodies::Other && row.name == OTHER) {
            take(
                &mut rollup,
                question,
                Rollup::from_bytes_of(row.body, wanted(question))?,
            );
        }
        match names.get_mut(name) {
            Some(sum) => sum.merge(&rollup),
            None => drop(names.insert(name.to_owned(), rollup)),
        }
        Ok(())
    }

    /// Adds some of a shard's visitors on one of the days of a funnel, given [`Sample::to_bytes`].
    pub fn add_sample(&mut self, steps: &[String], body: &[u8]) -> Result<(), Malformed> {
        let below = self.sample.as_ref().and_then(Sample::below);
        self.merge_sample(&Sample::from_bytes_below(body, below)?.only(steps, FUNNEL_VISITORS));
        Ok(())
    }

    fn merge_sample(&mut self, other: &Sample) {
        match &mut self.sample {
            Some(mine) => mine.merge(other),
            None => self.sample = Some(other.clone()),
        }
    }

    /// Adds what another shard says to the same question.
    pub fn merge(&mut self, other: &Self) {
        for (point, names) in &other.points {
            let mine = self.points.entry(*point).or_default();
            for (name, rollup) in names {
                match mine.get_mut(name) {
                    Some(sum) => sum.merge(rollup),
                    None => drop(mine.insert(name.clone(), rollup.clone())),
                }
            }
        }
        if let Some(sample) = &other.sample {
            self.merge_sample(sample);
        }
    }
}

fn hand_over<T>(key: &str, from: &mut LiteMap<String, T>, to: &mut LiteMap<String, T>) {
    if let Some(value) = from.remove(key) {
        to.insert(key.to_owned(), value);
    }
}

/// Takes over only what the question is about: the rest would travel for nothing.
/// What of a row's body the question is about.
fn wanted(question: &Question) -> Wanted<'_> {
    match question {
        Question::Breakdown { by, .. } | Question::Top { by, .. } => Wanted::Breakdown(by),
        Question::Percentile { of, .. } => Wanted::Quantiles(of),
        Question::Uniques { .. } => Wanted::Visitors,
        Question::Series { .. } | Question::Funnel { .. } | Question::Compare { .. } => Wanted::All,
    }
}

fn take(to: &mut Rollup, question: &Question, mut from: Rollup) {
    match question {
        Question::Breakdown { by, name: None, .. } | Question::Top { by, name: None, .. } if by == NAME => {
            hand_over(NAME, &mut from.breakdowns, &mut to.breakdowns);
        }
        Question::Breakdown { by, .. } | Question::Top { by, .. } => {
            hand_over(by, &mut from.breakdowns, &mut to.breakdowns);
        }
        Question::Percentile { of, .. } => hand_over(of, &mut from.quantiles, &mut to.quantiles),
        Question::Uniques { .. } => to.visitors = from.visitors,
        Question::Series { .. } | Question::Funnel { .. } | Question::Compare { .. } => {}
    }
}

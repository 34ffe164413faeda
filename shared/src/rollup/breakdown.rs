//! Counts by value of one dimension, with a bound on how many values are kept.
//!
//! Up to the bound, counts are exact. Beyond it they are Misra–Gries summaries, which merge without losing their bound
//! (Agarwal, Cormode, Huang, Phillips, Wei, Yi, "Mergeable summaries", PODS 2012): whenever one value too many would
//! be kept, the count of the first that has no place is taken off all, and what was taken off is *other*. A count that
//! is kept is then too low by at most `error`, and `error` is at most `other / (bound + 1)`.

use litemap::LiteMap;

use super::distinct::Values;
use crate::codec::{Malformed, Reader, Writer};
use crate::limits::BREAKDOWN_VALUES;

/// Counts by value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakdown {
    values: LiteMap<String, u64>,
    other: u64,
    error: u64,
    /// All values ever seen; only once not all are kept.
    seen: Option<Values>,
}

impl Breakdown {
    /// Adds to a value's count. Call [`Self::trim`] after a number of these.
    pub fn add(&mut self, value: &str, count: u64) {
        if let Some(seen) = &mut self.seen {
            seen.add(value);
        }
        match self.values.get_mut(value) {
            Some(sum) => *sum += count,
            None => drop(self.values.insert(value.to_owned(), count)),
        }
    }

    /// Adds all that was added to the other.
    pub fn merge(&mut self, other: &Self) {
        if let Some(theirs) = &other.seen {
            let values = &self.values;
            let seen = self.seen.get_or_insert_with(|| all(values));
            seen.merge(theirs);
        }
        for (value, count) in &other.values {
            self.add(value, *count);
        }
        self.other += other.other;
        self.error += other.error;
        self.trim();
    }

    /// Keeps the most frequent values and counts the rest as *other*.
    pub fn trim(&mut self) {
        if self.values.len() <= BREAKDOWN_VALUES {
            return;
        }
        let values = &self.values;
        self.seen.get_or_insert_with(|| all(values));
        let mut counts: Vec<u64> = self.values.values().copied().collect();
        let (_, first_without_place, _) = counts.select_nth_unstable_by(BREAKDOWN_VALUES, |a, b| b.cmp(a));
        let taken_off = *first_without_place;
        self.error += taken_off;
        let other = &mut self.other;
        for (_, count) in self.values.iter_mut() {
            *other += taken_off.min(*count);
            *count = count.saturating_sub(taken_off);
        }
        self.values.retain(|_, count| *count > 0);
    }

    /// The values that are kept, with counts that are too low by at most [`Self::error`].
    pub fn values(&self) -> impl Iterator<Item = (&str, u64)> {
        self.values.iter().map(|(value, count)| (value.as_str(), *count))
    }

    /// Events that are not in a value's count.
    pub fn other(&self) -> u64 {
        self.other
    }

    /// By how much a count may be too low; 0 while all values are kept.
    pub fn error(&self) -> u64 {
        self.error
    }

    /// Distinct values that are not kept: an estimate.
    pub fn other_values(&self) -> u64 {
        let seen = self.seen.as_ref().map_or(0, Values::estimate);
        seen.saturating_sub(self.values.len() as u64)
    }

    /// Events that have a value.
    pub fn total(&self) -> u64 {
        self.values.values().sum::<u64>() + self.other
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.length(self.values.len());
        for (value, count) in &self.values {
            writer.text(value);
            writer.number(*count);
        }
        writer.number(self.other);
        writer.number(self.error);
        writer.0.push(u8::from(self.seen.is_some()));
        if let Some(seen) = &self.seen {
            seen.write(writer);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let mut values = LiteMap::new();
        for _ in 0..reader.length()? {
            let value = reader.text()?.to_owned();
            values.insert(value, reader.number()?);
        }
        Ok(Self {
            values,
            other: reader.number()?,
            error: reader.number()?,
            seen: match reader.byte()? {
                0 => None,
                _ => Some(Values::read(reader)?),
            },
        })
    }

    /// Steps over what [`Self::read`] reads.
    pub(super) fn skip(reader: &mut Reader<'_>) -> Result<(), Malformed> {
        for _ in 0..reader.length()? {
            let bytes = reader.length()?;
            reader.bytes(bytes)?;
            reader.number()?;
        }
        reader.number()?;
        reader.number()?;
        if reader.byte()? != 0 {
            Values::skip(reader)?;
        }
        Ok(())
    }
}

fn all(values: &LiteMap<String, u64>) -> Values {
    let mut seen = Values::default();
    for value in values.keys() {
        seen.add(value);
    }
    seen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[u32]) -> Breakdown {
        let mut breakdown = Breakdown::default();
        for value in values {
            breakdown.add(&format!("v{value}"), 1);
        }
        breakdown.trim();
        breakdown
    }

    fn merged(mut a: Breakdown, b: &Breakdown) -> Breakdown {
        a.merge(b);
        a
    }

    fn few() -> impl Strategy<Value = Vec<u32>> {
        proptest::collection::vec(0_u32..90, 0..80)
    }

    /// A few frequent values among many rare ones.
    fn many() -> impl Strategy<Value = Vec<u32>> {
        proptest::collection::vec(prop_oneof![0_u32..5, 0_u32..2_000], 0..500)
    }

    proptest! {
        #[test]
        fn while_all_values_have_a_place_merging_is_exact(a in few(), b in few(), c in few()) {
            let (x, y, z) = (of(&a), of(&b), of(&c));
            prop_assert_eq!(merged(x.clone(), &y), merged(y.clone(), &x));
            prop_assert_eq!(merged(merged(x.clone(), &y), &z), merged(x.clone(), &merged(y.clone(), &z)));
            prop_assert_eq!(merged(x.clone(), &Breakdown::default()), x.clone());
            let all: Vec<u32> = a.iter().chain(&b).copied().collect();
            prop_assert_eq!(merged(x, &y), of(&all));
        }

        #[test]
        fn beyond_that_every_count_keeps_its_bound_however_it_is_merged(parts in proptest::collection::vec(many(), 1..6), left: bool) {
            let sketches: Vec<Breakdown> = parts.iter().map(|part| of(part)).collect();
            let whole = if left {
                sketches.iter().fold(Breakdown::default(), merged)
            } else {
                sketches.iter().rev().fold(Breakdown::default(), |sum, part| merged(part.clone(), &sum))
            };
            let mut exact: LiteMap<String, u64> = LiteMap::new();
            for value in parts.iter().flatten() {
                *exact.entry(format!("v{value}")).or_default() += 1;
            }
            prop_assert_eq!(whole.total(), exact.values().sum::<u64>());
            prop_assert!(whole.values().count() <= BREAKDOWN_VALUES);
            prop_assert!(whole.error() * (BREAKDOWN_VALUES as u64 + 1) <= whole.other());
            let kept: LiteMap<&str, u64> = whole.values().collect();
            for (value, count) in &exact {
                let low = kept.get(value.as_str()).copied().unwrap_or(0);
                prop_assert!(low <= *count && *count <= low + whole.error(), "{value}: {low} for {count} ± {}", whole.error());
            }
            let lost = exact.len() as u64 - kept.len() as u64;
            prop_assert!(whole.other_values().abs_diff(lost) <= exact.len() as u64 / 8, "{} for {lost}", whole.other_values());
        }

        #[test]
        fn it_survives_its_bytes(values in many()) {
            let breakdown = of(&values);
            let mut writer = Writer::default();
            breakdown.write(&mut writer);
            prop_assert_eq!(Breakdown::read(&mut Reader(&writer.0)), Ok(breakdown));
        }
    }
}

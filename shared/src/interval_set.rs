//! A set of whole numbers kept as disjoint intervals: like a TCP window, small however many numbers it holds.

use serde::{Deserialize, Serialize};

use crate::codec::{Malformed, Reader, Writer};

/// Sorted, disjoint, non-adjacent closed intervals. Written as `[[1,17],[19,19]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntervalSet(Vec<(u64, u64)>);

impl IntervalSet {
    /// The intervals, in order.
    pub fn intervals(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// Whether the set holds `number`.
    pub fn contains(&self, number: u64) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= number);
        after > 0 && self.0[after - 1].1 >= number
    }

    /// Whether adding `number` would open one more interval.
    pub fn would_open_interval(&self, number: u64) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= number);
        let joins_left = after > 0 && self.0[after - 1].1.saturating_add(1) >= number;
        let joins_right = self
            .0
            .get(after)
            .is_some_and(|&(first, _)| first == number.saturating_add(1));
        !joins_left && !joins_right
    }

    /// Adds `number`; false if it was there.
    pub fn insert(&mut self, number: u64) -> bool {
        let after = self.0.partition_point(|&(first, _)| first <= number);
        if after > 0 && self.0[after - 1].1 >= number {
            return false;
        }
        let joins_left = after > 0 && self.0[after - 1].1 + 1 == number;
        let joins_right = self
            .0
            .get(after)
            .is_some_and(|&(first, _)| first == number.saturating_add(1));
        match (joins_left, joins_right) {
            (true, true) => {
                self.0[after - 1].1 = self.0[after].1;
                self.0.remove(after);
            }
            (true, false) => self.0[after - 1].1 = number,
            (false, true) => self.0[after].0 = number,
            (false, false) => self.0.insert(after, (number, number)),
        }
        true
    }

    /// Writes the intervals as distances and lengths.
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.length(self.0.len());
        let mut free = 0;
        for (first, last) in &self.0 {
            writer.number(first - free);
            writer.number(last - first);
            // Another interval begins two further on at least.
            free = last.saturating_add(2);
        }
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = reader.length()?;
        let mut free: u64 = 0;
        let mut intervals = Vec::with_capacity(count);
        for place in 0..count {
            let first = free.checked_add(reader.number()?).ok_or(Malformed)?;
            let last = first.checked_add(reader.number()?).ok_or(Malformed)?;
            intervals.push((first, last));
            free = match last.checked_add(2) {
                Some(free) => free,
                None if place + 1 == count => 0,
                None => return Err(Malformed),
            };
        }
        Ok(Self(intervals))
    }

    /// How many numbers the set holds.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_a_plain_set_holds(numbers in proptest::collection::vec(0_u64..60, 0..200)) {
            let mut intervals = IntervalSet::default();
            let mut plain = BTreeSet::new();
            for number in numbers {
                let opens = intervals.would_open_interval(number) && !intervals.contains(number);
                let before = intervals.intervals().len();
                prop_assert_eq!(intervals.insert(number), plain.insert(number));
                prop_assert_eq!(intervals.intervals().len() > before, opens);
            }
            prop_assert_eq!(intervals.count(), plain.len() as u64);
            for number in 0..60 {
                prop_assert_eq!(intervals.contains(number), plain.contains(&number));
            }
            for pair in intervals.intervals().windows(2) {
                prop_assert!(pair[0].1 + 1 < pair[1].0, "intervals touch: {:?}", pair);
            }
        }
    }

    #[test]
    fn numbers_at_the_end_of_the_range_do_not_overflow() {
        let mut set = IntervalSet::default();
        assert!(set.insert(u64::MAX));
        assert!(!set.insert(u64::MAX));
        assert!(set.insert(u64::MAX - 1));
        assert_eq!(set.intervals(), [(u64::MAX - 1, u64::MAX)]);
    }
}

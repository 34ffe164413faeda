//! What a shard remembers of one producer: which seqs it has stored, and which it has judged.

use serde::{Deserialize, Serialize};

use crate::codec::{Malformed, Reader, Writer};
use crate::interval_set::IntervalSet;
use crate::limits::WINDOW_INTERVALS;

/// Two interval sets, small however many items the producer sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeqWindow {
    /// Seqs whose item is in the log: a repeat is a duplicate.
    #[serde(rename = "s")]
    pub stored: IntervalSet,
    /// Seqs that got an answer, stored or rejected: what is missing here once the window expires was lost.
    #[serde(rename = "j")]
    pub judged: IntervalSet,
}

/// What became of an item that passed validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// New: it is to be stored.
    New,
    /// Stored before.
    Duplicate,
    /// It would open more intervals than a window may keep.
    Gap,
}

impl SeqWindow {
    /// Takes a valid item's seq into the window.
    pub fn admit(&mut self, seq: u64) -> Admission {
        if self.stored.contains(seq) {
            return Admission::Duplicate;
        }
        if is_full_for(&self.stored, seq) || (!self.judged.contains(seq) && is_full_for(&self.judged, seq)) {
            return Admission::Gap;
        }
        self.stored.insert(seq);
        self.judged.insert(seq);
        Admission::New
    }

    /// How many seqs below the highest never got an answer.
    pub fn missing(&self) -> u64 {
        let highest = self.judged.intervals().last().map_or(0, |&(_, last)| last);
        highest - self.judged.count()
    }

    /// The window as few bytes: nearly every one is a single interval, and the same twice.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        self.stored.write(&mut writer);
        if self.judged != self.stored {
            self.judged.write(&mut writer);
        }
        writer.0
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader(bytes);
        let stored = IntervalSet::read(&mut reader)?;
        let judged = match reader.end() {
            Ok(()) => stored.clone(),
            Err(_) => IntervalSet::read(&mut reader)?,
        };
        reader.end()?;
        Ok(Self { stored, judged })
    }

    /// Remembers that a seq was answered with a rejection. A full set forgets it: the answer does not depend on it.
    pub fn note_rejected(&mut self, seq: u64) {
        if !is_full_for(&self.judged, seq) {
            self.judged.insert(seq);
        }
    }
}

fn is_full_for(set: &IntervalSet, seq: u64) -> bool {
    set.intervals().len() >= WINDOW_INTERVALS && set.would_open_interval(seq)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_repeat_is_a_duplicate() {
        let mut window = SeqWindow::default();
        assert_eq!(window.admit(5), Admission::New);
        assert_eq!(window.admit(5), Admission::Duplicate);
    }

    #[test]
    fn a_rejected_item_may_come_again_corrected() {
        let mut window = SeqWindow::default();
        window.note_rejected(5);
        assert_eq!(window.admit(5), Admission::New);
    }

    #[test]
    fn what_was_never_answered_below_the_highest_seq_is_missing() {
        let mut window = SeqWindow::default();
        assert_eq!(window.missing(), 0);
        window.admit(3);
        window.note_rejected(5);
        assert_eq!(window.missing(), 3);
        window.admit(1);
        assert_eq!(window.missing(), 2);
    }

    #[test]
    fn the_65th_interval_is_refused_and_filling_a_gap_is_not() {
        let mut window = SeqWindow::default();
        for n in 0..64 {
            assert_eq!(window.admit(n * 2), Admission::New);
        }
        assert_eq!(window.admit(1_000), Admission::Gap);
        assert_eq!(window.admit(127), Admission::New);
        assert_eq!(window.admit(1), Admission::New);
        assert_eq!(window.admit(1_000), Admission::New);
    }

    proptest! {
        #[test]
        fn bytes_hold_all_of_a_window(
            stored in proptest::collection::vec(any::<u64>(), 0..90), rejected in proptest::collection::vec(0_u64..99, 0..9)
        ) {
            let mut window = SeqWindow::default();
            for seq in stored {
                window.admit(seq);
            }
            for seq in rejected {
                window.note_rejected(seq);
            }
            prop_assert_eq!(SeqWindow::from_bytes(&window.to_bytes()), Ok(window));
        }

        #[test]
        fn nothing_is_admitted_twice_in_any_order(seqs in proptest::collection::vec(0_u64..300, 0..400)) {
            let mut window = SeqWindow::default();
            let mut admitted = std::collections::BTreeSet::new();
            for seq in seqs {
                match window.admit(seq) {
                    Admission::New => prop_assert!(admitted.insert(seq)),
                    Admission::Duplicate => prop_assert!(admitted.contains(&seq)),
                    Admission::Gap => prop_assert!(!admitted.contains(&seq)),
                }
            }
        }
    }
}

//! How feedback gets from a shard's log into the project object: as ranges of the log, each item once.

use hearback_shared::item::StoredItem;
use hearback_shared::query::FeedbackRow;
use serde::{Deserialize, Serialize};

use super::quarantine;

/// A range of a shard's log, of which only the feedback is sent along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRange {
    /// Which shard's log.
    pub shard: u32,
    /// The range starts after this position: what the shard believes the project has.
    pub after: u64,
    /// Position of the last item in the range.
    pub last: u64,
    /// Position and line of each piece of feedback in it, in order.
    pub lines: Vec<(u64, String)>,
}

/// The project's answer: how far it has this shard's log now. A shard that believed otherwise goes back to there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedAnswer {
    /// Position of the last item that the project has.
    pub cursor: u64,
}

/// What the project does with a range, given its own cursor for that shard.
#[derive(Clone, Debug, PartialEq)]
pub enum Absorb {
    /// It has all of it already, or something before it is missing: nothing changes, the cursor is the answer.
    Nothing,
    /// Rows to add, with the cursor to write in the same transaction.
    Rows {
        /// In the order of the log.
        rows: Vec<FeedbackRow>,
        /// The cursor after them.
        cursor: u64,
    },
}

/// Takes from a range what is new.
pub fn absorb(range: &FeedRange, cursor: u64) -> Absorb {
    if range.last <= cursor || range.after > cursor {
        return Absorb::Nothing;
    }
    let rows = range
        .lines
        .iter()
        .filter(|(position, _)| *position > cursor)
        .filter_map(|(_, line)| {
            serde_json::from_str::<StoredItem>(line).ok().and_then(|item| {
                let quarantine = quarantine::reasons(&item);
                FeedbackRow::of(item).map(|row| FeedbackRow { quarantine, ..row })
            })
        })
        .collect();
    Absorb::Rows {
        rows,
        cursor: range.last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(after: u64, last: u64, positions: &[u64]) -> FeedRange {
        let line = |n: u64| {
            format!(
                r#"{{"id":"p-{n}","project":"demo","at":1,"client_at":1,"received_at":1,"context":{{}},"type":"feedback","kind":"idea","text":"t{n}"}}"#
            )
        };
        FeedRange {
            shard: 0,
            after,
            last,
            lines: positions.iter().map(|n| (*n, line(*n))).collect(),
        }
    }

    fn ids(absorb: &Absorb) -> Vec<&str> {
        match absorb {
            Absorb::Nothing => vec![],
            Absorb::Rows { rows, .. } => rows.iter().map(|row| row.id.as_str()).collect(),
        }
    }

    #[test]
    fn a_range_that_was_absorbed_before_adds_nothing() {
        assert_eq!(absorb(&range(0, 5, &[2, 5]), 5), Absorb::Nothing);
    }

    #[test]
    fn of_an_overlapping_range_only_the_new_part_is_taken() {
        let taken = absorb(&range(0, 9, &[2, 5, 8]), 5);
        assert_eq!(ids(&taken), ["p-8"]);
        assert!(matches!(taken, Absorb::Rows { cursor: 9, .. }));
    }

    #[test]
    fn a_range_with_a_hole_before_it_is_not_taken() {
        assert_eq!(absorb(&range(7, 9, &[8]), 5), Absorb::Nothing);
    }
}

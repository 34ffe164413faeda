//! The one write path of a shard: drop what was delivered before, append the rest, answer.

use std::collections::BTreeMap;

use hearback_shared::UnixMillis;
use hearback_shared::producer::Producer;
use hearback_shared::rejection::{Rejection, RejectionCode};
use hearback_shared::window::{Admission, SeqWindow};
use serde::{Deserialize, Serialize};

/// What the edge asks a shard to do with one batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Append {
    /// The page that sent the batch.
    pub producer: Producer,
    /// Its items that have a seq, in order.
    pub items: Vec<AppendItem>,
}

impl Append {
    /// Whether any of its items is for the project object.
    pub fn has_feedback(&self) -> bool {
        let is_feedback = |item: &AppendItem| {
            matches!(
                item,
                AppendItem::Store {
                    is_feedback: true,
                    ..
                }
            )
        };
        self.items.iter().any(is_feedback)
    }
}

/// One item of an [`Append`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppendItem {
    /// A valid item.
    #[serde(rename = "s")]
    Store {
        /// Its number within its producer.
        #[serde(rename = "n")]
        seq: u64,
        /// Whether the project object wants it.
        #[serde(rename = "f")]
        is_feedback: bool,
        /// The item as one line of JSON.
        #[serde(rename = "l")]
        line: String,
    },
    /// An item the edge refused: its seq counts as answered, so that its absence is no gap.
    #[serde(rename = "r")]
    Refused {
        /// Its number within its producer.
        #[serde(rename = "n")]
        seq: u64,
    },
}

/// What became of a valid item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is in the log now.
    #[serde(rename = "s")]
    Stored,
    /// It was in the log before.
    #[serde(rename = "d")]
    Duplicate,
    /// Its window has no room for another gap.
    #[serde(rename = "g")]
    Gap,
}

impl Outcome {
    /// The rejection that [`Outcome::Gap`] stands for.
    pub fn gap_rejection() -> Rejection {
        let message = "Too many gaps between this page's seqs: send items in order or start a new producer";
        Rejection::field(RejectionCode::SeqGap, "seq", message)
    }
}

/// Bytes of lines after which a commit starts another row: well under the 2 MB that a stored value may have.
pub const ROW_BYTES: usize = 512 * 1024;

/// One row of the log: a contiguous range of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// Position of the first item, from 1: positions count items, not rows.
    pub first: u64,
    /// How many items.
    pub count: u64,
    /// When the row was committed.
    pub at: UnixMillis,
    /// The items, one line each, each with its `\n`.
    pub lines: String,
    /// Whether any is feedback.
    pub has_feedback: bool,
    /// The windows after this commit, of the producers it changed; on its last row.
    pub windows: BTreeMap<Producer, SeqWindow>,
}

impl LogRow {
    /// Position of the last item.
    pub fn last(&self) -> u64 {
        self.first + self.count - 1
    }
}

/// The outcome of appending a group of batches: what to write, and what to answer each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Rows to write in one transaction. Empty where everything was a repeat.
    pub rows: Vec<LogRow>,
    /// Outcomes of the valid items of each batch, in order.
    pub outcomes: Vec<Vec<Outcome>>,
    /// The windows that are other than before. Where no row is written they are to be forgotten too: a producer that
    /// sends nothing but junk leaves no trace.
    pub changed: BTreeMap<Producer, SeqWindow>,
}

/// Appends a group of batches after position `head`. `windows` holds the window of each producer that takes part.
pub fn group(
    group: &[Append],
    mut windows: BTreeMap<Producer, SeqWindow>,
    head: u64,
    now: UnixMillis,
) -> Commit {
    let mut rows = Rows {
        done: Vec::new(),
        head,
        now,
    };
    let mut changed = BTreeMap::new();
    let mut outcomes = Vec::with_capacity(group.len());
    for batch in group {
        let window = windows.entry(batch.producer).or_default();
        let before = window.clone();
        outcomes.push(
            batch
                .items
                .iter()
                .filter_map(|item| rows.take(window, item))
                .collect(),
        );
        if *window != before {
            changed.insert(batch.producer, window.clone());
        }
    }
    let mut rows = rows.done;
    // Without a row there were only repeats and refusals. Forgetting that a seq was refused costs a false gap.
    if let Some(last) = rows.last_mut() {
        last.windows.clone_from(&changed);
    }
    Commit {
        rows,
        outcomes,
        changed,
    }
}

struct Rows {
    done: Vec<LogRow>,
    head: u64,
    now: UnixMillis,
}

impl Rows {
    fn take(&mut self, window: &mut SeqWindow, item: &AppendItem) -> Option<Outcome> {
        match item {
            AppendItem::Refused { seq } => {
                window.note_rejected(*seq);
                None
            }
            AppendItem::Store {
                seq,
                is_feedback,
                line,
            } => Some(match window.admit(*seq) {
                Admission::New => {
                    self.push(line, *is_feedback);
                    Outcome::Stored
                }
                Admission::Duplicate => Outcome::Duplicate,
                Admission::Gap => Outcome::Gap,
            }),
        }
    }

    fn push(&mut self, line: &str, is_feedback: bool) {
        let is_full = self
            .done
            .last()
            .is_none_or(|row| row.lines.len() + line.len() >= ROW_BYTES);
        if is_full {
            self.done.push(LogRow {
                first: self.head + 1,
                count: 0,
                at: self.now,
                lines: String::new(),
                has_feedback: false,
                windows: BTreeMap::new(),
            });
        }
        let row = self.done.last_mut().expect("a row was pushed");
        row.lines.push_str(line);
        row.lines.push('\n');
        row.count += 1;
        row.has_feedback |= is_feedback;
        self.head += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn producer(n: u8) -> Producer {
        Producer::from_bytes([n; 16])
    }

    fn batch(n: u8, seqs: impl IntoIterator<Item = u64>) -> Append {
        let item = |seq| AppendItem::Store {
            seq,
            is_feedback: seq % 5 == 0,
            line: format!("{n}-{seq}"),
        };
        Append {
            producer: producer(n),
            items: seqs.into_iter().map(item).collect(),
        }
    }

    #[test]
    fn requests_that_arrive_together_share_one_row_and_keep_their_own_answers() {
        let commit = group(
            &[batch(1, 1..=2), batch(2, 1..=1), batch(1, 2..=3)],
            BTreeMap::new(),
            10,
            7,
        );
        assert_eq!(
            commit.outcomes,
            [
                vec![Outcome::Stored; 2],
                vec![Outcome::Stored],
                vec![Outcome::Duplicate, Outcome::Stored]
            ]
        );
        let [row] = commit.rows.as_slice() else {
            panic!("one row")
        };
        assert_eq!(
            (row.first, row.last(), row.lines.as_str()),
            (11, 14, "1-1\n1-2\n2-1\n1-3\n")
        );
        assert_eq!(row.windows.len(), 2);
    }

    #[test]
    fn a_repeat_writes_nothing() {
        let first = group(&[batch(1, 1..=3)], BTreeMap::new(), 0, 7);
        let again = group(&[batch(1, 1..=3)], first.changed, 3, 8);
        assert_eq!(
            (again.rows, again.outcomes),
            (vec![], vec![vec![Outcome::Duplicate; 3]])
        );
    }

    #[test]
    fn a_refused_seq_is_no_gap() {
        let refused = Append {
            producer: producer(1),
            items: vec![AppendItem::Refused { seq: 2 }],
        };
        let commit = group(&[batch(1, [1, 3]), refused], BTreeMap::new(), 0, 7);
        assert_eq!(commit.changed[&producer(1)].judged.intervals(), [(1, 3)]);
        assert_eq!(commit.changed[&producer(1)].stored.intervals(), [(1, 1), (3, 3)]);
    }

    #[test]
    fn a_large_group_is_cut_into_rows_that_storage_can_keep() {
        let line = "x".repeat(200 * 1024);
        let items = (1..=5)
            .map(|seq| AppendItem::Store {
                seq,
                is_feedback: false,
                line: line.clone(),
            })
            .collect();
        let commit = group(
            &[Append {
                producer: producer(1),
                items,
            }],
            BTreeMap::new(),
            0,
            7,
        );
        assert_eq!(
            commit
                .rows
                .iter()
                .map(|row| (row.first, row.count))
                .collect::<Vec<_>>(),
            [(1, 2), (3, 2), (5, 1)]
        );
        assert!(commit.rows.iter().all(|row| row.lines.len() <= ROW_BYTES));
    }

    proptest! {
        #[test]
        fn whatever_is_sent_again_in_whatever_order_is_stored_once(
            batches in proptest::collection::vec((1_u8..4, 1_u64..40, 1_u64..12), 1..60),
            cuts in proptest::collection::vec(1_usize..6, 1..60),
        ) {
            let batches: Vec<Append> = batches.into_iter().map(|(n, from, len)| batch(n, from..from + len)).collect();
            let (mut windows, mut head, mut lines) = (BTreeMap::new(), 0, Vec::new());
            let mut rest = batches.as_slice();
            for cut in cuts.into_iter().cycle() {
                if rest.is_empty() { break }
                let (now, later) = rest.split_at(cut.min(rest.len()));
                let commit = group(now, windows.clone(), head, 7);
                for row in &commit.rows {
                    prop_assert_eq!(row.first, head + 1);
                    prop_assert_eq!(row.lines.lines().count() as u64, row.count);
                    head = row.last();
                    lines.extend(row.lines.lines().map(str::to_owned));
                }
                windows.extend(commit.changed);
                rest = later;
            }
            let sent: std::collections::BTreeSet<String> = batches.iter()
                .flat_map(|batch| batch.items.iter())
                .map(|item| match item { AppendItem::Store { line, .. } => line.clone(), AppendItem::Refused { .. } => unreachable!() })
                .collect();
            lines.sort();
            prop_assert_eq!(lines, sent.into_iter().collect::<Vec<_>>());
        }
    }
}

//! The one write path of a shard: drop what was delivered before, append the rest, answer.

use std::collections::{BTreeMap, BTreeSet};

use hearback_shared::UnixMillis;
use hearback_shared::ledger::Tally;
use hearback_shared::producer::Producer;
use hearback_shared::rejection::{Rejection, RejectionCode};
use hearback_shared::window::{Admission, SeqWindow};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

/// What the edge asks a shard to do with one batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Append {
    /// The page that sent the batch; none for a client without seqs.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub producer: Option<Producer>,
    /// Items that the edge counted before judging them, less those it answers `retry` itself.
    #[serde(rename = "n")]
    pub received: u64,
    /// What the edge counted apart since its last append, by reason.
    #[serde(rename = "x", default, skip_serializing_if = "LiteMap::is_empty")]
    pub apart: LiteMap<String, u64>,
    /// Items that this shard may store in an hour; none for no bound.
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<u64>,
    /// The items, in order.
    #[serde(rename = "i")]
    pub items: Vec<AppendItem>,
}

impl Append {
    /// Whether any of its items is for the project object.
    pub fn has_feedback(&self) -> bool {
        self.items.iter().any(AppendItem::is_feedback)
    }

    /// Bytes that its lines take in the log.
    pub fn bytes(&self) -> usize {
        self.items.iter().map(AppendItem::bytes).sum()
    }

    /// Ids of its items without seqs.
    pub fn message_ids(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| match item {
            AppendItem::Message { id, .. } => Some(id.as_str()),
            _ => None,
        })
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
    /// A valid item of a client without seqs.
    #[serde(rename = "m")]
    Message {
        /// The item's id, the same however often it is sent.
        #[serde(rename = "i")]
        id: String,
        /// Whether the project object wants it.
        #[serde(rename = "f")]
        is_feedback: bool,
        /// The item as one line of JSON.
        #[serde(rename = "l")]
        line: String,
    },
    /// An item the edge refused. Its seq counts as answered, so that its absence is no gap.
    #[serde(rename = "r")]
    Refused {
        /// Its number within its producer, where that could be read.
        #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        /// Why, for the ledger.
        #[serde(rename = "c")]
        code: RejectionCode,
    },
}

impl AppendItem {
    /// Whether it is to be stored.
    pub fn is_valid(&self) -> bool {
        !matches!(self, Self::Refused { .. })
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Store { line, .. } | Self::Message { line, .. } => line.len() + 1,
            Self::Refused { .. } => 0,
        }
    }

    /// Whether the project object wants it.
    pub fn is_feedback(&self) -> bool {
        match self {
            Self::Store { is_feedback, .. } | Self::Message { is_feedback, .. } => *is_feedback,
            Self::Refused { .. } => false,
        }
    }
}

/// What a shard answers to an [`Append`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppendAnswer {
    /// Outcomes of the valid items, in order.
    #[serde(rename = "o")]
    Done(Vec<Outcome>),
    /// The project has more shards by now: ask the one that this producer belongs to under this count.
    #[serde(rename = "m")]
    Moved(u32),
    /// The project's quota for this hour is used up: nothing was stored. Seconds until the next.
    #[serde(rename = "q")]
    Full(u64),
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
    /// What became of all items of the commit; on its last row.
    pub tally: Tally,
}

impl LogRow {
    /// Position of the last item.
    pub fn last(&self) -> u64 {
        self.first + self.count - 1
    }
}

/// What a shard knows before a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The window of each producer that takes part.
    pub windows: BTreeMap<Producer, SeqWindow>,
    /// Which of the ids that take part are in the log.
    pub messages: BTreeSet<String>,
    /// Position of the last item of the log.
    pub head: u64,
}

/// The outcome of appending a group of batches: what to write, and what to answer each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Rows to write in one transaction. Empty where everything was a repeat or refused.
    pub rows: Vec<LogRow>,
    /// Outcomes of the valid items of each batch, in order.
    pub outcomes: Vec<Vec<Outcome>>,
    /// The windows that are other than before. Where no row is written they are to be forgotten too: a producer that
    /// sends nothing but junk leaves no trace.
    pub changed: BTreeMap<Producer, SeqWindow>,
    /// Ids of clients without seqs that are in the log now, to write in the same transaction.
    pub messages: Vec<String>,
    /// What became of all items. It is in the last row; where there is none, it has to be written to the ledger.
    pub tally: Tally,
}

/// Appends a group of batches.
pub fn group(group: &[Append], known: Known, now: UnixMillis) -> Commit {
    let Known {
        mut windows,
        messages,
        head,
    } = known;
    let mut log = Log {
        rows: Vec::new(),
        head,
        now,
        known: messages,
        messages: Vec::new(),
        tally: Tally::default(),
    };
    let mut changed = BTreeMap::new();
    let mut outcomes = Vec::with_capacity(group.len());
    for batch in group {
        log.count_batch(batch);
        let mut none = SeqWindow::default();
        let window = batch
            .producer
            .map_or(&mut none, |producer| windows.entry(producer).or_default());
        let before = window.clone();
        outcomes.push(
            batch
                .items
                .iter()
                .filter_map(|item| log.take(window, item))
                .collect(),
        );
        if let Some(producer) = batch.producer.filter(|_| *window != before) {
            changed.insert(producer, window.clone());
        }
    }
    let Log {
        mut rows,
        messages,
        tally,
        ..
    } = log;
    // Without a row there were only repeats and refusals. Forgetting that a seq was refused costs a false gap.
    if let Some(last) = rows.last_mut() {
        last.windows.clone_from(&changed);
        last.tally.clone_from(&tally);
    }
    Commit {
        rows,
        outcomes,
        changed,
        messages,
        tally,
    }
}

/// The end of the log while a group is appended to it.
struct Log {
    rows: Vec<LogRow>,
    head: u64,
    now: UnixMillis,
    known: BTreeSet<String>,
    messages: Vec<String>,
    tally: Tally,
}

impl Log {
    fn count_batch(&mut self, batch: &Append) {
        self.tally.received += batch.received;
        for (reason, count) in &batch.apart {
            *self.tally.apart.entry(reason.clone()).or_default() += count;
        }
    }

    fn take(&mut self, window: &mut SeqWindow, item: &AppendItem) -> Option<Outcome> {
        let outcome = match item {
            AppendItem::Refused { seq, code } => {
                if let Some(seq) = seq {
                    window.note_rejected(*seq);
                }
                self.count_refusal(*code);
                return None;
            }
            AppendItem::Store {
                seq,
                is_feedback,
                line,
            } => match window.admit(*seq) {
                Admission::New => self.push(line, *is_feedback),
                Admission::Duplicate => Outcome::Duplicate,
                Admission::Gap => Outcome::Gap,
            },
            AppendItem::Message {
                id,
                is_feedback,
                line,
            } => {
                if self.known.insert(id.clone()) {
                    self.messages.push(id.clone());
                    self.push(line, *is_feedback)
                } else {
                    Outcome::Duplicate
                }
            }
        };
        match outcome {
            Outcome::Stored => self.tally.accepted += 1,
            Outcome::Duplicate => self.tally.duplicate += 1,
            Outcome::Gap => self.count_refusal(RejectionCode::SeqGap),
        }
        Some(outcome)
    }

    fn count_refusal(&mut self, code: RejectionCode) {
        *self.tally.rejected.entry(code.as_str().to_owned()).or_default() += 1;
    }

    fn push(&mut self, line: &str, is_feedback: bool) -> Outcome {
        let is_full = self
            .rows
            .last()
            .is_none_or(|row| row.lines.len() + line.len() >= ROW_BYTES);
        if is_full {
            self.rows.push(LogRow {
                first: self.head + 1,
                count: 0,
                at: self.now,
                lines: String::new(),
                has_feedback: false,
                windows: BTreeMap::new(),
                tally: Tally::default(),
            });
        }
        let row = self.rows.last_mut().expect("a row was pushed");
        row.lines.push_str(line);
        row.lines.push('\n');
        row.count += 1;
        row.has_feedback |= is_feedback;
        self.head += 1;
        Outcome::Stored
    }
}

#[cfg(test)]
mod tests;

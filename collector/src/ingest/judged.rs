//! A batch after judging: what shards are asked to do with it, and what its sender is told.

use litemap::LiteMap;

use hearback_shared::item::{ItemBody, ItemKey};
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::project::ProjectId;
use hearback_shared::validate::{Judged, JudgedItem};
use hearback_shared::wire::{IngestAnswer, ItemResult, Status};

use crate::objects::append::{Append, AppendItem, Outcome};
use crate::signing::SigningKeys;

/// A batch that was judged: some of it is refused already, the rest goes to its shards.
#[derive(Debug)]
pub struct JudgedBatch {
    /// The tenant, from the key.
    pub project: ProjectId,
    producer: Option<Producer>,
    items: Vec<Judged>,
}

impl JudgedBatch {
    pub(super) fn new(project: ProjectId, producer: Option<Producer>, items: Vec<Judged>) -> Self {
        Self {
            project,
            producer,
            items,
        }
    }

    /// A batch of one item that did not come as JSON.
    pub fn of_one(project: ProjectId, producer: Producer, item: JudgedItem) -> Self {
        Self::new(project, Some(producer), vec![Judged::Item(item)])
    }

    /// What shards have to do: store what is valid, count what is not. Every line repeats the batch's context, so a small
    /// batch can become a large one; what goes beyond the limit is left out and answered `retry`. The lines go along: to be called once.
    pub fn append(&mut self) -> Append {
        let (mut items, mut bytes) = (Vec::with_capacity(self.items.len()), 0);
        for item in &mut self.items {
            match item {
                Judged::Written { seq, line } => {
                    bytes += line.len();
                    if bytes > limits::STORED_BATCH_BYTES && !items.is_empty() {
                        break;
                    }
                    items.push(AppendItem::Store {
                        seq: *seq,
                        is_feedback: false,
                        line: std::mem::take(line),
                    });
                }
                Judged::Item(JudgedItem::Valid { key, item }) => {
                    let line = serde_json::to_string(item).expect("an item has only text keys");
                    bytes += line.len();
                    if bytes > limits::STORED_BATCH_BYTES && !items.is_empty() {
                        break;
                    }
                    let is_feedback = matches!(item.body, ItemBody::Feedback(_));
                    items.push(match key {
                        ItemKey::Seq(seq) => AppendItem::Store {
                            seq: *seq,
                            is_feedback,
                            line,
                        },
                        ItemKey::Message(_) => AppendItem::Message {
                            id: item.id.clone(),
                            is_feedback,
                            line,
                        },
                    });
                }
                Judged::Item(JudgedItem::Refused { key, rejection }) => {
                    // A seq that cannot be one has no place in a window.
                    let seq = key.as_ref().and_then(ItemKey::seq);
                    items.push(AppendItem::Refused {
                        seq: seq.filter(|seq| (1..=limits::SEQ_MAX).contains(seq)),
                        code: rejection.code,
                    });
                }
            }
        }
        Append {
            producer: self.producer,
            received: items.len() as u64,
            apart: LiteMap::new(),
            quota: None,
            items,
        }
    }

    /// How many items are answered `retry` although the shard did its part.
    pub fn left_out(&self, append: &Append) -> u64 {
        self.items.len() as u64 - append.received
    }

    /// The client's answer, given what became of the valid items in order. What no shard answered for, and what was left
    /// out, is `retry`.
    pub fn answer(&self, outcomes: &[Option<Outcome>], signing: &SigningKeys) -> IngestAnswer {
        let mut outcomes = outcomes.iter().copied();
        let mut next = || outcomes.next().flatten();
        let results = self.items.iter().enumerate().map(|(index, item)| match item {
            Judged::Written { seq, .. } => {
                let status = status_of(next(), || None);
                ItemResult::new(Some(&ItemKey::Seq(*seq)), index, status)
            }
            Judged::Item(JudgedItem::Valid { key, item }) => {
                let status = status_of(next(), || self.receipt(key, &item.body, signing));
                ItemResult::new(Some(key), index, status)
            }
            Judged::Item(JudgedItem::Refused { key, rejection }) => {
                ItemResult::new(key.as_ref(), index, Status::Rejected(rejection.clone()))
            }
        });
        IngestAnswer {
            results: results.collect(),
        }
    }

    /// With which the sender of feedback sees later what became of it.
    fn receipt(&self, key: &ItemKey, body: &ItemBody, signing: &SigningKeys) -> Option<String> {
        if !matches!(body, ItemBody::Feedback(_)) {
            return None;
        }
        match key {
            ItemKey::Seq(seq) => Some(signing.receipt(&self.project, &self.producer?, *seq)),
            ItemKey::Message(id) => Some(signing.message_receipt(&self.project, id)),
        }
    }
}

/// What the client is told of a valid item.
fn status_of(outcome: Option<Outcome>, receipt: impl FnOnce() -> Option<String>) -> Status {
    match outcome {
        Some(Outcome::Stored) => Status::Accepted { receipt: receipt() },
        Some(Outcome::Duplicate) => Status::Duplicate { receipt: receipt() },
        Some(Outcome::Gap) => Status::Rejected(Outcome::gap_rejection()),
        None => Status::Retry,
    }
}

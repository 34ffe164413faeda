//! The items that senders send, and what their lines say.

use hearback_collector::objects::append::{Append, AppendItem, LogRow};
use hearback_collector::objects::person::{Person, is_erased};
use hearback_shared::UnixMillis;
use hearback_shared::item::item_id;
use hearback_shared::producer::Producer;
use hearback_shared::rejection::RejectionCode;

use super::operations::Batch;

/// When every producer was born.
pub const START: UnixMillis = 1_795_000_000_000;

/// One item in so many is such that a sink refuses it for good.
const POISON_EACH: u64 = 7;

/// Whose items a producer's are.
pub fn person(producer: u8) -> Person {
    Person::User(format!("user-{producer}"))
}

impl Batch {
    /// The request.
    pub fn append(&self) -> Append {
        let producer = Producer::new(START, [self.producer; 12]);
        let mut items: Vec<AppendItem> = (self.from..self.from + self.len)
            .map(|seq| self.item(&producer, seq))
            .collect();
        if self.is_reversed {
            items.reverse();
        }
        Append {
            producer: Some(producer),
            received: items.len() as u64,
            apart: litemap::LiteMap::default(),
            quota: None,
            items,
        }
    }

    fn item(&self, producer: &Producer, seq: u64) -> AppendItem {
        if self.refused > 0 && seq.is_multiple_of(self.refused) {
            return AppendItem::Refused {
                seq: Some(seq),
                code: RejectionCode::NameInvalid,
            };
        }
        let is_feedback = seq.is_multiple_of(3);
        let user = format!("user-{}", self.producer);
        let body = if is_feedback {
            format!(r#""type":"feedback","kind":"idea","text":"t","contact":{{"email":"{user}"}}"#)
        } else {
            format!(r#""type":"event","name":"e","props":{{"user_id":"{user}"}}"#)
        };
        let id = item_id(producer, seq);
        let line = format!(
            r#"{{"id":"{id}","project":"demo","at":1,"client_at":1,"received_at":1,"context":{{}},{body}}}"#
        );
        AppendItem::Store {
            seq,
            is_feedback,
            line,
        }
    }
}

/// The seq of an item that is to be stored.
pub fn seq_to_store(item: &AppendItem) -> Option<u64> {
    match item {
        AppendItem::Store { seq, .. } => Some(*seq),
        AppendItem::Message { .. } | AppendItem::Refused { .. } => None,
    }
}

/// Position and line of each piece of feedback in a row.
pub fn feedback_of(row: &LogRow) -> Vec<(u64, String)> {
    let lines = (row.first..).zip(row.lines.lines());
    lines
        .filter(|(_, line)| line.contains(r#""type":"feedback""#))
        .map(|(at, line)| (at, line.to_owned()))
        .collect()
}

/// The id in a line: its first value, but for the mark of an erasure.
pub fn id_of(line: &str) -> &str {
    let place = if is_erased(line) { 5 } else { 3 };
    line.split('"').nth(place).unwrap_or_default()
}

/// Whether a sink refuses a line for good.
pub fn is_poison(line: &str) -> bool {
    let id = id_of(line);
    let seq: Option<u64> = id.rsplit('-').next().and_then(|seq| seq.parse().ok());
    !id.starts_with("erasure-") && seq.is_some_and(|seq| seq.is_multiple_of(POISON_EACH))
}

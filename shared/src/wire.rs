//! What goes over the wire between a page and the edge, version 1.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::UnixMillis;
use crate::item::{Context, ItemKey, MessageId};
use crate::rejection::Rejection;
use crate::settings::Mistake;

/// The body of `POST /v1/ingest`, its items not yet decoded: each is judged alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawBatch<'a> {
    /// The project's public write-only key, `pk_…`.
    pub key: String,
    /// The page that made the items and numbered them by `seq`; absent where items carry an `id` of their own.
    #[serde(default)]
    pub producer: Option<String>,
    /// When the batch was sent, by the visitor's clock.
    pub sent_at: UnixMillis,
    /// Where and in what the items arose.
    #[serde(default)]
    pub context: Option<Context>,
    /// The items.
    #[serde(borrow)]
    pub items: Vec<&'a RawValue>,
}

/// The answer to one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemResult {
    /// The item's seq, where it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The item's own id, where it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MessageId>,
    /// Position in the batch, from 0; given only where neither could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// What became of it.
    #[serde(flatten)]
    pub status: Status,
}

impl ItemResult {
    /// The answer to the item at `index` of its batch.
    pub fn new(key: Option<&ItemKey>, index: usize, status: Status) -> Self {
        Self {
            seq: key.and_then(ItemKey::seq),
            id: key.and_then(ItemKey::message).cloned(),
            index: key.is_none().then_some(index),
            status,
        }
    }

    /// The status, where there is nothing to say but it and a seq.
    fn plain_status(&self) -> Option<&'static str> {
        match (&self.status, &self.id, self.index) {
            (Status::Accepted { receipt: None }, None, None) => Some("accepted"),
            (Status::Duplicate { receipt: None }, None, None) => Some("duplicate"),
            _ => None,
        }
    }
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Status {
    /// It is durably stored.
    Accepted {
        /// With which the visitor sees later what became of their feedback. Feedback only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<String>,
    },
    /// It was stored before; sending it again changed nothing.
    Duplicate {
        /// The same receipt as the first time. Feedback only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<String>,
    },
    /// It will never be stored as it is.
    Rejected(Rejection),
    /// It could not be stored now; send it again.
    Retry,
}

/// The body of a `202` answer: one result for each item, in the batch's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IngestAnswer {
    /// One for each item.
    pub results: Vec<ItemResult>,
}

impl IngestAnswer {
    /// The answer as JSON: what serde writes, without its machinery for the two answers that most items get.
    pub fn json(&self) -> String {
        let mut json = String::with_capacity(16 + self.results.len() * 40);
        json.push_str(r#"{"results":["#);
        for (index, result) in self.results.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            match (result.seq, result.plain_status()) {
                (Some(seq), Some(status)) => write!(json, r#"{{"seq":{seq},"status":"{status}"}}"#)
                    .expect("writing to a String does not fail"),
                _ => json.push_str(&serde_json::to_string(result).expect("only text keys")),
            }
        }
        json.push_str("]}");
        json
    }
}

/// A whole-request error, RFC 9457.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable name, `urn:hearback:problem:…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong in this request and what to do next.
    pub detail: String,
    /// Each mistake with its path, where a document was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<Mistake>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rejection::RejectionCode;

    #[test]
    fn an_answer_is_written_by_hand_as_serde_writes_it() {
        let receipt = Some("rcp_a".to_owned());
        let statuses = [
            Status::Accepted { receipt: None },
            Status::Accepted {
                receipt: receipt.clone(),
            },
            Status::Duplicate { receipt: None },
            Status::Duplicate { receipt },
            Status::Rejected(Rejection::field(RejectionCode::SeqGap, "seq", "gap")),
            Status::Retry,
        ];
        let keys = [
            None,
            Some(ItemKey::Seq(7)),
            Some(ItemKey::Message("a".parse().expect("an id"))),
        ];
        let results = statuses.iter().flat_map(|status| {
            keys.iter()
                .map(|key| ItemResult::new(key.as_ref(), 3, status.clone()))
        });
        let answer = IngestAnswer {
            results: results.collect(),
        };
        assert_eq!(answer.json(), serde_json::to_string(&answer).expect("JSON"));
        let none = IngestAnswer { results: vec![] };
        assert_eq!(none.json(), r#"{"results":[]}"#);
    }
}

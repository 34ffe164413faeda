//! An [`Append`] and its answer as they travel between the edge and a shard: a head of JSON in one line, then each
//! item in a line of its own. The items' lines are JSON already; as texts inside another JSON document every
//! quotation mark of theirs would be escaped here and unescaped there.

use litemap::LiteMap;
use std::fmt::Write;

use hearback_shared::producer::Producer;
use serde::{Deserialize, Serialize};

use super::append::{Append, AppendAnswer, AppendItem, Outcome};

/// What all items share.
#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    producer: Option<Producer>,
    #[serde(rename = "n")]
    received: u64,
    #[serde(rename = "x", default, skip_serializing_if = "LiteMap::is_empty")]
    apart: LiteMap<String, u64>,
    #[serde(rename = "q", default, skip_serializing_if = "Option::is_none")]
    quota: Option<u64>,
}

/// What is asked, as a text.
pub fn question(append: &Append) -> String {
    let lines: usize = append.items.iter().map(|item| line_of(item).len() + 16).sum();
    let mut text = String::with_capacity(lines + 128);
    let head = Head {
        producer: append.producer,
        received: append.received,
        apart: append.apart.clone(),
        quota: append.quota,
    };
    text.push_str(&json(&head));
    for item in &append.items {
        // A tag, what the item is told apart by, its line.
        match item {
            AppendItem::Store {
                seq,
                is_feedback: false,
                line,
            } => write!(text, "\ne{seq} {line}"),
            AppendItem::Store { seq, line, .. } => write!(text, "\nf{seq} {line}"),
            AppendItem::Message {
                id,
                is_feedback: false,
                line,
            } => write!(text, "\nm{id} {line}"),
            AppendItem::Message { id, line, .. } => write!(text, "\nw{id} {line}"),
            // Rare: as they are.
            refused @ AppendItem::Refused { .. } => write!(text, "\n-{}", json(refused)),
        }
        .expect("writing to a String does not fail");
    }
    text
}

fn line_of(item: &AppendItem) -> &str {
    match item {
        AppendItem::Store { line, .. } | AppendItem::Message { line, .. } => line,
        AppendItem::Refused { .. } => "",
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("only text keys")
}

/// Reads what [`question`] wrote.
pub fn read_question(text: &str) -> Option<Append> {
    let mut lines = text.split('\n');
    let head: Head = serde_json::from_str(lines.next()?).ok()?;
    let stored = |rest: &str, is_feedback: bool| {
        let (seq, line) = rest.split_once(' ')?;
        Some(AppendItem::Store {
            seq: seq.parse().ok()?,
            is_feedback,
            line: line.to_owned(),
        })
    };
    let message = |rest: &str, is_feedback: bool| {
        let (id, line) = rest.split_once(' ')?;
        Some(AppendItem::Message {
            id: id.to_owned(),
            is_feedback,
            line: line.to_owned(),
        })
    };
    let item = |line: &str| match line.split_at_checked(1)? {
        ("e", rest) => stored(rest, false),
        ("f", rest) => stored(rest, true),
        ("m", rest) => message(rest, false),
        ("w", rest) => message(rest, true),
        ("-", rest) => serde_json::from_str(rest).ok(),
        _ => None,
    };
    Some(Append {
        producer: head.producer,
        received: head.received,
        apart: head.apart,
        quota: head.quota,
        items: lines.map(item).collect::<Option<_>>()?,
    })
}

/// The answer, as a text: a letter for each outcome, `>` and the count of shards, or `!` and seconds.
pub fn answer(answer: &AppendAnswer) -> String {
    match answer {
        AppendAnswer::Done(outcomes) => outcomes
            .iter()
            .map(|outcome| match outcome {
                Outcome::Stored => 's',
                Outcome::Duplicate => 'd',
                Outcome::Gap => 'g',
            })
            .collect(),
        AppendAnswer::Moved(count) => format!(">{count}"),
        AppendAnswer::Full(wait_s) => format!("!{wait_s}"),
    }
}

/// Reads what [`answer`] wrote.
pub fn read_answer(text: &str) -> Option<AppendAnswer> {
    if let Some(count) = text.strip_prefix('>') {
        return count.parse().ok().map(AppendAnswer::Moved);
    }
    if let Some(wait_s) = text.strip_prefix('!') {
        return wait_s.parse().ok().map(AppendAnswer::Full);
    }
    let outcome = |letter: u8| match letter {
        b's' => Some(Outcome::Stored),
        b'd' => Some(Outcome::Duplicate),
        b'g' => Some(Outcome::Gap),
        _ => None,
    };
    text.bytes()
        .map(outcome)
        .collect::<Option<_>>()
        .map(AppendAnswer::Done)
}

#[cfg(test)]
mod tests {
    use hearback_shared::rejection::RejectionCode;
    use proptest::prelude::*;

    use super::*;

    fn item() -> impl Strategy<Value = AppendItem> {
        // A line is JSON, which escapes every line end.
        let line = "[^\n]{0,40}";
        prop_oneof![
            (any::<u64>(), any::<bool>(), line).prop_map(|(seq, is_feedback, line)| AppendItem::Store {
                seq,
                is_feedback,
                line
            }),
            ("[!-~]{1,9}", any::<bool>(), line).prop_map(|(id, is_feedback, line)| AppendItem::Message {
                id,
                is_feedback,
                line
            }),
            prop::option::of(any::<u64>()).prop_map(|seq| AppendItem::Refused {
                seq,
                code: RejectionCode::TooOld
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_asked_arrives(
            items in prop::collection::vec(item(), 0..6), producer in prop::option::of(any::<[u8; 16]>()),
            received in any::<u64>(), apart in prop::collection::btree_map("[a-z\n]{0,4}", any::<u64>(), 0..3),
            quota in prop::option::of(any::<u64>())
        ) {
            let append = Append { producer: producer.map(Producer::from_bytes), received, apart: apart.into_iter().collect(), quota, items };
            prop_assert_eq!(read_question(&question(&append)), Some(append));
        }
    }

    #[test]
    fn every_answer_arrives() {
        let done = AppendAnswer::Done(vec![Outcome::Stored, Outcome::Duplicate, Outcome::Gap]);
        for sent in [
            done,
            AppendAnswer::Done(vec![]),
            AppendAnswer::Moved(8),
            AppendAnswer::Full(60),
        ] {
            assert_eq!(read_answer(&answer(&sent)), Some(sent));
        }
        assert_eq!(read_answer("sx"), None);
        assert_eq!(read_question("{}\ne1"), None);
    }
}

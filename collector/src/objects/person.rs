//! What belongs to one person, for those who ask to see it or to have it erased.

use hearback_shared::item::{ItemBody, PropValue, StoredItem};
use serde::{Deserialize, Serialize};

/// Properties by which a team may name its own users in events.
const USER_PROPS: [&str; 2] = ["user_id", "user"];

/// How the id of a notice begins; that of no other item does.
const NOTICE: &str = "erasure-";

/// By what a person is known. `POST /api/v1/erase` takes exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Person {
    /// The visitor hash of one day.
    Visitor(String),
    /// The team's own name for a user (by `identify`, or `user_id` or `user` in an event's properties), or the e-mail
    /// address that somebody gave with their feedback.
    User(String),
    /// The receipt of one piece of feedback; at the edge it becomes that item's id.
    Receipt(String),
}

impl Person {
    /// Whether an item is theirs.
    pub fn owns(&self, item: &StoredItem) -> bool {
        match self {
            Self::Receipt(id) => item.id == *id,
            Self::Visitor(visitor) => item.edge.visitor.as_ref() == Some(visitor),
            Self::User(user) if item.edge.user.as_ref() == Some(user) => true,
            Self::User(user) => match &item.body {
                ItemBody::Event(event) => USER_PROPS
                    .iter()
                    .filter_map(|name| event.props.get(*name))
                    .any(|value| matches!(value, PropValue::Text(text) if text == user)),
                ItemBody::Feedback(feedback) => feedback
                    .contact
                    .as_ref()
                    .is_some_and(|contact| contact.email == *user),
            },
        }
    }
}

/// Lines of the log after an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The same number of lines: each that is gone left a mark, so that positions hold.
    pub lines: String,
    /// The ids of those that are gone.
    pub ids: Vec<String>,
}

/// Takes a person's items out of a row of the log; none where nothing is theirs.
pub fn erased(lines: &str, person: &Person) -> Option<Erased> {
    let mut out = String::with_capacity(lines.len());
    let mut ids = Vec::new();
    for line in lines.lines() {
        match serde_json::from_str::<StoredItem>(line) {
            Ok(item) if person.owns(&item) => {
                out.push_str(&written(&serde_json::json!({"id": item.id, "erased": true})));
                ids.push(item.id);
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    (!ids.is_empty()).then_some(Erased { lines: out, ids })
}

/// By the writer that everything else uses: `to_string` would be a second one.
fn written(json: &serde_json::Value) -> String {
    serde_json::to_string(json).expect("a line has only text keys")
}

/// Whether a line of the log is the mark that an erasure left.
pub fn is_erased(line: &str) -> bool {
    line.starts_with("{\"erased\":true,")
}

/// The id and line with which sinks are told that an item is gone: the same however often it is said.
pub fn notice(id: &str) -> (String, String) {
    let name = format!("{NOTICE}{id}");
    let line = written(&serde_json::json!({"id": name, "type": "erasure", "of": id}));
    (name, line)
}

/// Whether an id is that of a notice.
pub fn is_notice(id: &str) -> bool {
    id.starts_with(NOTICE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, visitor: &str, body: &str) -> String {
        format!(
            r#"{{"id":"{id}","project":"demo","at":1,"client_at":1,"received_at":1,"context":{{}},"edge":{{"visitor":"{visitor}"}},{body}}}"#
        )
    }

    fn log() -> String {
        let lines = [
            line(
                "a-1",
                "v1",
                r#""type":"event","name":"a","props":{"user_id":"ann"}"#,
            ),
            line("a-2", "v2", r#""type":"event","name":"a","props":{"user_id":7}"#),
            line(
                "a-3",
                "v1",
                r#""type":"feedback","kind":"bug","text":"t","contact":{"email":"ann@b.example"}"#,
            ),
            r#"{"id":"a-0","erased":true}"#.to_owned(),
        ];
        lines.map(|line| line + "\n").concat()
    }

    #[track_caller]
    fn check(person: &Person, expect: &[&str]) {
        let ids = erased(&log(), person)
            .map(|erased| erased.ids)
            .unwrap_or_default();
        assert_eq!(ids, expect, "{person:?}");
    }

    #[test]
    fn what_is_theirs_goes_and_nothing_else() {
        check(&Person::Visitor("v1".into()), &["a-1", "a-3"]);
        check(&Person::User("ann".into()), &["a-1"]);
        check(&Person::User("ann@b.example".into()), &["a-3"]);
        check(&Person::Receipt("a-2".into()), &["a-2"]);
        check(&Person::User("7".into()), &[]);
    }

    #[test]
    fn positions_hold_and_a_second_time_finds_nothing() {
        let person = Person::Visitor("v1".into());
        let once = erased(&log(), &person).expect("two lines");
        assert_eq!(once.lines.lines().count(), log().lines().count());
        assert!(!once.lines.contains("v1") && once.lines.contains("v2"));
        assert_eq!(erased(&once.lines, &person), None);
        assert_eq!(
            notice("a-1").1,
            r#"{"id":"erasure-a-1","of":"a-1","type":"erasure"}"#
        );
    }
}

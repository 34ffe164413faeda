//! A server's view of the collector: no page, no producer; each item has an id of its own.

use hearback_shared::message_id::MessageId;
use serde_json::{Value, json};

use crate::now;

/// A batch of items that have ids, for the demo's key.
pub fn batch_of(items: &[Value]) -> Value {
    json!({"key": "pk_demo", "sent_at": now(), "items": items})
}

/// An event with an id.
pub fn event_of(id: &str, name: &str) -> Value {
    json!({"id": id, "at": now(), "type": "event", "name": name})
}

/// A piece of feedback with an id.
pub fn feedback_of(id: &str, text: &str) -> Value {
    json!({"id": id, "at": now(), "type": "feedback", "kind": "idea", "text": text})
}

/// Events whose ids are `<prefix>-<number>`.
pub fn events_of(prefix: &str, numbers: std::ops::Range<u32>) -> Vec<Value> {
    numbers
        .map(|number| event_of(&format!("{prefix}-{number}"), "paid"))
        .collect()
}

/// The id under which an item with this id is stored in the demo's project.
pub fn demo_item_id(id: &str) -> String {
    let id: MessageId = id.parse().unwrap();
    id.item_id(&xtask::runtime::DEMO_PROJECT.parse().unwrap())
}

//! From JSON to an item. The fast path decodes once; only what fails is looked at again, to name what is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::item::{Contact, Event, Feedback, FeedbackKind, Item, ItemBody, Props};
use crate::rejection::{Rejection, RejectionCode};

/// An item with its seq, if that much could be read.
type Refused = (Option<u64>, Rejection);

/// Every field of every type of item: which belong together is told apart after decoding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireItem {
    seq: u64,
    at: u64,
    #[serde(rename = "type")]
    item_type: String,
    url: Option<String>,
    name: Option<String>,
    props: Option<Props>,
    kind: Option<String>,
    text: Option<String>,
    rating: Option<u8>,
    contact: Option<Contact>,
}

/// Decodes one item.
pub(super) fn item(json: &str) -> Result<Item, Refused> {
    let wire: WireItem = serde_json::from_str(json).map_err(|error| explain(json, &error))?;
    let seq = wire.seq;
    let (at, url) = (wire.at, wire.url.clone());
    let body = match wire.item_type.as_str() {
        "event" => event(wire),
        "feedback" => feedback(wire),
        _ => Err(Rejection::field(
            RejectionCode::UnknownType,
            "type",
            "type is event or feedback",
        )),
    };
    body.map(|body| Item { seq, at, url, body })
        .map_err(|rejection| (Some(seq), rejection))
}

fn event(wire: WireItem) -> Result<ItemBody, Rejection> {
    foreign(&[
        (wire.kind.is_some(), "kind"),
        (wire.text.is_some(), "text"),
        (wire.rating.is_some(), "rating"),
        (wire.contact.is_some(), "contact"),
    ])?;
    Ok(ItemBody::Event(Event {
        name: wire.name.ok_or_else(|| missing("name"))?,
        props: wire.props.unwrap_or_default(),
    }))
}

fn feedback(wire: WireItem) -> Result<ItemBody, Rejection> {
    foreign(&[(wire.name.is_some(), "name"), (wire.props.is_some(), "props")])?;
    let kind = wire.kind.ok_or_else(|| missing("kind"))?;
    let kind = FeedbackKind::parse(&kind).ok_or_else(|| {
        Rejection::field(
            RejectionCode::UnknownKind,
            "kind",
            "kind is bug, idea, praise or question",
        )
    })?;
    let text = wire.text.ok_or_else(|| missing("text"))?;
    Ok(ItemBody::Feedback(Feedback {
        kind,
        text,
        rating: wire.rating,
        contact: wire.contact,
    }))
}

fn foreign(fields: &[(bool, &str)]) -> Result<(), Rejection> {
    fields
        .iter()
        .find(|(present, _)| *present)
        .map_or(Ok(()), |(_, field)| Err(unknown(field)))
}

fn missing(field: &str) -> Rejection {
    Rejection::field(RejectionCode::MissingField, field, "This field is required")
}

fn unknown(field: &str) -> Rejection {
    Rejection::field(
        RejectionCode::UnknownField,
        field,
        "This type of item has no such field",
    )
}

fn wrong_type(field: &str, expected: &'static str) -> Rejection {
    Rejection::field(RejectionCode::WrongType, field, expected)
}

/// A field's name, whether a value fits it, and what it has to be.
type Field = (&'static str, fn(&Value) -> bool, &'static str);

/// The fields that some type of item may have.
const FIELDS: [Field; 10] = [
    ("seq", Value::is_u64, "A whole number"),
    ("at", Value::is_u64, "Milliseconds since 1970, a whole number"),
    ("type", Value::is_string, "A text"),
    ("url", is_text_or_null, "A text"),
    ("name", is_text_or_null, "A text"),
    ("props", is_object_or_null, "An object"),
    ("kind", is_text_or_null, "A text"),
    ("text", is_text_or_null, "A text"),
    ("rating", is_number_or_null, "A whole number from 1 to 5"),
    ("contact", is_object_or_null, "An object with an email"),
];

fn is_text_or_null(value: &Value) -> bool {
    value.is_string() || value.is_null()
}

fn is_object_or_null(value: &Value) -> bool {
    value.is_object() || value.is_null()
}

fn is_number_or_null(value: &Value) -> bool {
    value.is_number() || value.is_null()
}

/// The slow path: what is wrong with an item that did not decode.
fn explain(json: &str, error: &serde_json::Error) -> Refused {
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(json) else {
        return (
            None,
            Rejection::item(
                RejectionCode::MalformedItem,
                format!("The item cannot be read: {error}"),
            ),
        );
    };
    let seq = fields.get("seq").and_then(Value::as_u64);
    (seq, first_mistake(&fields.into_iter().collect()))
}

fn first_mistake(fields: &BTreeMap<String, Value>) -> Rejection {
    if let Some(field) = fields
        .keys()
        .find(|field| FIELDS.iter().all(|(name, ..)| name != field))
    {
        return unknown(field);
    }
    for (name, fits, expected) in FIELDS {
        match fields.get(name) {
            None if matches!(name, "seq" | "at" | "type") => return missing(name),
            Some(value) if !fits(value) && name == "seq" => {
                return Rejection::field(
                    RejectionCode::SeqInvalid,
                    "seq",
                    "seq is a whole number from 1 to 2^53 - 1",
                );
            }
            Some(value) if !fits(value) => return wrong_type(name, expected),
            _ => {}
        }
    }
    let rating = fields.get("rating").filter(|rating| rating.is_number());
    if rating.is_some_and(|rating| rating.as_u64().is_none_or(|rating| rating > u64::from(u8::MAX))) {
        return Rejection::field(RejectionCode::RatingOutOfRange, "rating", "A rating is 1 to 5");
    }
    let props = fields.get("props").and_then(Value::as_object);
    let mut nested = props
        .into_iter()
        .flatten()
        .filter(|(_, value)| value.is_array() || value.is_object());
    if let Some((key, _)) = nested.next() {
        let message = "A property is a text, a number, true, false or null";
        return Rejection::field(RejectionCode::PropInvalid, &format!("props.{key}"), message);
    }
    if let Some(Value::Object(contact)) = fields.get("contact") {
        return match contact.keys().find(|key| *key != "email") {
            Some(key) => unknown(&format!("contact.{key}")),
            None if contact.contains_key("email") => wrong_type("contact.email", "A text"),
            None => missing("contact.email"),
        };
    }
    Rejection::item(RejectionCode::MalformedItem, "A field occurs twice")
}

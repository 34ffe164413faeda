//! From JSON to an item. The fast path decodes once; only what fails is looked at again (`explain`), to name what
//! is wrong.

use serde::Deserialize;

use super::explain::{explain, missing, unknown};
use crate::item::{Contact, Event, Feedback, FeedbackKind, Item, ItemBody, ItemKey, Props};
use crate::rejection::{Rejection, RejectionCode};

/// Why an item cannot be read, with its key if that much could be.
pub(super) type Refused = (Option<ItemKey>, Rejection);

/// Every field of every type of item: which belong together is told apart after decoding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireItem {
    seq: Option<u64>,
    id: Option<String>,
    at: u64,
    #[serde(rename = "type")]
    item_type: String,
    url: Option<String>,
    name: Option<String>,
    #[serde(default, deserialize_with = "crate::props::each_once")]
    props: Option<Props>,
    kind: Option<String>,
    text: Option<String>,
    rating: Option<u8>,
    contact: Option<Contact>,
    attachments: Option<Vec<String>>,
    #[serde(default, deserialize_with = "crate::props::each_once")]
    answers: Option<Props>,
    #[serde(default, deserialize_with = "crate::props::each_once")]
    element: Option<Props>,
    breadcrumbs: Option<Vec<String>>,
}

/// Decodes one item.
pub(super) fn item(json: &str) -> Result<Item, Refused> {
    let mut wire: WireItem = serde_json::from_str(json).map_err(|_| explain(json))?;
    let key = key(wire.seq, wire.id.take()).map_err(|rejection| (wire.seq.map(ItemKey::Seq), rejection))?;
    let (at, url) = (wire.at, wire.url.take());
    let body = match wire.item_type.as_str() {
        "event" => event(wire),
        "feedback" => feedback(wire),
        _ => Err(Rejection::field(
            RejectionCode::UnknownType,
            "type",
            "type is event or feedback",
        )),
    };
    match body {
        Ok(body) => Ok(Item { key, at, url, body }),
        Err(rejection) => Err((Some(key), rejection)),
    }
}

/// By what the item is told apart: exactly one of the two.
pub(super) fn key(seq: Option<u64>, id: Option<String>) -> Result<ItemKey, Rejection> {
    match (seq, id) {
        (Some(seq), None) => Ok(ItemKey::Seq(seq)),
        (None, Some(id)) => id.try_into().map(ItemKey::Message).map_err(|_| {
            Rejection::field(
                RejectionCode::IdInvalid,
                "id",
                "id is 1 to 64 printable ASCII characters without spaces",
            )
        }),
        (Some(_), Some(_)) => Err(Rejection::field(
            RejectionCode::IdentityMismatch,
            "id",
            "An item has a seq or an id, not both",
        )),
        (None, None) => Err(Rejection::field(
            RejectionCode::MissingField,
            "seq",
            "An item has a seq, or an id where the batch has no producer",
        )),
    }
}

fn event(wire: WireItem) -> Result<ItemBody, Rejection> {
    foreign(&[
        (wire.kind.is_some(), "kind"),
        (wire.text.is_some(), "text"),
        (wire.rating.is_some(), "rating"),
        (wire.contact.is_some(), "contact"),
        (wire.attachments.is_some(), "attachments"),
        (wire.answers.is_some(), "answers"),
        (wire.element.is_some(), "element"),
        (wire.breadcrumbs.is_some(), "breadcrumbs"),
    ])?;
    Ok(ItemBody::Event(Event {
        name: wire.name.ok_or_else(|| missing("name"))?,
        props: wire.props.unwrap_or_default(),
    }))
}

fn feedback(wire: WireItem) -> Result<ItemBody, Rejection> {
    foreign(&[(wire.name.is_some(), "name")])?;
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
        attachments: wire.attachments.unwrap_or_default(),
        answers: wire.answers.unwrap_or_default(),
        props: wire.props.unwrap_or_default(),
        element: wire.element.unwrap_or_default(),
        breadcrumbs: wire.breadcrumbs.unwrap_or_default(),
    }))
}

fn foreign(fields: &[(bool, &str)]) -> Result<(), Rejection> {
    fields
        .iter()
        .find(|(present, _)| *present)
        .map_or(Ok(()), |(_, field)| Err(unknown(field)))
}

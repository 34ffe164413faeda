//! The slow path: what is wrong with an item that did not decode. It looks at the item's text piece by piece, since a
//! single number or character that cannot be held keeps the whole from being read.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::decode::{Refused, key};
use crate::item::ItemKey;
use crate::limits::ITEM_DEPTH;
use crate::rejection::{Rejection, RejectionCode};

/// Every name and value of an object as they are written, repeats included.
struct Entries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// What a value is, by how it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Object,
    List,
    Bool,
    Null,
}

fn kind_of(value: &RawValue) -> Kind {
    match value.get().as_bytes().first() {
        Some(b'"') => Kind::Text,
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::List,
        Some(b't' | b'f') => Kind::Bool,
        Some(b'n') => Kind::Null,
        _ => Kind::Number,
    }
}

/// The fields that some type of item may have, what they hold, and how that is said.
const FIELDS: [(&str, Kind, &str); 15] = [
    ("seq", Kind::Number, "A whole number"),
    ("id", Kind::Text, "A text"),
    ("at", Kind::Number, "Milliseconds since 1970, a whole number"),
    ("type", Kind::Text, "A text"),
    ("url", Kind::Text, "A text"),
    ("name", Kind::Text, "A text"),
    ("props", Kind::Object, "An object"),
    ("kind", Kind::Text, "A text"),
    ("text", Kind::Text, "A text"),
    ("rating", Kind::Number, "A whole number from 1 to 5"),
    ("contact", Kind::Object, "An object with an email"),
    (
        "attachments",
        Kind::List,
        "A list of names that POST /v1/attachments gave",
    ),
    ("answers", Kind::Object, "An object"),
    ("element", Kind::Object, "An object"),
    ("breadcrumbs", Kind::List, "A list of texts"),
];

/// The first mistake of an item that cannot be decoded, and its key if that can be read.
pub(super) fn explain(json: &str) -> Refused {
    let Ok(Entries(raw)) = serde_json::from_str(json) else {
        let message = "An item is a JSON object";
        return (None, Rejection::item(RejectionCode::MalformedItem, message));
    };
    if depth(json) > ITEM_DEPTH {
        let message = format!("Objects and lists lie at most {ITEM_DEPTH} deep");
        return (None, Rejection::item(RejectionCode::TooDeep, message));
    }
    match named(raw, "") {
        Ok(fields) => {
            let value = |name| {
                fields
                    .iter()
                    .find(|(field, _)| field == name)
                    .map(|(_, value)| value.get())
            };
            let seq = value("seq").and_then(|seq| seq.parse().ok());
            let id = value("id").and_then(|id| serde_json::from_str(id).ok());
            (key(seq, id).ok(), first_mistake(&fields))
        }
        Err(rejection) => (None::<ItemKey>, rejection),
    }
}

type Fields<'a> = Vec<(String, &'a RawValue)>;

/// The names read, each once.
fn named<'a>(raw: Vec<(&'a RawValue, &'a RawValue)>, path: &str) -> Result<Fields<'a>, Rejection> {
    let mut seen = BTreeSet::new();
    let mut fields = Vec::with_capacity(raw.len());
    for (name, value) in raw {
        let Ok(name) = serde_json::from_str::<String>(name.get()) else {
            return Err(lone_surrogate(path.trim_end_matches('.')));
        };
        if !seen.insert(name.clone()) {
            let message = "This name occurs twice";
            return Err(Rejection::field(
                RejectionCode::DuplicateKey,
                &format!("{path}{name}"),
                message,
            ));
        }
        fields.push((name, value));
    }
    Ok(fields)
}

fn first_mistake(fields: &Fields<'_>) -> Rejection {
    let is_known = |name: &str| FIELDS.iter().any(|(known, ..)| *known == name);
    if let Some((name, _)) = fields.iter().find(|(name, _)| !is_known(name)) {
        return unknown(name);
    }
    for (name, kind, expected) in FIELDS {
        let value = fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| *value);
        let mistake = match value {
            None if matches!(name, "at" | "type") => Some(missing(name)),
            Some(value) => field_mistake(name, value, kind, expected),
            None => None,
        };
        if let Some(mistake) = mistake {
            return mistake;
        }
    }
    if !fields.iter().any(|(name, _)| name == "seq" || name == "id") {
        return missing("seq");
    }
    Rejection::item(RejectionCode::MalformedItem, "The item cannot be read")
}

/// What is wrong with one field, taken alone.
fn field_mistake(name: &str, value: &RawValue, kind: Kind, expected: &'static str) -> Option<Rejection> {
    let found = kind_of(value);
    let is_optional = !matches!(name, "at" | "type");
    if found != kind {
        return match name {
            _ if found == Kind::Null && is_optional => None,
            "seq" => Some(seq_invalid()),
            _ => Some(wrong_type(name, expected)),
        };
    }
    let text = value.get();
    match name {
        "seq" => text.parse::<u64>().is_err().then(seq_invalid),
        "at" if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse::<u64>().is_err().then(|| number_out_of_range(name))
        }
        "at" => Some(wrong_type(name, expected)),
        "rating" => text
            .parse::<u8>()
            .is_err()
            .then(|| Rejection::field(RejectionCode::RatingOutOfRange, "rating", "A rating is 1 to 5")),
        "props" | "answers" | "element" => object(value, &format!("{name}.")).map_or_else(Some, |props| {
            props
                .iter()
                .find_map(|(prop, value)| prop_mistake(&format!("{name}.{prop}"), value))
        }),
        "attachments" | "breadcrumbs" => serde_json::from_str::<Vec<String>>(text)
            .is_err()
            .then(|| wrong_type(name, expected)),
        "contact" => object(value, "contact.").map_or_else(Some, |contact| contact_mistake(&contact)),
        _ => unreadable(name, value),
    }
}

fn object<'a>(value: &'a RawValue, path: &str) -> Result<Fields<'a>, Rejection> {
    let Entries(raw) =
        serde_json::from_str(value.get()).map_err(|_| wrong_type(path.trim_end_matches('.'), "An object"))?;
    named(raw, path)
}

fn prop_mistake(path: &str, value: &RawValue) -> Option<Rejection> {
    match kind_of(value) {
        Kind::Object | Kind::List => {
            let message = "A property is a text, a number, true, false or null";
            Some(Rejection::field(RejectionCode::PropInvalid, path, message))
        }
        _ => unreadable(path, value),
    }
}

fn contact_mistake(contact: &Fields<'_>) -> Option<Rejection> {
    if let Some((name, _)) = contact.iter().find(|(name, _)| name != "email") {
        return Some(unknown(&format!("contact.{name}")));
    }
    match contact.first() {
        None => Some(missing("contact.email")),
        Some((_, value)) if kind_of(value) != Kind::Text => Some(wrong_type("contact.email", "A text")),
        Some((_, value)) => unreadable("contact.email", value),
    }
}

/// What is wrong with a text or number of the right type that still cannot be held.
fn unreadable(path: &str, value: &RawValue) -> Option<Rejection> {
    match kind_of(value) {
        Kind::Text if serde_json::from_str::<String>(value.get()).is_err() => Some(lone_surrogate(path)),
        Kind::Number if serde_json::from_str::<f64>(value.get()).is_err() => Some(number_out_of_range(path)),
        _ => None,
    }
}

/// How deep objects and lists lie in one another. The text is JSON already.
fn depth(json: &str) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    let (mut in_text, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                now += 1;
                deepest = deepest.max(now);
            }
            b'}' | b']' if !in_text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

pub(super) fn missing(field: &str) -> Rejection {
    Rejection::field(RejectionCode::MissingField, field, "This field is required")
}

pub(super) fn unknown(field: &str) -> Rejection {
    let message = "This type of item has no such field";
    Rejection::field(RejectionCode::UnknownField, field, message)
}

fn wrong_type(field: &str, expected: &'static str) -> Rejection {
    Rejection::field(RejectionCode::WrongType, field, expected)
}

fn lone_surrogate(field: &str) -> Rejection {
    let message = "Half of a UTF-16 pair is no character";
    if field.is_empty() {
        Rejection::item(RejectionCode::LoneSurrogate, message)
    } else {
        Rejection::field(RejectionCode::LoneSurrogate, field, message)
    }
}

pub(super) fn number_out_of_range(field: &str) -> Rejection {
    let message = "Numbers lie between -(2^53 - 1) and 2^53 - 1; send larger ones as a text";
    Rejection::field(RejectionCode::NumberOutOfRange, field, message)
}

pub(super) fn seq_invalid() -> Rejection {
    let message = "seq is a whole number from 1 to 2^53 - 1";
    Rejection::field(RejectionCode::SeqInvalid, "seq", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_texts_are_not_counted() {
        assert_eq!(depth(r#"{"a":"[[[","b":"\"{{","c":[{}]}"#), 3);
        assert_eq!(depth("1"), 0);
    }

    #[test]
    fn every_field_is_asked_about_however_it_is_written() {
        let (key, rejection) = explain(r#"{"\u0073eq":4,"at":1,"type":"event","name":"\ud800"}"#);
        assert_eq!(key, Some(ItemKey::Seq(4)));
        assert_eq!(
            (rejection.code, rejection.field.as_deref()),
            (RejectionCode::LoneSurrogate, Some("name"))
        );
    }
}

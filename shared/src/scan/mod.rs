//! Reads a batch in one pass over its bytes, as borrowed slices. Whoever sends many events sends plain ones: known
//! fields, each once, texts without escapes, all within the limits. Those are read here, and what is not plain is
//! left to `validate::decode`, which also says what is wrong: one item where only that is unusual, the whole batch
//! where its envelope is. Both ways give exactly the same outcome; property tests hold them to it.
//!
//! (`serde_json` alone takes longer for a batch than the JavaScript engine's own parser and checks: bench/README.md.)

mod line;

use serde_json::value::RawValue;

use crate::UnixMillis;
use crate::item::Context;
use crate::limits::{BATCH_ITEMS, NAME_CHARS, PROP_KEY_CHARS, PROP_TEXT_CHARS, PROPS, URL_CHARS};
use crate::wire::RawBatch;
use hearback_scan::{Cursor, Limits, plain_event};
pub use hearback_scan::{PlainEvent, Prop, crc32};
pub(crate) use line::Lines;

/// What an event is held to while it is read.
const LIMITS: Limits = Limits {
    name_chars: NAME_CHARS,
    props: PROPS,
    prop_key_chars: PROP_KEY_CHARS,
    prop_text_chars: PROP_TEXT_CHARS,
    url_chars: URL_CHARS,
};

/// A batch as it stands in a request's body.
#[derive(Debug)]
pub struct Batch<'a> {
    /// The project's public write-only key, `pk_…`.
    pub key: String,
    /// The page that made the items and numbered them by `seq`.
    pub producer: Option<String>,
    /// When the batch was sent, by the visitor's clock.
    pub sent_at: UnixMillis,
    /// Where and in what the items arose.
    pub context: Option<Context>,
    /// The items, in order.
    pub items: Vec<ScannedItem<'a>>,
    /// Properties of all plain events, in order; each event knows which are its own.
    pub props: Vec<Prop<'a>>,
}

/// An item of a [`Batch`].
#[derive(Clone, Debug)]
pub enum ScannedItem<'a> {
    /// It is within all limits.
    Plain(PlainEvent<'a>),
    /// To be decoded with care: any JSON value.
    Raw(&'a str),
}

impl<'a> Batch<'a> {
    /// Reads a batch; an error says why the body is none.
    pub fn read(text: &'a str) -> Result<Self, serde_json::Error> {
        match scan(text) {
            Some(batch) => Ok(batch),
            None => serde_json::from_str::<RawBatch<'a>>(text).map(Self::from),
        }
    }
}

impl<'a> From<RawBatch<'a>> for Batch<'a> {
    fn from(raw: RawBatch<'a>) -> Self {
        Self {
            key: raw.key,
            producer: raw.producer,
            sent_at: raw.sent_at,
            context: raw.context,
            items: raw
                .items
                .into_iter()
                .map(|item| ScannedItem::Raw(item.get()))
                .collect(),
            props: Vec::new(),
        }
    }
}

fn scan(text: &str) -> Option<Batch<'_>> {
    let mut cursor = Cursor::new(text);
    let (mut key, mut producer, mut sent_at, mut context, mut items) = (None, None, None, None, None);
    let mut props = Vec::new();
    cursor.expect(b'{')?;
    loop {
        // A field that occurs twice is unusual.
        match cursor.field()? {
            "key" if key.is_none() => key = Some(cursor.text()?.value.to_owned()),
            "producer" if producer.is_none() => producer = Some(cursor.text()?.value.to_owned()),
            "sent_at" if sent_at.is_none() => sent_at = Some(cursor.whole()?),
            "context" if context.is_none() => context = Some(decoded::<Context>(&mut cursor)?),
            "items" if items.is_none() => items = Some(all_items(&mut cursor, &mut props)?),
            _ => return None,
        }
        if !cursor.take(b',') {
            break;
        }
    }
    cursor.expect(b'}')?;
    if cursor.peek().is_some() {
        return None;
    }
    Some(Batch {
        key: key?,
        producer,
        sent_at: sent_at?,
        context,
        items: items?,
        props,
    })
}

/// A value that `serde_json` decodes.
fn decoded<'a, T: serde::Deserialize<'a>>(cursor: &mut Cursor<'a>) -> Option<T> {
    cursor.peek()?;
    let mut values = serde_json::Deserializer::from_str(cursor.rest()).into_iter::<T>();
    let value = values.next()?.ok()?;
    cursor.skip(values.byte_offset());
    Some(value)
}

fn all_items<'a>(cursor: &mut Cursor<'a>, props: &mut Vec<Prop<'a>>) -> Option<Vec<ScannedItem<'a>>> {
    let mut items = Vec::new();
    cursor.expect(b'[')?;
    if cursor.take(b']') {
        return Some(items);
    }
    loop {
        cursor.peek()?;
        let (start, first_prop) = (*cursor, props.len());
        if let Some(event) = plain_event(cursor, props, &LIMITS) {
            items.push(ScannedItem::Plain(event));
        } else {
            *cursor = start;
            props.truncate(first_prop);
            items.push(ScannedItem::Raw(decoded::<&RawValue>(cursor)?.get()));
        }
        if items.len() > BATCH_ITEMS {
            return None;
        }
        if !cursor.take(b',') {
            break;
        }
    }
    cursor.expect(b']')?;
    Some(items)
}

#[cfg(test)]
mod tests;

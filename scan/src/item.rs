//! One event, read and held to its limits in one pass.

use std::ops::Range;

use crate::cursor::{Cursor, Text};
use crate::text::is_ordinary;

/// What an event is held to; see `hearback_shared::limits`.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Characters of an event's name.
    pub name_chars: usize,
    /// Its properties.
    pub props: usize,
    /// Characters of a property's name.
    pub prop_key_chars: usize,
    /// Characters of a property's text.
    pub prop_text_chars: usize,
    /// Characters of an address.
    pub url_chars: usize,
}

/// An event within all limits, borrowed from the body.
#[derive(Clone, Debug)]
pub struct PlainEvent<'a> {
    /// Its number within its producer, from 1.
    pub seq: u64,
    /// When it happened, by the visitor's clock, in milliseconds since 1970.
    pub at: u64,
    /// The page it happened on, where that is not the batch's.
    pub url: Option<&'a str>,
    /// What happened.
    pub name: &'a str,
    /// Which of the batch's properties are its own.
    pub props: Range<usize>,
    /// All of it, as it stands in the body.
    pub raw: &'a str,
}

/// A property of a plain event.
#[derive(Clone, Copy, Debug)]
pub struct Prop<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its text without the quotation marks, or a number, `true`, `false` or `null` as it stands there.
    pub value: &'a str,
    /// Whether it is a text.
    pub is_text: bool,
}

/// Reads an event; `None` where anything about it is unusual.
pub fn plain_event<'a>(
    cursor: &mut Cursor<'a>,
    props: &mut Vec<Prop<'a>>,
    limits: &Limits,
) -> Option<PlainEvent<'a>> {
    let start = *cursor;
    let (mut seq, mut at, mut url, mut name, mut own) = (None, None, None, None, None);
    let mut is_event = false;
    cursor.expect(b'{')?;
    loop {
        match cursor.field()? {
            "seq" if seq.is_none() => seq = Some(cursor.whole().filter(|seq| *seq > 0)?),
            "at" if at.is_none() => at = Some(cursor.whole()?),
            "type" if !is_event && cursor.text()?.value == "event" => is_event = true,
            "url" if url.is_none() => url = Some(short(cursor.text()?, limits.url_chars)?),
            "name" if name.is_none() => name = Some(a_name(cursor.text()?, limits.name_chars)?),
            "props" if own.is_none() => own = Some(all_props(cursor, props, limits)?),
            _ => return None,
        }
        if !cursor.take(b',') {
            break;
        }
    }
    cursor.expect(b'}')?;
    is_event.then_some(())?;
    Some(PlainEvent {
        seq: seq?,
        at: at?,
        url,
        name: name?,
        props: own.unwrap_or(props.len()..props.len()),
        raw: cursor.since(start),
    })
}

fn all_props<'a>(
    cursor: &mut Cursor<'a>,
    props: &mut Vec<Prop<'a>>,
    limits: &Limits,
) -> Option<Range<usize>> {
    let first = props.len();
    cursor.expect(b'{')?;
    if cursor.take(b'}') {
        return Some(first..first);
    }
    loop {
        let name = a_name(cursor.text()?, limits.prop_key_chars)?;
        cursor.expect(b':')?;
        // At most 32, so looking at each is faster than any table.
        if props[first..].iter().any(|prop| prop.name == name) || props.len() - first >= limits.props {
            return None;
        }
        let (value, is_text) = match cursor.peek()? {
            b'"' => (short(cursor.text()?, limits.prop_text_chars)?, true),
            b't' => (cursor.word("true")?, false),
            b'f' => (cursor.word("false")?, false),
            b'n' => (cursor.word("null")?, false),
            _ => (cursor.number()?, false),
        };
        props.push(Prop { name, value, is_text });
        if !cursor.take(b',') {
            break;
        }
    }
    cursor.expect(b'}')?;
    Some(first..props.len())
}

/// A text that is surely short enough (bytes bound characters from above), of ordinary characters.
fn short(text: Text<'_>, limit: usize) -> Option<&str> {
    let fits = text.value.len() <= limit && (text.is_ascii || is_ordinary(text.value.as_bytes()));
    fits.then_some(text.value)
}

fn a_name(text: Text<'_>, limit: usize) -> Option<&str> {
    let name = short(text, limit)?;
    // A name that begins with a letter or digit is not all spaces.
    let is_seen = name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
    (is_seen && !matches!(name, "constructor" | "prototype")).then_some(name)
}

//! What a scanner found: from where to where, and what it is.

use std::borrow::Cow;

/// A part of a text that is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// First byte.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// What stands in its place.
    pub(super) name: &'static str,
}

/// Looks through a text and says what it found, in order and without overlaps.
pub(super) type Scanner = fn(&str) -> Vec<Span>;

/// The text with names in place of spans.
pub(super) fn replaced<'t>(text: Cow<'t, str>, spans: &[Span]) -> Cow<'t, str> {
    if spans.is_empty() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for span in spans {
        out.push_str(&text[copied..span.start]);
        out.push_str(span.name);
        copied = span.end;
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The character that ends before `at`.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// Names of what was taken out, as they stand in texts.
const NAMES: [&str; 6] = ["[email]", "[token]", "[secret]", "[iban]", "[card]", "[phone]"];

/// Whether something was taken out right before `at`. What begins there then began inside a word.
pub(super) fn follows_name(text: &str, at: usize) -> bool {
    text[..at].ends_with(']') && NAMES.iter().any(|name| text[..at].ends_with(name))
}

/// Whether a letter or digit stands right before `at`.
pub(super) fn follows_word(text: &str, at: usize) -> bool {
    before(text, at).is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Whether a letter or digit stands right at `at`.
pub(super) fn precedes_word(text: &str, at: usize) -> bool {
    text[at..]
        .chars()
        .next()
        .is_some_and(|c| c.is_alphanumeric() || c == '_')
}

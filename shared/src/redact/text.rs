//! Running text: addresses, e-mail addresses, tokens, account, card and telephone numbers, found by hand-written
//! scanners (no `regex`: the panel carries this code too). Each takes time in proportion to the text.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::address::address_keeping;
use super::card::cards;
use super::email::emails;
use super::iban::ibans;
use super::phone::phones;
use super::precheck::may_hold_secret;
use super::span::{Scanner, replaced};
use super::token::tokens;

/// In this order: what is found first is no longer seen by the others.
const SCANNERS: [Scanner; 5] = [emails, tokens, ibans, cards, phones];

/// Passes at most. What one pass takes out can change what stands beside it, so a text is looked at again until
/// nothing is found; that is the second pass, but for texts made to need more.
const PASSES: usize = 32;

/// The text with each secret replaced by its kind in brackets.
pub fn text(text: &str) -> Cow<'_, str> {
    text_keeping(text, &BTreeSet::new())
}

/// The same, with the parameters of these names left in addresses.
pub(super) fn text_keeping<'t>(text: &'t str, keep: &BTreeSet<String>) -> Cow<'t, str> {
    if !may_hold_secret(text) {
        return Cow::Borrowed(text);
    }
    scanned(text, keep)
}

/// Without the look whether it is worth it.
pub(super) fn scanned<'t>(text: &'t str, keep: &BTreeSet<String>) -> Cow<'t, str> {
    let mut now = Cow::Borrowed(text);
    for _ in 0..PASSES {
        let next = pass(&now, keep);
        if next == now {
            break;
        }
        now = Cow::Owned(next.into_owned());
    }
    now
}

fn pass<'t>(text: &'t str, keep: &BTreeSet<String>) -> Cow<'t, str> {
    let mut now = addresses(text, keep);
    for scan in SCANNERS {
        let spans = scan(&now);
        now = replaced(now, &spans);
    }
    now
}

/// What the first secret of a text is, if it holds one.
pub(super) fn first_name(text: &str) -> Option<&'static str> {
    if !may_hold_secret(text) {
        return None;
    }
    SCANNERS
        .iter()
        .find_map(|scan| scan(text).first().map(|span| span.name))
}

/// Treats every web address in the text as one, and cuts `?name=…` from what looks like the end of one.
fn addresses<'t>(text: &'t str, keep: &BTreeSet<String>) -> Cow<'t, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = text[at..].find([':', '?', '#']) {
        let found = at + offset;
        at = found + 1;
        let (start, end, clean) = if text[found..].starts_with("://") {
            let start = scheme_start(text, copied, found);
            let end = address_end(text, found + 3);
            (start, end, address_keeping(&text[start..end], keep))
        } else if is_query(text, found) {
            (found, address_end(text, found), String::new())
        } else {
            continue;
        };
        out.push_str(&text[copied..start]);
        out.push_str(&clean);
        copied = end;
        at = end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

fn scheme_start(text: &str, floor: usize, end: usize) -> usize {
    let letters = text.as_bytes()[floor..end].iter().rev().take(24);
    end - letters
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        .count()
}

/// Addresses end at spaces and brackets, and the sentence's own marks are not part of them.
fn address_end(text: &str, from: usize) -> usize {
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | ')' | '(' | '{' | '}' | '|')
    };
    let end = text[from..].find(ends).map_or(text.len(), |length| from + length);
    from + text[from..end]
        .trim_end_matches(['.', ',', ';', ':', '!', '?'])
        .len()
}

/// `?name=` or `#name=` right behind a word.
fn is_query(text: &str, at: usize) -> bool {
    let follows = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_'));
    let rest = &text.as_bytes()[at + 1..];
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'[' | b']' | b'%');
    let name = rest.iter().take(64).take_while(is_name).count();
    follows && text.as_bytes()[at] != b':' && name > 0 && rest.get(name) == Some(&b'=')
}

#[cfg(test)]
mod tests;

//! What people write is kept as they meant it, but without characters that nobody sees and that make a screen show
//! something else than is stored ("Trojan source", CVE-2021-42574): controls other than tab and line ends,
//! overrides of the writing direction (no language needs them), and embeddings or isolates that do not end in their
//! line. Those that do end are how Hebrew and Arabic quote other scripts, and stay.

use std::borrow::Cow;

use super::rules::is_bidi_control;
use crate::item::{Item, ItemBody, PropValue};

/// The item with legible texts. Names and addresses need nothing: their rules refuse such characters.
pub(super) fn item(mut item: Item) -> Item {
    for (_, value) in item.body.props_mut().flat_map(|props| props.iter_mut()) {
        if let PropValue::Text(value) = value {
            replace(value);
        }
    }
    if let ItemBody::Feedback(feedback) = &mut item.body {
        replace(&mut feedback.text);
        feedback.breadcrumbs.iter_mut().for_each(replace);
    }
    item
}

fn replace(value: &mut String) {
    if let Cow::Owned(legible) = text(value) {
        *value = legible;
    }
}

/// The text as it can be shown.
pub fn text(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !is_dropped(c) && !is_bidi_control(c);
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) || text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_inclusive('\n').map(line).collect())
}

/// Controls but tab and line ends, and overrides.
fn is_dropped(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{202d}' | '\u{202e}')
}

/// One line, with only those embeddings and isolates that end in it.
fn line(line: &str) -> String {
    let chars: Vec<char> = line.chars().filter(|c| !is_dropped(*c)).collect();
    let mut keep: Vec<bool> = chars.iter().map(|c| !is_bidi_control(*c)).collect();
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        match c {
            '\u{202a}' | '\u{202b}' => open.push((at, '\u{202c}')),
            '\u{2066}'..='\u{2068}' => open.push((at, '\u{2069}')),
            // An end closes what was opened last, or nothing.
            '\u{202c}' | '\u{2069}' if open.last().is_some_and(|(_, end)| end == c) => {
                if let Some((start, _)) = open.pop() {
                    (keep[start], keep[at]) = (true, true);
                }
            }
            _ => {}
        }
    }
    chars
        .into_iter()
        .zip(keep)
        .filter_map(|(c, keep)| keep.then_some(c))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn overrides_and_unfinished_embeddings_are_gone_and_finished_ones_stay() {
        for (given, expect) in [
            ("plain\twords\r\n", "plain\twords\r\n"),
            ("a\u{202e}b\u{202c}c", "abc"),
            ("a\u{2066}b\u{2069}c", "a\u{2066}b\u{2069}c"),
            ("a\u{2066}b\nc\u{2069}", "ab\nc"),
            ("\u{202b}\u{2067}x\u{202c}", "x"),
            ("bell\u{7}, escape\u{1b}[31m", "bell, escape[31m"),
            ("سلام \u{2066}GmbH\u{2069}", "سلام \u{2066}GmbH\u{2069}"),
        ] {
            assert_eq!(text(given), expect, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn every_line_ends_as_many_as_it_begins_and_a_second_pass_changes_nothing(
            given in "[ab\n\u{202a}-\u{202e}\u{2066}-\u{2069}\u{1}]{0,40}"
        ) {
            let once = text(&given).into_owned();
            prop_assert_eq!(text(&once), once.as_str());
            for line in once.lines() {
                let count = |of: &[char]| line.chars().filter(|c| of.contains(c)).count();
                prop_assert_eq!(count(&['\u{202a}', '\u{202b}']), count(&['\u{202c}']));
                prop_assert_eq!(count(&['\u{2066}', '\u{2067}', '\u{2068}']), count(&['\u{2069}']));
                prop_assert_eq!(count(&['\u{202d}', '\u{202e}', '\u{1}']), 0);
            }
        }
    }
}

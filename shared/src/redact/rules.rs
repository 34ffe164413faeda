//! What a project has taken out beyond what is always taken out. Rules add, they never remove.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::span::{Span, follows_word, precedes_word, replaced};

/// A project's own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedactionRules {
    /// Properties whose value is always taken out, by name.
    pub props: BTreeSet<String>,
    /// Beginnings of words that are secrets, such as `ACME-`: the word is taken out.
    pub prefixes: BTreeSet<String>,
    /// Words and phrases that are taken out wherever they stand, in any case.
    pub words: BTreeSet<String>,
}

/// What stands in place of what a rule took out.
pub(super) const NAME: &str = "[redacted]";

/// What stands in brackets in place of what was taken out.
const NAMES: [&str; 7] = ["redacted", "email", "token", "secret", "iban", "card", "phone"];

impl RedactionRules {
    /// The text without what the rules name. One look along the text, at each word's beginning at each rule.
    pub(super) fn text<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        if self.prefixes.is_empty() && self.words.is_empty() {
            return text;
        }
        let mut spans: Vec<Span> = Vec::new();
        for (start, _) in text.char_indices() {
            if spans.last().is_some_and(|span| start < span.end) || follows_word(&text, start) {
                continue;
            }
            let end = self
                .word_end(&text, start)
                .or_else(|| self.prefixed_end(&text, start));
            // The names of what was taken out stand in brackets, and stay.
            let is_name = |end| {
                NAMES.contains(&&text[start..end])
                    && text[..start].ends_with('[')
                    && text[end..].starts_with(']')
            };
            if let Some(end) = end.filter(|end| !is_name(*end)) {
                spans.push(Span {
                    start,
                    end,
                    name: NAME,
                });
            }
        }
        replaced(text, &spans)
    }

    fn word_end(&self, text: &str, start: usize) -> Option<usize> {
        let ends = self
            .words
            .iter()
            .filter_map(|word| matching_end(text, start, word));
        ends.filter(|end| !precedes_word(text, *end)).max()
    }

    fn prefixed_end(&self, text: &str, start: usize) -> Option<usize> {
        self.prefixes.iter().find_map(|prefix| {
            let end = matching_end(text, start, prefix)?;
            let rest =
                text[end..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '+' | '~')));
            Some(rest.map_or(text.len(), |length| end + length))
        })
    }
}

/// Where `pattern` ends if it stands at `start`, in any case.
fn matching_end(text: &str, start: usize, pattern: &str) -> Option<usize> {
    let mut rest = text[start..].char_indices();
    let mut end = start;
    for expected in pattern.trim().chars() {
        let (offset, c) = rest.next()?;
        if c != expected && !c.to_lowercase().eq(expected.to_lowercase()) {
            return None;
        }
        end = start + offset + c.len_utf8();
    }
    (end > start).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> RedactionRules {
        let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        RedactionRules {
            props: BTreeSet::new(),
            prefixes: set(&["ACME-"]),
            words: set(&["Projekt Übermut", "redacted", "ann"]),
        }
    }

    #[track_caller]
    fn check(given: &str, expect: &str) {
        assert_eq!(rules().text(Cow::Borrowed(given)), expect, "{given}");
    }

    #[test]
    fn words_go_in_any_case_and_only_whole() {
        check("about PROJEKT ÜBERMUT, Ann", "about [redacted], [redacted]");
        check("a channel, annual", "a channel, annual");
    }

    #[test]
    fn words_with_a_prefix_go_whole() {
        check("see ACME-4711_b, acme-1.", "see [redacted], [redacted].");
        check("XACME-4711", "XACME-4711");
    }

    #[test]
    fn names_of_what_was_taken_out_stay() {
        check("[redacted] redacted", "[redacted] [redacted]");
    }

    proptest! {
        #[test]
        fn a_second_pass_changes_nothing(given in "(ann|ACME-|[ a-z\\[\\]é-]|redacted){0,20}") {
            let rules = rules();
            let once = rules.text(Cow::Borrowed(&given)).into_owned();
            prop_assert_eq!(rules.text(Cow::Borrowed(&once)), once.as_str());
        }
    }
}

//! Runs of digit groups: what cards and telephone numbers are looked for in.

use super::span::{follows_word, precedes_word};

/// What stands between a group and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// The first group has nothing before it.
    None,
    /// A space, also a narrow or unbreakable one.
    Space,
    /// A hyphen or dash.
    Hyphen,
    /// A dot.
    Dot,
    /// A slash.
    Slash,
    /// A closing bracket, with or without a space; or an opening one.
    Bracket,
    /// Several of them, such as ` - `.
    Mixed,
}

/// Digits without anything between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) gap: Gap,
}

impl Group {
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Groups with gaps of at most three characters between them.
pub(super) fn runs(text: &str) -> Vec<Vec<Group>> {
    let bytes = text.as_bytes();
    let mut runs: Vec<Vec<Group>> = Vec::new();
    let mut at = 0;
    // Where the last digits ended that are part of a word.
    let mut word_end = None;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        // Digits of a word such as `A4`, `4k` or `IMG_2026-11-24` are no number.
        let goes_on = word_end.is_some_and(|end: usize| matches!(&text[end..start], "-" | "." | "/"));
        if goes_on || follows_word(text, start) || precedes_word(text, at) {
            word_end = Some(at);
            runs.push(Vec::new());
            continue;
        }
        let gap = runs
            .last()
            .and_then(|run| run.last())
            .and_then(|group| gap(&text[group.end..start]));
        let group = |gap| Group { start, end: at, gap };
        match (gap, runs.last_mut()) {
            (Some(gap), Some(run)) => run.push(group(gap)),
            _ => runs.push(vec![group(Gap::None)]),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn gap(between: &str) -> Option<Gap> {
    let mut found = None;
    for (count, c) in between.chars().enumerate() {
        let gap = match c {
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => Gap::Space,
            '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' => Gap::Hyphen,
            '.' => Gap::Dot,
            '/' => Gap::Slash,
            '(' | ')' => Gap::Bracket,
            _ => return None,
        };
        found = Some(match (found, gap) {
            (None, gap) => gap,
            (Some(Gap::Bracket), Gap::Space | Gap::Bracket) | (Some(Gap::Space), Gap::Bracket) => {
                Gap::Bracket
            }
            _ => Gap::Mixed,
        });
        if count >= 3 {
            return None;
        }
    }
    found
}

/// How many digits some groups have together.
pub(super) fn digits_in(groups: &[Group]) -> usize {
    groups.iter().map(Group::len).sum()
}

/// Words before `at`, the nearest first, in lower case and without what stands around them. The name of what was taken
/// out before is none.
pub(super) fn words_before(text: &str, at: usize) -> impl Iterator<Item = String> {
    let mut floor = at.saturating_sub(64);
    while !text.is_char_boundary(floor) {
        floor += 1;
    }
    let near = &text[floor..at];
    near[near.rfind(']').map_or(0, |end| end + 1)..]
        .rsplit(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        // Not by `str::to_lowercase`, whose quick ways are 3 KB of the collector.
        .map(|word| word.chars().flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_lie_close_together_and_are_no_parts_of_words() {
        let shape = |text: &str| -> Vec<Vec<usize>> {
            runs(text)
                .iter()
                .map(|run| run.iter().map(Group::len).collect())
                .collect()
        };
        assert_eq!(shape("12 345-6 and 7"), [vec![2, 3, 1], vec![1]]);
        assert_eq!(shape("A4 4k 12x x12 IMG_2026-11-24"), Vec::<Vec<usize>>::new());
        assert_eq!(shape("(030) 12 34, 5"), [vec![3, 2, 2], vec![1]]);
    }

    #[test]
    fn words_before_a_number_are_read_backwards() {
        assert_eq!(
            words_before("Meine Tel.-Nr: 1", 15).collect::<Vec<_>>(),
            ["nr", "tel", "meine"]
        );
    }
}

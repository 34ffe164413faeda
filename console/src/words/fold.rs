//! Long texts are shown in part until somebody wants them whole.

/// Characters that are shown of a folded text: about eight lines on a wide screen.
const CHARS: usize = 560;

/// Lines that are shown of a folded text.
const LINES: usize = 8;

/// Characters that must be hidden for a fold to be worth a press of a button.
const WORTH: usize = 120;

/// Characters to go back in search of the end of a word.
const WORD: usize = 24;

/// The part of a long text that is shown first; `None` where the whole is short enough.
pub fn fold(text: &str) -> Option<&str> {
    let by_chars = text.char_indices().nth(CHARS).map(|(at, _)| at);
    let by_lines = text.match_indices('\n').nth(LINES - 1).map(|(at, _)| at);
    let cut = by_chars.into_iter().chain(by_lines).min()?;
    let (shown, hidden) = text.split_at(cut);
    let worth = hidden.chars().take(WORTH).count() == WORTH || hidden.trim().lines().count() > 2;
    worth.then(|| {
        if by_lines == Some(cut) {
            shown
        } else {
            at_a_word(shown)
        }
    })
}

/// The text up to the end of its last whole word, where that is near.
fn at_a_word(text: &str) -> &str {
    let near = text
        .char_indices()
        .rev()
        .take(WORD)
        .find(|(_, c)| c.is_whitespace());
    near.map_or(text, |(at, _)| &text[..at]).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_shown_whole() {
        assert_eq!(fold("The cart is empty."), None);
        assert_eq!(
            fold(&"word ".repeat(120)),
            None,
            "hiding a few words is not worth a button"
        );
    }

    #[test]
    fn a_long_text_is_cut_after_a_word() {
        let text = "word ".repeat(400);
        let part = fold(&text).expect("a fold");
        assert!(part.ends_with("word") && part.len() <= CHARS, "{}", part.len());
    }

    #[test]
    fn many_short_lines_are_long_too() {
        let text = "1\n".repeat(40);
        assert_eq!(fold(&text).expect("a fold").lines().count(), LINES);
    }

    #[test]
    fn a_text_without_blanks_is_cut_between_characters() {
        let text = "感".repeat(2_000);
        assert_eq!(fold(&text).expect("a fold").chars().count(), CHARS);
    }
}

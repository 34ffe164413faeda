//! Texts of a batch that were looked at before: its events repeat their names, addresses and values, and looking for
//! secrets takes longer than recognising a text.

use std::cell::Cell;

/// Texts remembered of each kind. A place is taken over by the next text that belongs there.
const PLACES: usize = 64;

/// Texts that hold nothing to take out.
#[derive(Debug)]
pub struct Seen<'t>([Cell<&'t str>; PLACES]);

impl Default for Seen<'_> {
    fn default() -> Self {
        Self([const { Cell::new("") }; PLACES])
    }
}

impl<'t> Seen<'t> {
    /// Whether a text is clean: remembered, or looked at now.
    pub fn is_clean(&self, text: &'t str, look: impl FnOnce(&str) -> bool) -> bool {
        let place = &self.0[place(text.as_bytes())];
        if place.get() == text && !text.is_empty() {
            return true;
        }
        let is_clean = look(text);
        if is_clean {
            place.set(text);
        }
        is_clean
    }
}

/// Of texts that differ at all, most differ in their length or in one of these bytes.
fn place(text: &[u8]) -> usize {
    let byte = |at: usize| text.get(at).copied().map_or(0, usize::from);
    let last = text.len().saturating_sub(1);
    (text.len() + byte(0) * 7 + byte(last / 2) * 13 + byte(last) * 31) % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_looked_at_once_and_a_dirty_one_every_time() {
        let seen = Seen::default();
        let looks = Cell::new(0);
        let look = |text: &str| {
            looks.set(looks.get() + 1);
            !text.contains('@')
        };
        for (text, is_clean, looked) in [
            ("pro", true, 1),
            ("pro", true, 1),
            ("a@b", false, 2),
            ("a@b", false, 3),
            ("", true, 4),
            ("", true, 5),
        ] {
            assert_eq!(
                (seen.is_clean(text, look), looks.get()),
                (is_clean, looked),
                "{text}"
            );
        }
    }

    #[test]
    fn texts_that_share_a_place_are_told_apart() {
        let seen = Seen::default();
        assert_eq!(place(b"axbxc"), place(b"aybyc"));
        assert!(seen.is_clean("axbxc", |_| true));
        assert!(!seen.is_clean("aybyc", |_| false));
        assert!(seen.is_clean("axbxc", |_| false), "it is still remembered");
    }
}

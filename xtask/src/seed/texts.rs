//! What the simulated visitors say: written by hand, about the demo's tea shop, in the languages of its customers.

use hearback_shared::item::FeedbackKind;

/// One piece of feedback.
pub(super) struct Said {
    /// What they say it is.
    pub(super) kind: FeedbackKind,
    /// Their language.
    pub(super) lang: &'static str,
    /// The page it is about.
    pub(super) page: &'static str,
    /// 1 to 5.
    pub(super) rating: Option<u8>,
    /// Their words.
    pub(super) text: &'static str,
}

/// All texts, given out one by one.
pub(super) struct Texts {
    all: Vec<Said>,
    given: usize,
}

/// Shares no factor with their count: each is given once before any is given twice, and kinds and languages mix.
const STRIDE: usize = 37;

impl Texts {
    /// All of them, none given yet.
    pub(super) fn new() -> Self {
        Self { all: all(), given: 0 }
    }

    /// The next one, without end.
    pub(super) fn next(&mut self) -> &Said {
        let said = &self.all[self.given * STRIDE % self.all.len()];
        self.given += 1;
        said
    }
}

fn all() -> Vec<Said> {
    let lines = include_str!("texts.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'));
    lines
        .map(|line| read(line).unwrap_or_else(|| panic!("texts.tsv has a line of another form: {line}")))
        .collect()
}

fn read(line: &'static str) -> Option<Said> {
    let mut fields = line.split('\t');
    Some(Said {
        kind: FeedbackKind::parse(fields.next()?)?,
        lang: fields.next()?,
        page: fields.next()?,
        rating: fields.next()?.parse().ok().filter(|rating| *rating > 0),
        text: fields.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_four_kinds_are_spoken_in_several_languages() {
        for kind in FeedbackKind::ALL {
            let said = all();
            let languages: std::collections::BTreeSet<_> = said
                .iter()
                .filter(|said| said.kind == kind)
                .map(|said| said.lang)
                .collect();
            assert!(languages.len() >= 5, "{kind:?}: {languages:?}");
        }
    }

    #[test]
    fn every_text_is_given_before_any_is_given_twice() {
        let mut texts = Texts::new();
        let count = texts.all.len();
        let said: std::collections::BTreeSet<_> = (0..count).map(|_| texts.next().text).collect();
        assert_eq!(said.len(), count);
    }

    #[test]
    fn ratings_and_pages_are_those_of_the_shop() {
        for said in all() {
            assert!(
                said.rating
                    .is_none_or(|rating| rating <= hearback_shared::limits::RATING_MAX),
                "{}",
                said.text
            );
            assert!(
                said.page.starts_with('/') && !said.text.trim().is_empty(),
                "{}",
                said.text
            );
        }
    }
}

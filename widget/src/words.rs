//! Every word the panel says, in the visitor's language. The words themselves are in `locales/`, a file a language:
//! English comes with the panel, any other alone when it is wanted, and a project may put its own in place of each.

use yew::AttrValue;

use crate::text::rows;

/// What words are called: a constant each, its place in the list.
pub mod name {
    include!(concat!(env!("OUT_DIR"), "/names.rs"));
}

/// The panel's words in one language.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// BCP 47 tag of the language.
    pub lang: AttrValue,
    /// `ltr` or `rtl`.
    pub dir: AttrValue,
    list: Vec<AttrValue>,
}

impl Words {
    /// From the page's side: the language, its direction, and the words in the order of their names.
    pub fn read(text: &str) -> Self {
        let mut all = rows(text)
            .into_iter()
            .map(|mut row| AttrValue::from(row.swap_remove(0)));
        Self {
            lang: all.next().unwrap_or_default(),
            dir: all.next().unwrap_or_default(),
            list: all.collect(),
        }
    }

    /// The words with this name; nothing where they have not come yet.
    pub fn at(&self, name: usize) -> AttrValue {
        self.list.get(name).cloned().unwrap_or_default()
    }

    /// The same with something in place of what stands in braces.
    pub fn with(&self, name: usize, inserted: &str) -> AttrValue {
        let words = self.at(name);
        let Some((before, rest)) = words.split_once('{') else {
            return words;
        };
        let after = rest.split_once('}').map_or("", |(_, after)| after);
        AttrValue::from(before.to_owned() + inserted + after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_name_and_take_what_belongs_in_them() {
        let mut text = "de\x1eltr".to_owned();
        for at in 0..=name::REFUSED {
            text += "\x1e";
            text += if at == name::REFUSED {
                "Nein: {reason}!"
            } else {
                "x"
            };
        }
        let words = Words::read(&text);
        assert_eq!((words.lang.as_str(), words.dir.as_str()), ("de", "ltr"));
        assert_eq!(words.with(name::REFUSED, "zu lang"), "Nein: zu lang!");
        assert_eq!(words.with(name::TITLE, "zu lang"), "x");
        assert_eq!(words.at(usize::MAX), "", "nothing rather than a fault");
    }
}

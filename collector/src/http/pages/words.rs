//! The words of a page: whose language they are in, and what stands in place of ours.

use hearback_shared::limits::CONTEXT_CHARS;
use litemap::LiteMap;
use serde_json::{Map, Value};

/// Words of a project's own: by language, then by name.
pub type Strings = LiteMap<String, LiteMap<String, String>>;

/// The languages that there are words for (`widget/locales`).
const LANGUAGES: [&str; 12] = [
    "ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "zh",
];

const ENGLISH: &str = "en";

/// What a form cannot do without, where the words could not be read.
const FEW: &str = r#"{"title":"Your feedback","title_waiting":"Not sent yet","title_arrived":"Thank you","kind":"What is it about?","kind_bug":"Problem","kind_idea":"Idea","kind_praise":"Praise","kind_question":"Question","text_bug":"Your words","text_idea":"Your words","text_praise":"Your words","text_question":"Your words","rating":"Rating","email":"E-mail","send":"Send","arrived":"Your feedback has arrived.","form_later":"Please send it again in a moment.","receipt":"See what became of it"}"#;

/// The words of one page.
#[derive(Clone, Debug)]
pub struct Words {
    /// The language, a BCP 47 tag.
    pub lang: String,
    all: Map<String, Value>,
}

/// Languages that a visitor reads, the best first: one that the address names, then the browser's.
pub fn wanted(named: Option<&str>, accept_language: Option<&str>) -> Vec<String> {
    let mut browser: Vec<(&str, &str)> = accept_language
        .unwrap_or_default()
        .split(',')
        .map(|one| one.split_once(';').unwrap_or((one, "q=1")))
        // As texts these are in the order of their numbers: `q=0.85`, `q=0.9`, `q=1`.
        .map(|(tag, quality)| (tag.trim(), quality.trim()))
        .collect();
    browser.sort_by(|(_, one), (_, other)| other.cmp(one));
    let browser = browser.into_iter().map(|(tag, _)| tag);
    named
        .into_iter()
        .chain(browser)
        .filter(|tag| (1..=CONTEXT_CHARS).contains(&tag.len()) && *tag != "*")
        .map(str::to_owned)
        .collect()
}

/// The first of the wanted languages that there are words in, ours or the project's.
pub fn language(wanted: &[String], strings: &Strings) -> String {
    let found = wanted
        .iter()
        .find(|tag| strings.contains_key(*tag) || is_ours(&base(tag)));
    found.map_or(ENGLISH.into(), Clone::clone)
}

/// The file that holds our words in a language; English where there are none.
pub fn file(lang: &str) -> String {
    let base = base(lang);
    if is_ours(&base) { base } else { ENGLISH.into() }
}

/// `de` of `de-AT`.
fn base(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

fn is_ours(base: &str) -> bool {
    LANGUAGES.contains(&base)
}

impl Words {
    /// Our words as the file has them, the project's in place of those it names.
    pub fn of(lang: String, file: Option<&str>, strings: &Strings) -> Self {
        let read = |text: &str| serde_json::from_str(text).ok();
        let mut all: Map<String, Value> = file.and_then(read).or_else(|| read(FEW)).unwrap_or_default();
        for layer in ["*", &base(&lang), &lang] {
            for (name, text) in strings.get(layer).into_iter().flat_map(LiteMap::iter) {
                all.insert(name.clone(), text.as_str().into());
            }
        }
        Self { lang, all }
    }

    /// `ltr` or `rtl`.
    pub(super) fn dir(&self) -> &'static str {
        match base(&self.lang).as_str() {
            "ar" | "fa" | "he" | "ur" => "rtl",
            _ => "ltr",
        }
    }

    /// The words of this name.
    pub(super) fn at(&self, name: &str) -> &str {
        self.all.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Those of one of several that begin alike, such as the kinds'.
    pub(super) fn of_kind(&self, group: &str, one: &str) -> &str {
        self.at(&[group, one].concat())
    }

    /// The same with a reason in its gap.
    pub(super) fn with(&self, name: &str, reason: &str) -> String {
        self.at(name).replace("{reason}", reason)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn strings(json: &str) -> Strings {
        let settings: hearback_shared::settings::WidgetSettings =
            serde_json::from_str(&format!(r#"{{"strings":{json}}}"#)).expect("settings");
        settings.strings
    }

    #[test]
    fn the_languages_are_those_that_have_a_file_and_all_say_the_same() {
        let names = |folder: &str, language: &str| -> BTreeSet<String> {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../widget")
                .join(folder);
            let text = fs::read_to_string(path.join(format!("{language}.json"))).expect("a file a language");
            let words: Map<String, Value> = serde_json::from_str(&text).expect("JSON");
            assert!(
                words
                    .values()
                    .all(|word| word.as_str().is_some_and(|word| !word.is_empty()))
            );
            words.into_iter().map(|(name, _)| name).collect()
        };
        let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../widget/locales"));
        assert_eq!(files.expect("a folder").count(), LANGUAGES.len());
        for folder in ["locales", "pages/locales"] {
            for language in LANGUAGES {
                assert_eq!(
                    names(folder, language),
                    names(folder, ENGLISH),
                    "{folder}/{language}"
                );
            }
        }
        assert!(names("locales", ENGLISH).is_disjoint(&names("pages/locales", ENGLISH)));
        let docs = include_str!("../../../../docs/widget-strings.md");
        let (_, pages) = docs.split_once("\n## Words of pages").expect("a section");
        for name in names("pages/locales", ENGLISH) {
            assert!(
                pages.contains(&format!("| `{name}` |")),
                "docs/widget-strings.md has no {name}"
            );
        }
        let few: Map<String, Value> = serde_json::from_str(FEW).expect("JSON");
        let all: BTreeSet<_> = names("locales", ENGLISH)
            .union(&names("pages/locales", ENGLISH))
            .cloned()
            .collect();
        assert!(few.keys().all(|name| all.contains(name)));
    }

    #[test]
    fn the_language_is_the_named_one_then_the_browsers_best_that_there_are_words_in() {
        let check = |named: Option<&str>, accept: &str, own: &str, expect: &str| {
            assert_eq!(
                language(&wanted(named, Some(accept)), &strings(own)),
                expect,
                "{named:?} {accept}"
            );
        };
        check(None, "", "{}", "en");
        check(None, "*", "{}", "en");
        check(None, "sv-SE,sv;q=0.9,de-AT;q=0.8,en;q=0.7", "{}", "de-AT");
        check(None, "en;q=0.7, fr;q=0.85, nl;q=0.9", "{}", "nl");
        check(Some("ja"), "de", "{}", "ja");
        check(Some("tlh"), "de", "{}", "de");
        check(
            None,
            "sv-SE,sv;q=0.9,de;q=0.8",
            r#"{"sv":{"send":"Skicka"}}"#,
            "sv",
        );
        check(None, "AR-EG", "{}", "AR-EG");
        assert_eq!(file("AR-EG"), "ar");
        assert_eq!(file("sv"), "en");
        assert_eq!(file("../x"), "en");
    }

    #[test]
    fn the_projects_words_go_before_ours() {
        let own = strings(r#"{"*":{"send":"*","title":"*"},"de":{"send":"de"},"de-AT":{"kind":"at"}}"#);
        let file = r#"{"send":"ours","title":"ours","kind":"ours","email":"ours"}"#;
        let words = Words::of("de-AT".into(), Some(file), &own);
        assert_eq!(
            ["send", "title", "kind", "email", "none"].map(|name| words.at(name)),
            ["de", "*", "at", "ours", ""]
        );
        let broken = Words::of("ar".into(), Some("{"), &own);
        assert_eq!((broken.at("kind_bug"), broken.dir()), ("Problem", "rtl"));
    }
}

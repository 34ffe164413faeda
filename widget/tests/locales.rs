//! The languages say the same things: the same names, with the same gaps, in forms that the language has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The plural categories of each language for whole numbers (Unicode CLDR); `other` is in all of them. What a language
/// uses for millions alone may be left to `other`.
const FORMS: [(&str, &[&str]); 12] = [
    ("ar", &["zero", "one", "two", "few", "many"]),
    ("de", &["one"]),
    ("en", &["one"]),
    ("es", &["one"]),
    ("fr", &["one"]),
    ("it", &["one"]),
    ("ja", &[]),
    ("nl", &["one"]),
    ("pl", &["one", "few", "many"]),
    ("pt", &["one"]),
    ("ru", &["one", "few", "many"]),
    ("zh", &[]),
];
/// Names of words that hold a number.
const COUNTED: [&str; 2] = ["left", "over"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Name and words of each line, read as JSON and as `build.rs` reads it.
fn words(language: &str) -> Vec<(String, String)> {
    let text =
        fs::read_to_string(root().join(format!("locales/{language}.json"))).expect("a file a language");
    let json: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).expect("JSON");
    let names = text.lines().filter_map(|line| line.trim().split('"').nth(1));
    let words: Vec<_> = names
        .map(|name| (name.to_owned(), json[name].as_str().expect("a text").to_owned()))
        .collect();
    assert_eq!(
        words.len(),
        json.len(),
        "{language}: one pair a line, each name once"
    );
    words
}

/// What stands in braces, in any order.
fn gaps(words: &str) -> BTreeSet<&str> {
    words
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .collect()
}

#[test]
fn there_is_a_file_for_each_language_and_no_other() {
    let files: BTreeSet<_> = fs::read_dir(root().join("locales"))
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    let expected: BTreeSet<_> = FORMS
        .iter()
        .map(|(language, _)| format!("{language}.json"))
        .collect();
    assert_eq!(files, expected);
}

#[test]
fn every_language_has_the_same_names_in_the_same_order_with_the_same_gaps() {
    let english = words("en");
    for (language, _) in FORMS {
        let own = words(language);
        let names =
            |words: &[(String, String)]| words.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&own), names(&english), "{language}");
        for ((name, own), (_, english)) in own.iter().zip(&english) {
            assert!(!own.trim().is_empty(), "{language}: {name}");
            assert_eq!(gaps(own), gaps(english), "{language}: {name}");
        }
    }
}

#[test]
fn what_is_counted_has_every_form_that_the_language_has() {
    for (language, forms) in FORMS {
        for (name, text) in words(language) {
            assert_eq!(
                COUNTED.contains(&name.as_str()),
                text.contains("[other]"),
                "{language}: {name}"
            );
            if COUNTED.contains(&name.as_str()) {
                for form in forms {
                    assert!(
                        text.contains(&format!("[{form}]")),
                        "{language}: {name} has no form for `{form}`"
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_was_left_in_english() {
    let english = words("en");
    for (language, _) in FORMS.iter().filter(|(language, _)| *language != "en") {
        let same = words(language)
            .iter()
            .zip(&english)
            .filter(|(own, english)| own.1 == english.1)
            .count();
        // `Page`, `Version`, `Idea` and `Problem` are words of other languages too.
        assert!(same <= 6, "{language}: {same} words are the English ones");
    }
}

#[test]
fn the_docs_name_every_word_that_can_be_replaced() {
    let docs = fs::read_to_string(root().join("../docs/widget-strings.md")).expect("the page");
    // What only pages say comes after; the collector's tests hold it.
    let panel = docs.split("\n## Words of pages").next().unwrap_or_default();
    let rows = panel.lines().filter(|line| line.starts_with("| `"));
    let listed: Vec<_> = rows
        .map(|line| {
            let mut cells = line.trim_matches('|').split(" | ");
            let mut cell = || {
                cells
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .trim_matches('`')
                    .to_owned()
            };
            (cell(), cell())
        })
        .collect();
    assert_eq!(
        listed,
        words("en"),
        "docs/widget-strings.md lists name and English words, in the order of en.json"
    );
}

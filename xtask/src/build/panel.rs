//! What visitors load once they go for the launcher: the panel, the words of their language, and where they want to see
//! what will be sent or add a picture, the modules for that; all under hashed names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::module::{self, Module, Source};
use super::{Mode, rust_inputs};
use crate::tools::Tools;
use crate::{assets, paths, stamp, wasm};

/// The language that the panel brings along.
const BUILT_IN: &str = "en";
/// How the names of words begin that only those need who add a picture. They are in files of their own.
pub(super) const OF_PICTURES: &str = "shot_";

/// What the panel fetches for those who want to see what will be sent.
const PREVIEW: Source = Source {
    name: "preview",
    package: "hearback-preview",
    folder: "widget/preview",
    entry: Some("src/preview.js"),
};

/// What marks pictures.
const ANNOTATE: Source = Source {
    name: "annotate",
    package: "hearback-annotate",
    folder: "widget/annotate",
    entry: Some("src/browser/annotate.js"),
};

/// The panel, and what is fetched with it.
pub(super) struct Panel {
    /// The panel itself.
    pub module: Module,
    /// What marks pictures.
    pub annotate: Module,
    /// `hb/shots.<hash>.`, before the language and `.json`.
    pub shots: String,
}

/// Builds the panel and what it fetches, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode) -> Result<Panel> {
    let preview = module::build(tools, mode, &PREVIEW)?;
    let annotate = module::build(tools, mode, &ANNOTATE)?;
    let inputs = rust_inputs(mode)?
        .text(&preview.name)
        .text(&preview.digest)
        .paths(&[
            "scan",
            "shared",
            "widget/Cargo.toml",
            "widget/build.rs",
            "widget/locales",
            "widget/src",
        ])?;
    let files = stamp::unless_made("panel", inputs, || make(tools, mode, &preview))?;
    Ok(Panel {
        module: Module::among(&files, "panel")?,
        annotate,
        shots: words(true)?.name,
    })
}

fn make(tools: &Tools, mode: Mode, preview: &Module) -> Result<Vec<PathBuf>> {
    let module = wasm::small_page(tools, "hearback-widget", "panel", mode)?;
    let (words, shots) = (words(false)?, words(true)?);
    let languages: Vec<_> = words.all.iter().map(|(language, _)| language.as_str()).collect();
    let mut defines = [
        ("ENGLISH", words.english.clone()),
        ("LANGUAGES", format!("\"{}\"", languages.join(" "))),
        ("WORDS", format!("\"{}\"", words.name)),
    ]
    .map(|(name, value)| (format!("define:__{name}__"), value))
    .to_vec();
    defines.extend(preview.defines("PREVIEW"));
    let js = module::bundle(&module.glue, "panel", &defines)?;
    let mut files = module::write("panel", &js, &fs::read(&module.wasm)?)?;
    for Words { name, all, .. } in [&words, &shots] {
        for (language, bytes) in all {
            // The built-in language as well: who asks for `words.<hash>.en.json` is answered like anybody.
            files.extend(assets::write(&format!("{name}{language}.json"), bytes)?);
        }
    }
    let ours = |name: &str| {
        ["panel.", "words.", "shots."]
            .iter()
            .any(|start| name.starts_with(start))
    };
    assets::prune("hb", ours, &files)?;
    Ok(files)
}

/// The words of all languages.
struct Words {
    /// `hb/words.<hash>.`, before the language and `.json`. One hash for all: they change together.
    name: String,
    /// The built-in ones, as JSON.
    english: String,
    /// Each language with its words as JSON, without spaces, by name.
    all: Vec<(String, Vec<u8>)>,
}

/// Those of pictures, or all others.
fn words(of_pictures: bool) -> Result<Words> {
    let mut all = Vec::new();
    let mut english = String::new();
    for entry in fs::read_dir(paths::root().join("widget/locales"))? {
        let path = entry?.path();
        let language = file_name(&path).trim_end_matches(".json").to_owned();
        let json = fs::read_to_string(&path)?;
        let small = one_line(&json, of_pictures);
        if language == BUILT_IN {
            english.clone_from(&small);
        }
        all.push((language, small.into_bytes()));
    }
    all.sort();
    let parts: Vec<_> = all.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    Ok(Words {
        name: format!(
            "hb/{}.{}.",
            if of_pictures { "shots" } else { "words" },
            assets::hash(&parts)
        ),
        english,
        all,
    })
}

/// One pair a line is for people (and for `widget/build.rs`); the order stays, which a map would lose.
fn one_line(json: &str, of_pictures: bool) -> String {
    let pairs: Vec<_> = json
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|pair| pair.len() > 1 && pair[1..].starts_with(OF_PICTURES) == of_pictures)
        .map(|pair| pair.replacen("\": \"", "\":\"", 1))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

//! What visitors load once they go for the launcher: the panel, the words of their language, and the preview's
//! redaction if they want to see it; all under hashed names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::{Mode, esbuild, rust_inputs};
use crate::tools::Tools;
use crate::{assets, paths, stamp, wasm};

/// The language that the panel brings along.
const BUILT_IN: &str = "en";

/// The panel's files by their names below the loader's address.
pub(super) struct Panel {
    /// `hb/panel.<hash>.js`
    pub js: String,
    /// `hb/panel.<hash>.wasm`
    pub wasm: String,
}

/// Builds the panel and what it fetches, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode) -> Result<Panel> {
    let preview = build_preview(tools, mode)?;
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
    let name = |extension: &str| {
        let path = files.iter().find(|path| {
            path.extension().is_some_and(|found| found == extension) && file_name(path).starts_with("panel.")
        });
        let name = path.and_then(|path| path.strip_prefix(paths::assets()).ok());
        name.map(|name| name.display().to_string())
            .with_context(|| format!("the panel has no .{extension} file"))
    };
    Ok(Panel {
        js: name("js")?,
        wasm: name("wasm")?,
    })
}

fn make(tools: &Tools, mode: Mode, preview: &Preview) -> Result<Vec<PathBuf>> {
    let module = wasm::small_page(tools, "hearback-widget", "panel", mode)?;
    let words = words()?;
    let languages: Vec<_> = words.all.iter().map(|(language, _)| language.as_str()).collect();
    let defines = [
        ("ENGLISH", words.english),
        ("LANGUAGES", format!("\"{}\"", languages.join(" "))),
        ("WORDS", format!("\"{}\"", words.name)),
        ("PREVIEW", format!("\"{}\"", preview.name)),
        ("PREVIEW_DIGEST", format!("\"{}\"", preview.digest)),
    ]
    .map(|(name, value)| (format!("define:__{name}__"), value));
    let (js, wasm) = (bundle(&module.glue, "panel", &defines)?, fs::read(&module.wasm)?);
    let hash = assets::hash(&[&js, &wasm]);
    let mut files = assets::write(&format!("hb/panel.{hash}.js"), &js)?;
    files.extend(assets::write(&format!("hb/panel.{hash}.wasm"), &wasm)?);
    for (language, bytes) in &words.all {
        // The built-in language as well: who asks for `words.<hash>.en.json` is answered like anybody.
        files.extend(assets::write(&format!("{}{language}.json", words.name), bytes)?);
    }
    let ours = |name: &str| name.starts_with("panel.") || name.starts_with("words.");
    assets::prune("hb", ours, &files)?;
    Ok(files)
}

/// A script and what it imports as one small file.
fn bundle(entry: &Path, step: &str, options: &[(String, String)]) -> Result<Vec<u8>> {
    let small = paths::work().join(step).join("bundled.js");
    let mut all = vec!["--format=esm".to_owned()];
    all.extend(options.iter().map(|(name, value)| format!("--{name}={value}")));
    esbuild::bundle(step, entry, &small, esbuild::MODULE_TARGET, &all)?;
    fs::read(&small).with_context(|| format!("reading {}", paths::shown(&small)))
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

fn words() -> Result<Words> {
    let mut all = Vec::new();
    let mut english = String::new();
    for entry in fs::read_dir(paths::root().join("widget/locales"))? {
        let path = entry?.path();
        let language = file_name(&path).trim_end_matches(".json").to_owned();
        let json = fs::read_to_string(&path)?;
        let small = one_line(&json);
        if language == BUILT_IN {
            english.clone_from(&small);
        }
        all.push((language, small.into_bytes()));
    }
    all.sort();
    let parts: Vec<_> = all.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    Ok(Words {
        name: format!("hb/words.{}.", assets::hash(&parts)),
        english,
        all,
    })
}

/// One pair a line is for people (and for `widget/build.rs`); the order stays, which a map would lose.
fn one_line(json: &str) -> String {
    json.lines()
        .map(|line| line.trim().replacen("\": \"", "\":\"", 1))
        .collect()
}

/// The preview's files.
struct Preview {
    /// `hb/preview.<hash>`, before `.js` and `.wasm`.
    name: String,
    /// The module's digest, as `integrity` wants it.
    digest: String,
}

fn build_preview(tools: &Tools, mode: Mode) -> Result<Preview> {
    let inputs = rust_inputs(mode)?.paths(&["scan", "shared", "widget/preview"])?;
    let files = stamp::unless_made("preview", inputs, || {
        let module = wasm::small_page(tools, "hearback-preview", "preview", mode)?;
        let entry = paths::root().join("widget/preview/src/preview.js");
        let glue = (
            "alias:preview-module".to_owned(),
            module.glue.display().to_string(),
        );
        let (js, wasm) = (bundle(&entry, "preview", &[glue])?, fs::read(&module.wasm)?);
        let hash = assets::hash(&[&js, &wasm]);
        let mut files = assets::write(&format!("hb/preview.{hash}.js"), &js)?;
        files.extend(assets::write(&format!("hb/preview.{hash}.wasm"), &wasm)?);
        assets::prune("hb", |name| name.starts_with("preview."), &files)?;
        Ok(files)
    })?;
    let module = files
        .iter()
        .find(|path| path.extension().is_some_and(|found| found == "wasm"))
        .context("the preview has no module")?;
    let digest = BASE64_STANDARD.encode(Sha256::digest(fs::read(module)?));
    Ok(Preview {
        name: format!("hb/{}", file_name(module).trim_end_matches(".wasm")),
        digest: format!("sha256-{digest}"),
    })
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

//! What visitors load once they go for the launcher: the panel, the words of their language, and where they want to see
//! what will be sent or add a picture, the modules for that; all under hashed names.

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
/// How the names of words begin that only those need who add a picture. They are in files of their own.
pub(super) const OF_PICTURES: &str = "shot_";

/// The panel's files by their names below the loader's address.
pub(super) struct Panel {
    /// `hb/panel.<hash>.js`
    pub js: String,
    /// `hb/panel.<hash>.wasm`
    pub wasm: String,
    /// What marks pictures.
    pub annotate: Module,
    /// `hb/shots.<hash>.`, before the language and `.json`.
    pub shots: String,
}

/// A module's files.
pub(super) struct Module {
    /// `hb/preview.<hash>`, before `.js` and `.wasm`.
    pub name: String,
    /// Its digest, as `integrity` wants it.
    pub digest: String,
}

/// Builds the panel and what it fetches, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode) -> Result<Panel> {
    let preview = build_module(tools, mode, "preview", "preview.js", &["scan", "shared"])?;
    let annotate = build_module(tools, mode, "annotate", "browser/annotate.js", &[])?;
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
        annotate,
        shots: words(true)?.name,
    })
}

fn make(tools: &Tools, mode: Mode, preview: &Module) -> Result<Vec<PathBuf>> {
    let module = wasm::small_page(tools, "hearback-widget", "panel", mode)?;
    let (words, shots) = (words(false)?, words(true)?);
    let languages: Vec<_> = words.all.iter().map(|(language, _)| language.as_str()).collect();
    let defines = [
        ("ENGLISH", words.english.clone()),
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

/// A crate below `widget/` that is fetched when it is wanted: its module, and the script `entry` that goes with it.
fn build_module(tools: &Tools, mode: Mode, name: &str, entry: &str, uses: &[&str]) -> Result<Module> {
    let folder = format!("widget/{name}");
    let inputs = rust_inputs(mode)?.paths(uses)?.paths(&[&folder])?;
    let files = stamp::unless_made(name, inputs, || {
        let module = wasm::small_page(tools, &format!("hearback-{name}"), name, mode)?;
        let entry = paths::root().join(&folder).join("src").join(entry);
        let glue = (format!("alias:{name}-module"), module.glue.display().to_string());
        let (js, wasm) = (bundle(&entry, name, &[glue])?, fs::read(&module.wasm)?);
        let hash = assets::hash(&[&js, &wasm]);
        let mut files = assets::write(&format!("hb/{name}.{hash}.js"), &js)?;
        files.extend(assets::write(&format!("hb/{name}.{hash}.wasm"), &wasm)?);
        assets::prune("hb", |file| file.starts_with(&format!("{name}.")), &files)?;
        Ok(files)
    })?;
    let module = files
        .iter()
        .find(|path| path.extension().is_some_and(|found| found == "wasm"))
        .with_context(|| format!("the {name} has no module"))?;
    let digest = BASE64_STANDARD.encode(Sha256::digest(fs::read(module)?));
    Ok(Module {
        name: format!("hb/{}", file_name(module).trim_end_matches(".wasm")),
        digest: format!("sha256-{digest}"),
    })
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

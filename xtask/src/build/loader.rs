//! The loader: one classic script, which a page loads on every view, and its parts, each loaded where it is needed.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::esbuild;
use super::panel::Panel;
use crate::stamp::{self, Inputs};
use crate::{assets, paths};

/// Where the parts' entry files lie; what they share starts with an underscore.
const PARTS: &str = "widget/loader/src/parts";

/// Checks and bundles the loader, unless nothing changed.
pub(super) fn build(panel: &Panel) -> Result<()> {
    let mut inputs = Inputs::new();
    for (_, value) in defines(panel) {
        inputs = inputs.text(value);
    }
    let inputs = inputs.paths(&[
        "widget/loader",
        "tsconfig.base.json",
        "package-lock.json",
        "xtask/src/build",
        "xtask/src/assets.rs",
    ])?;
    stamp::unless_made("loader", inputs, || make(panel))?;
    Ok(())
}

fn make(panel: &Panel) -> Result<Vec<PathBuf>> {
    esbuild::check_types("loader", "widget/loader")?;
    let (hash, mut files) = parts(panel)?;
    let entry = paths::root().join("widget/loader/src/index.ts");
    let out = paths::work().join("hearback.js");
    let options = [
        "--format=iife".to_owned(),
        format!("--define:__PARTS__=\"{hash}\""),
    ];
    esbuild::bundle("loader", &entry, &out, esbuild::MODULE_TARGET, &options)?;
    files.extend(assets::write("hearback.js", &fs::read(out)?)?);
    Ok(files)
}

/// What the parts have to know of files that are built before them.
fn defines(panel: &Panel) -> [(&'static str, &str); 5] {
    [
        ("PANEL_JS", &panel.js),
        ("PANEL_WASM", &panel.wasm),
        ("ANNOTATE", &panel.annotate.name),
        ("ANNOTATE_DIGEST", &panel.annotate.digest),
        ("SHOTS", &panel.shots),
    ]
}

/// Makes a module of each part. They bear one hash, of all of them together, so that the loader needs to know only one.
fn parts(panel: &Panel) -> Result<(String, Vec<PathBuf>)> {
    let mut options = vec!["--format=esm".to_owned()];
    options.extend(defines(panel).map(|(name, value)| format!("--define:__{name}__=\"{value}\"")));
    let mut parts = Vec::new();
    for (name, entry) in entries(&paths::root().join(PARTS))? {
        let out = paths::work().join(format!("part.{name}.js"));
        esbuild::bundle("loader", &entry, &out, esbuild::MODULE_TARGET, &options)?;
        parts.push((name, fs::read(out)?));
    }
    let contents: Vec<_> = parts.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let hash = assets::hash(&contents);
    let mut files = Vec::new();
    for (name, bytes) in &parts {
        files.extend(assets::write(&format!("hb/{name}.{hash}.js"), bytes)?);
    }
    let panels = ["panel.", "preview.", "annotate.", "words.", "shots."];
    assets::prune(
        "hb",
        |name| !panels.iter().any(|start| name.starts_with(start)),
        &files,
    )?;
    Ok((hash, files))
}

/// Names and files of the parts, in the order of the names.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", paths::shown(folder)))? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .and_then(OsStr::to_str)
            .unwrap_or_default()
            .to_owned();
        if path.extension().is_some_and(|extension| extension == "ts") && !name.starts_with('_') {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

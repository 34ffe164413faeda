//! The loader: one classic script, which a page loads on every view, and its parts, each loaded where it is needed.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::module::{self, Module, Source};
use super::panel::Panel;
use super::{Mode, esbuild};
use crate::stamp::{self, Inputs};
use crate::tools::Tools;
use crate::{assets, paths};

/// Where the parts' entry files lie; what they share starts with an underscore.
const PARTS: &str = "widget/loader/src/parts";

/// What the part `debug` fetches.
const DEBUG: Source = Source {
    name: "validator",
    package: "hearback-validator",
    folder: "widget/validator",
    entry: None,
};

/// What else lies below `hb/`, by what stands before the hash: files that are not the loader's.
pub const OTHERS: [&str; 6] = ["panel", "preview", "annotate", "words", "shots", "validator"];

/// The loader under a name with a hash, for pages that bear its digest: below `hb/`, where all is immutable.
pub const PINNED: &str = "hearback";

/// By which the loader takes its own name off its address (`page.ts`).
const OWN_NAME: &str = "/[^/]*$/";

/// Builds the edge's rules as a module for the page, unless nothing changed.
pub(super) fn build_debug(tools: &Tools, mode: Mode) -> Result<Module> {
    module::build(tools, mode, &DEBUG)
}

/// Checks and bundles the loader, unless nothing changed.
pub(super) fn build(panel: &Panel, debug: &Module) -> Result<()> {
    let modules = [
        ("PANEL", &panel.module),
        ("ANNOTATE", &panel.annotate),
        ("DEBUG", debug),
    ];
    let shots = ("define:__SHOTS__".to_owned(), format!("\"{}\"", panel.shots));
    let defines: Vec<_> = modules
        .iter()
        .flat_map(|(name, module)| module.defines(name))
        .chain([shots])
        .map(|(name, value)| format!("--{name}={value}"))
        .collect();
    let inputs = defines
        .iter()
        .fold(Inputs::new(), |inputs, define| inputs.text(define))
        .paths(&[
            "widget/loader",
            "tsconfig.base.json",
            "package-lock.json",
            "xtask/src/build",
            "xtask/src/assets.rs",
        ])?;
    stamp::unless_made("loader", inputs, || make(&defines))?;
    Ok(())
}

fn make(defines: &[String]) -> Result<Vec<PathBuf>> {
    esbuild::check_types("loader", "widget/loader")?;
    let parts = parts(defines)?;
    let contents: Vec<_> = parts.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let hash = assets::hash(&contents);
    let mut files = Vec::new();
    for (name, bytes) in &parts {
        files.extend(assets::write(&format!("hb/{name}.{hash}.js"), bytes)?);
    }
    let pinned = eager(&hash, true)?;
    let name = format!("hb/{PINNED}.{}.js", assets::hash(&[&pinned]));
    files.extend(assets::write(&name, &pinned)?);
    let ours = |name: &str| !OTHERS.contains(&name.split('.').next().unwrap_or_default());
    assets::prune("hb", ours, &files)?;
    files.extend(assets::write("hearback.js", &eager(&hash, false)?)?);
    Ok(files)
}

/// The eager file. The pinned one finds the rest from its own place.
fn eager(parts: &str, is_pinned: bool) -> Result<Vec<u8>> {
    let entry = paths::root().join("widget/loader/src/index.ts");
    let out = paths::work().join(if is_pinned { "pinned.js" } else { "hearback.js" });
    let options = [
        "--format=iife".to_owned(),
        format!("--define:__PARTS__=\"{parts}\""),
    ];
    esbuild::bundle("loader", &entry, &out, esbuild::MODULE_TARGET, &options)?;
    let script = fs::read_to_string(out)?;
    if !is_pinned {
        return Ok(script.into_bytes());
    }
    // Put in here: as a choice in the source it would change the names of everything, and cost the other file bytes.
    let (before, after) = script
        .split_once(OWN_NAME)
        .with_context(|| format!("the loader's base is no longer found by {OWN_NAME}"))?;
    Ok(format!("{before}/hb\\{OWN_NAME}{after}").into_bytes())
}

/// A module of each part. They bear one hash, of all of them together, so that the loader needs to know only one.
fn parts(defines: &[String]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut options = vec!["--format=esm".to_owned()];
    options.extend_from_slice(defines);
    let mut parts = Vec::new();
    for (name, entry) in entries(&paths::root().join(PARTS))? {
        let out = paths::work().join(format!("part.{name}.js"));
        esbuild::bundle("loader", &entry, &out, esbuild::MODULE_TARGET, &options)?;
        parts.push((name, fs::read(out)?));
    }
    Ok(parts)
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

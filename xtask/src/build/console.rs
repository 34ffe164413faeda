//! The console: module, glue, chart, style and page. All but the page lie in a folder that is named by their content
//! and so can be kept by browsers for good; the names within it stay plain, because they name each other.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::{Mode, esbuild, rust_inputs};
use crate::tools::Tools;
use crate::{assets, paths, stamp, wasm};

/// Where `console/index.html` names the folder.
const PLACE: &str = "{{dir}}";

/// Builds the console, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode) -> Result<()> {
    let inputs = rust_inputs(mode)?.paths(&["scan", "shared", "console", "docs/rejections.md"])?;
    stamp::unless_made("console", inputs, || make(tools, mode))?;
    Ok(())
}

fn make(tools: &Tools, mode: Mode) -> Result<Vec<PathBuf>> {
    esbuild::check_types("console", "console/chart")?;
    let module = wasm::page(tools, "hearback-console", "console", mode)?;
    let work = paths::work().join("console-files");
    let source = |name: &str| paths::root().join("console").join(name);
    let module_format = ["--format=esm".to_owned()];
    esbuild::bundle(
        "console",
        &source("chart/chart.ts"),
        &work.join("chart.js"),
        esbuild::MODULE_TARGET,
        &module_format,
    )?;
    esbuild::bundle(
        "console",
        &source("style/console.css"),
        &work.join("console.css"),
        esbuild::MODULE_TARGET,
        &[],
    )?;
    esbuild::minify("console", &source("boot.js"), &work.join("boot.js"))?;
    esbuild::minify("console", &module.glue, &work.join("console.js"))?;
    fs::copy(&module.wasm, work.join("console_bg.wasm"))?;
    publish(&work, &source("index.html"))
}

/// The files, in the order in which they are named here and hashed.
const FILES: [&str; 5] = [
    "boot.js",
    "chart.js",
    "console.css",
    "console.js",
    "console_bg.wasm",
];

fn publish(work: &Path, page: &Path) -> Result<Vec<PathBuf>> {
    let contents = FILES.map(|name| fs::read(work.join(name)).with_context(|| format!("reading {name}")));
    let contents = contents.into_iter().collect::<Result<Vec<_>>>()?;
    let parts: Vec<_> = contents.iter().map(Vec::as_slice).collect();
    let hash = assets::hash(&parts);
    let mut files = Vec::new();
    for (name, bytes) in FILES.iter().zip(&contents) {
        files.extend(assets::write(&format!("console/{hash}/{name}"), bytes)?);
    }
    let page = fs::read_to_string(page).context("reading console/index.html")?;
    ensure!(
        page.contains(PLACE),
        "console/index.html does not say {PLACE} where the folder of its files belongs"
    );
    let page = page.replace(PLACE, &format!("/console/{hash}"));
    files.extend(assets::write("console/index.html", page.as_bytes())?);
    assets::prune_folders("console", &hash)?;
    Ok(files)
}

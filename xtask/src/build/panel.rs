//! The panel: a WASM module and its glue, under hashed names.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{Mode, esbuild, rust_inputs};
use crate::tools::Tools;
use crate::{assets, paths, stamp, wasm};

/// The panel's files by their names below the loader's address.
pub(super) struct Panel {
    /// `hb/panel.<hash>.js`
    pub js: String,
    /// `hb/panel.<hash>.wasm`
    pub wasm: String,
}

/// Builds the panel, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode) -> Result<Panel> {
    let inputs = rust_inputs(mode)?.paths(&[
        "scan",
        "shared",
        "widget/Cargo.toml",
        "widget/build.rs",
        "widget/src",
    ])?;
    let files = stamp::unless_made("panel", inputs, || make(tools, mode))?;
    let name = |extension: &str| {
        let path = files
            .iter()
            .find(|path| path.extension().is_some_and(|found| found == extension));
        let name = path.and_then(|path| path.strip_prefix(paths::assets()).ok());
        name.map(|name| name.display().to_string())
            .with_context(|| format!("the panel has no .{extension} file"))
    };
    Ok(Panel {
        js: name("js")?,
        wasm: name("wasm")?,
    })
}

fn make(tools: &Tools, mode: Mode) -> Result<Vec<PathBuf>> {
    let module = wasm::page(tools, "hearback-widget", "panel", mode)?;
    let small = module.glue.with_extension("min.js");
    // The loader gives the module's address; the glue's own guess would only be a file to look for in vain.
    let options = ["--format=esm", "--define:import.meta.url=\"\""].map(str::to_owned);
    esbuild::bundle("panel", &module.glue, &small, esbuild::MODULE_TARGET, &options)?;
    let (js, wasm) = (fs::read(&small)?, fs::read(&module.wasm)?);
    let hash = assets::hash(&[&js, &wasm]);
    let mut files = assets::write(&format!("hb/panel.{hash}.js"), &js)?;
    files.extend(assets::write(&format!("hb/panel.{hash}.wasm"), &wasm)?);
    assets::prune("hb", |name| name.starts_with("panel."), &files)?;
    Ok(files)
}

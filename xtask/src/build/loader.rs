//! The loader: one classic script, the only thing a page loads on every view.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::esbuild;
use super::panel::Panel;
use crate::stamp::{self, Inputs};
use crate::{assets, paths};

/// Checks and bundles the loader, unless nothing changed.
pub(super) fn build(panel: &Panel) -> Result<()> {
    let inputs = Inputs::new().text(&panel.js).text(&panel.wasm).paths(&[
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
    let entry = paths::root().join("widget/loader/src/index.ts");
    let out = paths::work().join("hearback.js");
    let options = [
        "--format=iife".to_owned(),
        format!("--define:__PANEL_JS__=\"{}\"", panel.js),
        format!("--define:__PANEL_WASM__=\"{}\"", panel.wasm),
    ];
    esbuild::bundle("loader", &entry, &out, esbuild::LOADER_TARGET, &options)?;
    assets::write("hearback.js", &fs::read(out)?)
}

//! TypeScript and JavaScript, bundled and made small.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{paths, shell, tools};

/// The oldest JavaScript that a page may meet: the loader asks for `Object.hasOwn` anyway, and everything that runs WASM
/// with reference types is as new.
pub const MODULE_TARGET: &str = "es2022";

/// Makes one file of `entry` and all it imports.
pub fn bundle(step: &str, entry: &Path, out: &Path, target: &str, options: &[String]) -> Result<()> {
    let mut command = Command::new(tools::esbuild()?);
    command
        .arg(entry)
        .args([
            "--bundle",
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
        ])
        .arg(format!("--target={target}"))
        .arg(format!("--outfile={}", out.display()))
        .args(options)
        .current_dir(paths::root());
    shell::step(step, "Bundling", &mut command)
}

/// Makes a module small and leaves what it imports where it is.
pub fn minify(step: &str, module: &Path, out: &Path) -> Result<()> {
    let mut command = Command::new(tools::esbuild()?);
    command
        .arg(module)
        .args([
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
            "--format=esm",
        ])
        .arg(format!("--target={MODULE_TARGET}"))
        .arg(format!("--outfile={}", out.display()))
        .current_dir(paths::root());
    shell::step(step, "Making it small", &mut command)
}

/// Makes scripts for Node, one of each entry, which load packages from where they are installed.
pub fn scripts(step: &str, entries: &[PathBuf], out: &Path) -> Result<()> {
    let mut command = Command::new(tools::esbuild()?);
    command
        .args(entries)
        .args([
            "--bundle",
            "--platform=node",
            "--target=node20",
            "--format=esm",
            "--packages=external",
        ])
        .args([
            "--sourcemap=inline",
            "--log-level=warning",
            "--out-extension:.js=.mjs",
        ])
        .arg(format!("--outdir={}", out.display()))
        .current_dir(paths::root());
    shell::step(step, "Bundling the scripts", &mut command)
}

/// Checks the types of a folder that has a tsconfig.json.
pub fn check_types(step: &str, folder: &str) -> Result<()> {
    shell::step(
        step,
        &format!("Checking the types of {folder}"),
        tools::tsc().args(["--project", folder]),
    )
}

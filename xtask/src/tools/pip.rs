//! Packages from Python's registry that hold more than Python: programs and engines, prebuilt.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::apt;
use crate::shell;

const ADVICE: &str = "install Python 3.9 or newer with pip (Debian: apt-get install python3-pip)";

/// Installs one package, without what it depends on, into a folder.
pub(super) fn install(package: &str, folder: &Path, what: &str) -> Result<()> {
    if !has_pip() {
        apt::install("tools", &["python3-pip"], ADVICE)?;
    }
    let mut command = pip();
    command
        .args([
            "install",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--target",
        ])
        .arg(folder)
        .arg(package);
    shell::step("tools", what, &mut command)
}

fn pip() -> Command {
    let mut command = Command::new("python3");
    command.args(["-m", "pip"]);
    command
}

fn has_pip() -> bool {
    pip()
        .arg("--version")
        .output()
        .is_ok_and(|answer| answer.status.success())
}

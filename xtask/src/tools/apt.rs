//! Programs that tests need and only the system's packages have: Debian's, installed where we may.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// Installs packages. `advice` says what a person can do where we may not.
pub(crate) fn install(step: &str, packages: &[&str], advice: &str) -> Result<()> {
    if on_path("apt-get").is_none() || !nix::unistd::geteuid().is_root() {
        bail!("{} is missing: {advice}", packages[0]);
    }
    shell::step(
        step,
        "Reading Debian's package lists",
        Command::new("apt-get").args(["update", "--quiet"]),
    )?;
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    let what = format!("Installing Debian's {}", packages.join(" and "));
    shell::step(step, &what, &mut apt).with_context(|| advice.to_owned())
}

/// A program by its name.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

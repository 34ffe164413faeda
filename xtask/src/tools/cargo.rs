//! Tools from crates.io.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use anyhow::{Context, Result};

use crate::{paths, shell};

/// Which versions of a tool's dependencies are used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// Those its author published it with.
    AsPublished,
    /// The newest that fit.
    Newest,
}

/// Installs one binary of a crate into the cache folder, unless it is there, and returns its path.
pub(super) fn install(package: &str, version: &str, binary: &str, lock: Lock) -> Result<PathBuf> {
    install_with(package, version, binary, lock, &[])
}

/// The same of a binary that is only built with some feature.
pub(super) fn install_with(
    package: &str,
    version: &str,
    binary: &str,
    lock: Lock,
    features: &[&str],
) -> Result<PathBuf> {
    into_cache(package, version, &format!("bin/{binary}"), |folder| {
        let mut command = Command::new(paths::cargo());
        command
            .args([
                "install",
                package,
                "--version",
                &format!("={version}"),
                "--bin",
                binary,
                "--root",
            ])
            .arg(folder)
            .args(features.iter().flat_map(|feature| ["--features", *feature]));
        if lock == Lock::AsPublished {
            command.arg("--locked");
        }
        light(&mut command);
        let what = format!("Compiling {package} {version}, once (a few minutes)");
        shell::step("tools", &what, &mut command).with_context(|| {
            format!("{package} could not be installed. Is crates.io reachable, and is there a C compiler and linker?")
        })
    })
}

/// These tools run for seconds: a fast build of them is worth more than a fast tool.
fn light(command: &mut Command) {
    command
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(paths::root());
}

/// Lets `install` fill a folder that becomes `<name>-<version>` in the cache when it is complete, so that neither a
/// broken installation nor two at once leave half a tool behind. Returns the path of `file` in it.
pub(super) fn into_cache(
    name: &str,
    version: &str,
    file: &str,
    install: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let cache = paths::tools_cache()?;
    let folder = cache.join(format!("{name}-{version}"));
    if folder.join(file).is_file() {
        return Ok(folder.join(file));
    }
    let unfinished = cache.join(format!(".{name}-{version}.{}", process::id()));
    fs::create_dir_all(&unfinished).with_context(|| format!("creating {}", unfinished.display()))?;
    let installed = install(&unfinished);
    if installed.is_ok() {
        // What lies there without the file we need is the rest of an installation that was broken off.
        if folder.exists() && !folder.join(file).is_file() {
            fs::remove_dir_all(&folder)?;
        }
        // Another run may have been faster; then its copy is as good.
        let _ = fs::rename(&unfinished, &folder);
    }
    let _ = fs::remove_dir_all(&unfinished);
    installed?;
    anyhow::ensure!(
        folder.join(file).is_file(),
        "{} is missing after the installation",
        folder.join(file).display()
    );
    Ok(folder.join(file))
}

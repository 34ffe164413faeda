//! Node and the packages of package.json. None needs its install script: the programs lie in packages per platform.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::{paths, shell};

/// The oldest Node whose test runner the journeys run on.
const NODE_MAJOR: u32 = 20;

/// Says what to do where Node is missing or too old.
pub(super) fn check_node() -> Result<()> {
    let advice =
        format!("install Node {NODE_MAJOR} or newer with npm (nodejs.org or your system's packages)");
    let text = shell::capture(Command::new("node").arg("--version")).with_context(|| advice.clone())?;
    let major = text
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR => Ok(()),
        _ => bail!("Node is {}, which is too old: {advice}", text.trim()),
    }
}

/// Installs a folder's packages when its lockfile is newer than what is installed.
pub(super) fn packages(folder: &Path) -> Result<()> {
    let changed = |path: &str| modified(&folder.join(path));
    let lockfile =
        changed("package-lock.json").context("package-lock.json is missing: it is part of the repository")?;
    if changed("node_modules/.package-lock.json").is_some_and(|installed| installed >= lockfile) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    // The settings of a folder below apply there only where they are given.
    npm.args(["ci", "--ignore-scripts", "--no-fund", "--no-audit"])
        .current_dir(folder);
    shell::step("npm", "Installing the npm packages", &mut npm)
        .context("npm ci failed. Is npm installed (it comes with Node), and is its registry reachable?")?;
    // npm leaves its own time stamp in the package's archive on some versions: ours is what counts.
    let marker = folder.join("node_modules/.package-lock.json");
    fs::File::options()
        .append(true)
        .open(&marker)?
        .set_modified(SystemTime::now())?;
    Ok(())
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

/// A command that runs Node in the repository.
pub fn node() -> Command {
    let mut command = Command::new("node");
    command.current_dir(paths::root());
    command
}

/// A command that runs one of the packages' own programs.
pub fn npx(name: &str) -> Command {
    let mut command = Command::new(bin(name));
    command.current_dir(paths::root());
    command
}

/// The TypeScript compiler, which only checks here.
pub fn tsc() -> Command {
    npx("tsc")
}

/// Binaryen's optimizer, a script for Node.
pub fn wasm_opt() -> PathBuf {
    bin("wasm-opt")
}

/// esbuild itself, without its wrapper: the wrapper costs a start of Node each time.
pub fn esbuild() -> Result<PathBuf> {
    platform_program(
        "esbuild",
        &format!("@esbuild/{}-{}", platform(), arch()),
        "bin/esbuild",
    )
}

/// workerd itself: ending its npm wrapper would leave it running.
pub fn workerd() -> Result<PathBuf> {
    let arch = if ARCH == "x86_64" { "64" } else { "arm64" };
    platform_program(
        "workerd",
        &format!("@cloudflare/workerd-{}-{arch}", platform()),
        "bin/workerd",
    )
}

fn bin(name: &str) -> PathBuf {
    paths::root().join("node_modules/.bin").join(name)
}

fn platform_program(name: &str, package: &str, file: &str) -> Result<PathBuf> {
    let path = paths::root().join("node_modules").join(package).join(file);
    if !path.is_file() {
        bail!(
            "{} is missing: run `cargo xtask setup` ({name} exists for Linux and macOS on x64 and arm64)",
            paths::shown(&path)
        );
    }
    Ok(path)
}

fn platform() -> &'static str {
    if OS == "macos" { "darwin" } else { OS }
}

fn arch() -> &'static str {
    match ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    }
}

//! The journeys in a real browser, and the pictures that the docs show.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build::{self, Mode, esbuild};
use crate::tools::{self, apt};
use crate::{paths, shell};

/// Names under which Chromium and its siblings are installed.
const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const MAC: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const ADVICE: &str = "install Chromium (Debian: apt-get install chromium; macOS: brew install --cask chromium), or set \
                      CHROME to the program";
/// Node's runner starts a browser and a server for each file: more at once than cores makes each slow.
const FILES_AT_ONCE: &str = "2";

/// Bundles and runs `tests/browser/*.test.ts`. `xtask` is this program's own path, with which they start servers.
pub fn journeys(xtask: &Path) -> Result<()> {
    run(xtask, |name| name.ends_with(".test.ts"), &[])
}

/// Runs the tests of hostile pages without what they defend: each has to fail then, which passes here.
pub fn defences(xtask: &Path) -> Result<()> {
    let is_hostile = |name: &str| name.starts_with("hostile-") && name.ends_with(".test.ts");
    run(xtask, is_hostile, &[("HEARBACK_DEFENCES", "away")])
}

fn run(xtask: &Path, wanted: impl Fn(&str) -> bool, environment: &[(&str, &str)]) -> Result<()> {
    let chrome = chromium()?;
    let bundled = bundle(wanted)?;
    if bundled.is_empty() {
        bail!("tests/browser has no such tests");
    }
    let mut node = tools::node();
    node.args([
        "--test",
        "--test-reporter=spec",
        "--test-concurrency",
        FILES_AT_ONCE,
    ])
    .args(bundled)
    .envs(environment.iter().copied());
    shell::stream(with_environment(&mut node, xtask, &chrome))
}

/// Takes the pictures in `docs/`.
pub fn screenshots() -> Result<()> {
    let xtask = env::current_exe().context("asking for our own path")?;
    build::all(Mode::Release)?;
    let chrome = chromium()?;
    let bundled = bundle(|name| name == "screenshots.ts")?;
    let script = bundled
        .first()
        .context("tests/browser/screenshots.ts is missing")?;
    let mut node = tools::node();
    node.arg(script);
    shell::stream(with_environment(&mut node, &xtask, &chrome))
}

fn with_environment<'a>(node: &'a mut Command, xtask: &Path, chrome: &Path) -> &'a mut Command {
    node.env("HEARBACK_XTASK", xtask)
        .env("HEARBACK_ROOT", paths::root())
        .env("CHROME", chrome)
}

/// Bundles scripts of `tests/browser`; packages stay outside and are found in the repository.
fn bundle(wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let folder = paths::root().join("tests/browser");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", paths::shown(&folder)))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if wanted(&name) {
            names.push(name);
        }
    }
    names.sort();
    let out = paths::root().join("target/browser-tests");
    let entries: Vec<_> = names.iter().map(|name| folder.join(name)).collect();
    esbuild::scripts("browser", &entries, &out)?;
    Ok(names
        .iter()
        .map(|name| out.join(name).with_extension("mjs"))
        .collect())
}

/// The browser: `CHROME`, one of the usual names, or Debian's package where we may install it.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROME").map(PathBuf::from) {
        if !path.is_file() {
            bail!("CHROME is {}, where nothing is", path.display());
        }
        return Ok(path);
    }
    if let Some(path) = installed() {
        return Ok(path);
    }
    apt::install("browser", &["chromium", "fonts-noto-core"], ADVICE)?;
    installed().with_context(|| format!("apt-get installed no browser that starts: {ADVICE}"))
}

fn installed() -> Option<PathBuf> {
    let mac = MAC.iter().map(PathBuf::from).find(|path| path.is_file());
    NAMES.iter().find_map(|name| apt::on_path(name)).or(mac)
}

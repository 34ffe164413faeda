//! Loader, panel, console, collector and npm packages, each built only when something it is made from has changed.

mod collector;
mod console;
pub mod esbuild;
mod loader;
mod module;
mod packages;
mod pages;
mod panel;

pub use collector::bench_build;
pub use loader::{OTHERS, PINNED};
pub use packages::bundled as npm_bundle;

use std::fs::{self, File};
use std::time::Instant;

use anyhow::Result;

use crate::stamp::Inputs;
use crate::tools::Tools;
use crate::{paths, shell, tools};

/// How much is optimized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What visitors and the edge get.
    Release,
    /// What compiles fastest.
    Dev,
}

/// Installs what the build needs and builds everything.
pub fn all(mode: Mode) -> Result<()> {
    let started = Instant::now();
    let _one_at_a_time = lock()?;
    let tools = tools::ready()?;
    everything(&tools, mode)?;
    shell::say(
        "build",
        &format!("everything is built ({:.1} s)", started.elapsed().as_secs_f64()),
    );
    Ok(())
}

/// Installs what the build needs and builds what visitors load: seconds, where everything takes minutes.
pub fn page(mode: Mode) -> Result<()> {
    let _one_at_a_time = lock()?;
    page_with(&tools::ready()?, mode)
}

/// Installs what the build needs and makes the npm packages.
pub fn npm() -> Result<()> {
    tools::node_packages()?;
    let _one_at_a_time = lock()?;
    packages::build()
}

/// Installs what the build needs and builds the collector that `cargo xtask bench` measures.
pub fn for_bench(mode: Mode) -> Result<()> {
    let _one_at_a_time = lock()?;
    collector::build_for_bench(&tools::ready()?, mode)
}

/// Builds the collector to which tests can give faults. It is never bundled or deployed.
pub fn with_faults() -> Result<()> {
    let _one_at_a_time = lock()?;
    collector::build_with_faults(&tools::ready()?)
}

fn page_with(tools: &Tools, mode: Mode) -> Result<()> {
    let debug = loader::build_debug(tools, mode)?;
    loader::build(&panel::build(tools, mode)?, &debug)?;
    pages::build()
}

fn everything(tools: &Tools, mode: Mode) -> Result<()> {
    page_with(tools, mode)?;
    packages::build()?;
    console::build(tools, mode)?;
    collector::build(tools, mode)
}

/// Two builds at once in one clone would write the same files.
fn lock() -> Result<File> {
    fs::create_dir_all(paths::work())?;
    let file = File::create(paths::work().join("lock"))?;
    if file.try_lock().is_err() {
        shell::say("build", "Waiting for another build in this clone");
        file.lock()?;
    }
    Ok(file)
}

/// What every build of Rust code reads, besides its own crates.
fn rust_inputs(mode: Mode) -> Result<Inputs> {
    Inputs::new().text(&format!("{mode:?}")).paths(&[
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        "package-lock.json",
        "xtask/src/build",
        "xtask/src/glue.rs",
        "xtask/src/wasm.rs",
        "xtask/src/assets.rs",
        "xtask/src/tools",
    ])
}

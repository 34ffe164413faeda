//! `cargo xtask test faults` and `cargo xtask soak`: builds what `tests/faults` runs, and runs it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::{self, Mode};
use crate::{paths, shell};

/// The crate that sends, kills and checks.
pub const PACKAGE: &str = "hearback-faults";

/// What the long run sends, and how often it kills.
const SOAK: Size = Size {
    events: 300_000,
    kills: 150,
};
/// The same for every change.
const SHORT: Size = Size {
    events: 30_000,
    kills: 15,
};
/// Enough repeats for a checker that sees.
const WITHOUT_DEDUPLICATION: Size = Size {
    events: 2_000,
    kills: 0,
};

#[derive(Clone, Copy)]
struct Size {
    events: u64,
    kills: u64,
}

/// How long the run is, and what it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultOptions {
    /// The long one.
    pub is_soak: bool,
    /// Everything left to chance follows from it; a new one for each run unless set.
    pub seed: Option<u64>,
    /// Distinct items, unless as many as usual.
    pub events: Option<u64>,
    /// Kills, unless as many as usual.
    pub kills: Option<u64>,
}

/// Builds and runs: first the collector as it is, then one that knows no repeats, which the checker has to notice.
pub fn run(options: &FaultOptions) -> Result<()> {
    build::all(Mode::Release)?;
    build::with_faults()?;
    run_built(options)
}

/// The same with what is built.
pub(crate) fn run_built(options: &FaultOptions) -> Result<()> {
    let seed = options.seed.map_or_else(fresh_seed, Ok)?;
    let size = if options.is_soak { SOAK } else { SHORT };
    let size = Size {
        events: options.events.unwrap_or(size.events),
        kills: options.kills.unwrap_or(size.kills),
    };
    let mut blind = program(seed, WITHOUT_DEDUPLICATION);
    blind
        .arg("--without-deduplication")
        .arg("--collector")
        .arg(paths::collector_with_faults());
    shell::stream(&mut blind)?;
    // The run that counts comes last: its line of JSON is the last that is printed.
    shell::stream(&mut program(seed, size))
}

fn program(seed: u64, size: Size) -> Command {
    let mut command = Command::new(paths::cargo());
    command
        .args(["run", "--quiet", "--package", PACKAGE, "--"])
        .args(["--seed", &seed.to_string()])
        .args(["--events", &size.events.to_string()])
        .args(["--kills", &size.kills.to_string()])
        .current_dir(paths::root());
    command
}

fn fresh_seed() -> Result<u64> {
    let bytes = fs::File::open("/dev/urandom").and_then(|mut source| {
        let mut bytes = [0; 4];
        std::io::Read::read_exact(&mut source, &mut bytes).map(|()| bytes)
    });
    Ok(u64::from(u32::from_be_bytes(
        bytes.context("reading /dev/urandom")?,
    )))
}

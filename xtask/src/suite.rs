//! `cargo xtask test`: every test there is, one suite after the other, and how each ended.

use std::env;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::build::{self, Mode};
use crate::faults::{self, FaultOptions};
use crate::{browser, bundle, paths, shell, tools};

const SUITES: [&str; 4] = ["unit", "runtime", "faults", "browser"];
/// Runs only where it is named: whether the tests of hostile pages fail without what they defend.
const DEFENCES: &str = "defences";
/// The crate of the tests that start servers.
const RUNTIME_TESTS: &str = "hearback-runtime-tests";

/// Runs the suites with these names, or all. A failed one does not keep the others from running.
pub fn run(names: &[String]) -> Result<()> {
    let is_known = |name: &&String| name.as_str() == DEFENCES || SUITES.contains(&name.as_str());
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        bail!(
            "`{unknown}` is not a suite: there are {} and {DEFENCES}",
            SUITES.join(", ")
        );
    }
    let is_named = |suite: &&str| names.iter().any(|name| name == *suite);
    let mut suites: Vec<_> = SUITES
        .into_iter()
        .filter(|suite| names.is_empty() || is_named(suite))
        .collect();
    if is_named(&DEFENCES) {
        suites.push(DEFENCES);
    }
    // Asked for now: cargo may replace the file while it compiles the tests.
    let xtask = env::current_exe().context("asking for our own path")?;
    if suites != ["unit"] {
        build::all(Mode::Release)?;
    }
    if suites.contains(&"runtime") {
        bundle::run()?;
    }
    if suites.contains(&"faults") {
        build::with_faults()?;
    }
    if suites.contains(&"runtime") {
        // The tests would install them too, but say nothing of it until they end.
        tools::s3_server()?;
        tools::python_with_chdb()?;
        tools::postgres()?;
    }
    let mut ends = Vec::new();
    for suite in suites {
        shell::say("test", &format!("the {suite} tests"));
        let started = Instant::now();
        let end = match suite {
            "unit" => shell::stream(cargo_test().args([
                "--workspace",
                "--exclude",
                RUNTIME_TESTS,
                "--exclude",
                faults::PACKAGE,
            ])),
            "runtime" => shell::stream(cargo_test().args(["--package", RUNTIME_TESTS])),
            "faults" => shell::stream(cargo_test().args(["--package", faults::PACKAGE]))
                .and_then(|()| faults::run_built(&FaultOptions::default())),
            DEFENCES => browser::defences(&xtask),
            _ => browser::journeys(&xtask),
        };
        ends.push((suite, started.elapsed(), end));
    }
    eprintln!();
    for (suite, took, end) in &ends {
        let word = end
            .as_ref()
            .map_or_else(|error| format!("FAILED: {error:#}"), |()| "passed".to_owned());
        shell::say(suite, &format!("{word} ({} s)", took.as_secs()));
    }
    let failed: Vec<_> = ends
        .iter()
        .filter(|(.., end)| end.is_err())
        .map(|(suite, ..)| *suite)
        .collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn cargo_test() -> Command {
    let mut command = Command::new(paths::cargo());
    command.arg("test").current_dir(paths::root());
    command
}

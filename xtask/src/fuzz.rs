//! `cargo xtask fuzz`: libFuzzer on each target of `fuzz/`, with the repository's golden payloads as seeds.
//!
//! The crate there is a workspace of its own. Coverage counters come from stable code generation options, so the
//! pinned toolchain does; a C++ compiler builds libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::{paths, shell};

/// Each target and the longest input that it is given, in bytes.
const TARGETS: [(&str, u32); 5] = [
    ("decode", 8_192),
    ("redact", 1_024),
    ("signature", 512),
    ("query", 2_048),
    ("guard", 256),
];

/// Seconds for each target unless asked otherwise.
pub const SECONDS: u32 = 30;

/// Seconds after which one input counts as hung.
const HUNG_SECONDS: u32 = 5;

/// What a fuzzer needs from the compiler: counters for edges and comparisons.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// What the person asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct FuzzOptions {
    /// Names of targets; none stands for all.
    pub targets: Vec<String>,
    /// How long for each.
    pub seconds: u32,
}

/// Builds and runs the targets, as many at once as there are processors.
pub fn run(options: &FuzzOptions) -> Result<()> {
    let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = options
        .targets
        .iter()
        .find(|name| !names.contains(&name.as_str()))
    {
        bail!("`{unknown}` is not a target: there are {}", names.join(", "));
    }
    let wanted =
        |name: &str| options.targets.is_empty() || options.targets.iter().any(|target| target == name);
    let queue: Vec<_> = TARGETS.into_iter().filter(|(name, _)| wanted(name)).collect();
    let host = host()?;
    build(&host)?;
    let queue = Mutex::new(queue);
    let next = || queue.lock().ok().and_then(|mut queue| queue.pop());
    let mistakes = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((name, bytes)) = next() {
                    if let Err(error) = fuzz(name, bytes, options.seconds, &host)
                        && let Ok(mut mistakes) = mistakes.lock()
                    {
                        mistakes.push(format!("{error:#}"));
                    }
                }
            });
        }
    });
    let mistakes = mistakes.into_inner().unwrap_or_default();
    if !mistakes.is_empty() {
        bail!("{}", mistakes.join("\n\n"));
    }
    Ok(())
}

/// Flags then do not reach build scripts: cargo keeps them apart where a target is named.
fn host() -> Result<String> {
    let about = shell::capture(Command::new("rustc").arg("-vV").current_dir(paths::root()))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}

fn folder() -> PathBuf {
    paths::root().join("target/fuzz")
}

fn build(host: &str) -> Result<()> {
    let mut cargo = Command::new(paths::cargo());
    cargo
        .args(["build", "--release", "--locked", "--target", host, "--target-dir"])
        .arg(folder())
        .current_dir(paths::root().join("fuzz"))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", COVERAGE);
    shell::step("fuzz-build", "Compiling the fuzz targets", &mut cargo)
}

fn fuzz(name: &str, bytes: u32, seconds: u32, host: &str) -> Result<()> {
    let found = folder().join("found").join(name);
    let learned = folder().join("corpus").join(name);
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&learned)?;
    let mut fuzzer = Command::new(folder().join(host).join("release").join(name));
    fuzzer
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-max_len={bytes}"))
        .arg(format!("-timeout={HUNG_SECONDS}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(learned)
        .args(seeds(name)?)
        .current_dir(paths::root());
    let what = format!("Fuzzing {name} for {seconds} s");
    shell::step(&format!("fuzz-{name}"), &what, &mut fuzzer).with_context(|| {
        format!(
            "{name} failed; the input is in {}: put it into fuzz/seeds/{name} with the fix",
            paths::shown(&found)
        )
    })
}

/// Folders whose files a target begins with: those that once failed, and what the repository has of its kind.
fn seeds(name: &str) -> Result<Vec<PathBuf>> {
    let root = paths::root();
    let mut folders = vec![root.join("fuzz/seeds").join(name)];
    match name {
        "decode" => {
            let corpus = root.join("shared/tests/corpus");
            folders.extend(["items", "messages", "batches"].map(|part| corpus.join(part)));
        }
        "redact" => folders.push(lines_apart(&root.join("shared/tests/redaction"))?),
        _ => {}
    }
    folders.retain(|folder| folder.is_dir());
    Ok(folders)
}

/// Each planted secret, and some ordinary sentences, in a file of its own, as libFuzzer wants them.
fn lines_apart(data: &Path) -> Result<PathBuf> {
    let folder = folder().join("seeds/redact");
    fs::create_dir_all(&folder)?;
    let canaries = fs::read_to_string(data.join("canaries.tsv"))?;
    let secrets = canaries.lines().filter_map(|line| line.split('\t').nth(2));
    let ordinary = fs::read_to_string(data.join("ordinary.txt"))?;
    for (number, line) in secrets.chain(ordinary.lines().step_by(5)).enumerate() {
        fs::write(folder.join(number.to_string()), line)?;
    }
    Ok(folder)
}

//! The collector: a Worker for Cloudflare and `workerd` alike.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{Mode, esbuild, rust_inputs};
use crate::tools::{self, Tools};
use crate::{paths, shell, stamp, wasm};

/// Small first: a Worker is loaded anew wherever a visitor comes from, and its time goes into storage, not into code.
const OPT_LEVEL: &str = "z";

/// But for the loops over each byte of a batch and what they stand on: a few kilobytes that halve the time of judging
/// it. (All of `hearback-shared` for speed would be another 20 KB for another twentieth.)
const QUICK: [(&str, &str); 6] = [
    ("hearback-scan", "3"),
    ("memchr", "3"),
    ("dlmalloc", "3"),
    ("compiler_builtins", "3"),
    ("core", "2"),
    ("alloc", "2"),
];

/// Every engine that runs Workers has `simd128`; the scanner of batches lives on it.
const SIMD: &str = "-Ctarget-feature=+simd128";

/// A panic traps at once, without words or place; nothing is written by `Debug` outside of tests. Together they are a
/// twelfth of the code. `--dev` has them.
const SIZE_RUSTFLAGS: &str = "-Ctarget-feature=+simd128 -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// One of the collector's forms.
struct Form {
    /// Its name in logs and stamps.
    name: &'static str,
    /// Where worker-build works, from the collector's folder: what is in use stays whole meanwhile.
    workshop: &'static str,
    /// Where the files go in the end.
    out: PathBuf,
    features: &'static [&'static str],
}

/// Builds the collector, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode) -> Result<()> {
    let form = Form {
        name: "collector",
        workshop: "../target/xtask/collector",
        out: paths::collector_build(),
        features: &[],
    };
    form.build(tools, mode)
}

/// Builds the collector with the routes of `cargo xtask bench`, which no deployed one has.
pub(super) fn build_for_bench(tools: &Tools, mode: Mode) -> Result<()> {
    let form = Form {
        name: "collector-bench",
        workshop: "../target/xtask/collector-bench",
        out: bench_build(),
        features: &["--features", "bench"],
    };
    form.build(tools, mode)
}

/// Builds the one to which tests can give faults, as quickly as can be.
pub(super) fn build_with_faults(tools: &Tools) -> Result<()> {
    let form = Form {
        name: "collector-faults",
        workshop: "../target/xtask/collector-faults",
        out: paths::collector_with_faults(),
        features: &["--features", "faults"],
    };
    form.build(tools, Mode::Dev)
}

/// Where the measured collector lies.
pub fn bench_build() -> PathBuf {
    paths::work().join("bench-build")
}

/// What stands around worker-build's module, from the repository's root.
const RECOVERY: &str = "collector/recovery.js";

/// Puts `recovery.js` around the module that worker-build made: one module again, in its place.
fn wrap(step: &str, folder: &Path) -> Result<()> {
    let inner = folder.join("index.js");
    let wrapped = folder.join("wrapped.js");
    let options = [
        format!("--alias:hearback-worker={}", inner.display()),
        "--format=esm".to_owned(),
        "--external:cloudflare:*".to_owned(),
        "--external:*.wasm".to_owned(),
    ];
    esbuild::bundle(
        step,
        &paths::root().join(RECOVERY),
        &wrapped,
        esbuild::MODULE_TARGET,
        &options,
    )?;
    fs::rename(wrapped, inner)?;
    Ok(())
}

/// The Worker's files.
const FILES: [&str; 2] = ["index.js", "index_bg.wasm"];

impl Form {
    fn build(&self, tools: &Tools, mode: Mode) -> Result<()> {
        let inputs = rust_inputs(mode)?.paths(&["scan", "shared", "analysis", "collector"])?;
        stamp::unless_made(self.name, inputs, || make(self, tools, mode))?;
        Ok(())
    }
}

fn make(form: &Form, tools: &Tools, mode: Mode) -> Result<Vec<PathBuf>> {
    let mut build = Command::new(&tools.worker_build);
    build
        .args([
            if mode == Mode::Release {
                "--release"
            } else {
                "--dev"
            },
            "--out-dir",
            form.workshop,
        ])
        .args(form.features)
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("WASM_OPT_BIN", tools::wasm_opt())
        .env("ESBUILD_BIN", tools::esbuild()?)
        .env("CARGO_TARGET_DIR", paths::root().join("target/edge"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", OPT_LEVEL)
        .env("RUSTFLAGS", SIMD)
        .current_dir(paths::root().join("collector"));
    if mode == Mode::Release {
        // As settings: worker-build does not know the flags that say the same.
        for (package, level) in QUICK {
            build.args([
                "--config",
                &format!("profile.release.package.{package}.opt-level={level}"),
            ]);
        }
        build
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
            .env("RUSTFLAGS", SIZE_RUSTFLAGS);
    }
    shell::step(form.name, "Compiling hearback-collector", &mut build)?;
    let folder = paths::root().join("collector").join(form.workshop);
    if mode == Mode::Release {
        // worker-build keeps the functions' names, a tenth of the whole; `--dev` has them for reading a stack.
        wasm::strip(&folder.join("index_bg.wasm"), form.name)?;
    }
    wrap(form.name, &folder)?;
    let out = &form.out;
    fs::create_dir_all(out)?;
    for name in FILES {
        let unfinished = out.join(format!(".{name}.new"));
        fs::copy(folder.join(name), &unfinished)?;
        fs::rename(&unfinished, out.join(name))?;
    }
    Ok(FILES.map(|name| out.join(name)).to_vec())
}

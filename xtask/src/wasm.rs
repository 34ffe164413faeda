//! From a crate to a module that a browser loads: `cargo`, `wasm-bindgen`, `wasm-opt`.
//!
//! Every byte of the panel is loaded over a visitor's link, so the release build compiles the standard library
//! itself, without panic messages and for size. That needs flags which the stable compiler hides behind
//! `RUSTC_BOOTSTRAP`; the toolchain is pinned, so they mean the same on every machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::Mode;
use crate::tools::{self, Tools};
use crate::{glue, paths, shell};

/// The only target of page and edge.
pub const TARGET: &str = "wasm32-unknown-unknown";

const SIZE_RUSTFLAGS: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";
const BUILD_STD: [&str; 2] = ["-Zbuild-std=std", "-Zbuild-std-features=optimize_for_size"];

/// What Rust's WASM target and wasm-bindgen use. `--all-features` would make modules that engines reject.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-simd",
];

/// A module for the page and the JavaScript that loads it.
pub struct PageModule {
    /// The glue, an ES module whose default export takes the module's address.
    pub glue: PathBuf,
    /// The module.
    pub wasm: PathBuf,
}

/// Builds a crate for the page. The results lie in xtask's own folder, under the name `name`.
pub fn page(tools: &Tools, package: &str, name: &str, mode: Mode) -> Result<PageModule> {
    let compiled = compile(package, name, mode)?;
    let folder = fresh_folder(name)?;
    bind(tools, &compiled, &folder, name, "web")?;
    let bound = folder.join(format!("{name}_bg.wasm"));
    if mode == Mode::Release {
        optimize(&bound, name)?;
    }
    Ok(PageModule {
        glue: folder.join(format!("{name}.js")),
        wasm: bound,
    })
}

/// The same for modules whose every byte counts: bound with names of a letter or two and a start of a few lines. The
/// glue still has to be bundled, its default export takes `{ module_or_path }`.
pub fn small_page(tools: &Tools, package: &str, name: &str, mode: Mode) -> Result<PageModule> {
    let compiled = compile(package, name, mode)?;
    let folder = fresh_folder(name)?;
    bind(tools, &compiled, &folder, name, "bundler")?;
    let bound = folder.join(format!("{name}_bg.wasm"));
    if mode == Mode::Release {
        optimize(&bound, name)?;
        // Once more finds a little more.
        wasm_opt(
            &bound,
            name,
            "Once more",
            &["--flatten", "--rereloop", "-Oz", "-Oz"],
        )?;
    }
    let names = wasm_opt(
        &bound,
        name,
        "Shortening names",
        &["--minify-imports-and-exports-and-modules"],
    )?;
    let names = serde_json::from_str(&names).context("reading wasm-opt's list of names")?;
    Ok(PageModule {
        glue: glue::write(&folder, &format!("{name}_bg.js"), &names)?,
        wasm: bound,
    })
}

fn fresh_folder(name: &str) -> Result<PathBuf> {
    let folder = paths::work().join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn compile(package: &str, name: &str, mode: Mode) -> Result<PathBuf> {
    // A folder of its own: these flags would throw away everything that other builds have compiled.
    let target = paths::root().join(if mode == Mode::Release {
        "target/page"
    } else {
        "target/page-dev"
    });
    let mut cargo = Command::new(paths::cargo());
    cargo
        .args([
            "build",
            "--package",
            package,
            "--lib",
            "--target",
            TARGET,
            "--target-dir",
        ])
        .arg(&target)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(paths::root());
    if mode == Mode::Release {
        cargo
            .arg("--release")
            .args(BUILD_STD)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", SIZE_RUSTFLAGS);
    }
    shell::step(name, &format!("Compiling {package}"), &mut cargo)?;
    let profile = if mode == Mode::Release { "release" } else { "debug" };
    Ok(target
        .join(TARGET)
        .join(profile)
        .join(format!("{}.wasm", package.replace('-', "_"))))
}

fn bind(tools: &Tools, compiled: &Path, folder: &Path, name: &str, target: &str) -> Result<()> {
    let mut bindgen = Command::new(&tools.wasm_bindgen);
    bindgen
        .arg(compiled)
        .args([
            "--target",
            target,
            "--no-typescript",
            "--remove-producers-section",
            "--out-name",
            name,
            "--out-dir",
        ])
        .arg(folder);
    shell::step(name, "Making the bindings", &mut bindgen)
}

fn optimize(module: &Path, name: &str) -> Result<()> {
    wasm_opt(
        module,
        name,
        "Optimizing",
        &[
            "-Oz",
            "--strip-debug",
            "--strip-producers",
            "--strip-target-features",
        ],
    )
    .map(drop)
}

/// Takes the names of functions out of a module, once it is sorted by them: what was made of one generic function then
/// stands together, and compresses a sixtieth better.
pub fn strip(module: &Path, name: &str) -> Result<()> {
    wasm_opt(
        module,
        name,
        "Taking names out",
        &[
            "--enable-exception-handling",
            "--reorder-functions-by-name",
            "--strip-debug",
            "--strip-producers",
        ],
    )
    .map(drop)
}

/// Runs passes over a module in place; gives what they had to say.
fn wasm_opt(module: &Path, name: &str, what: &str, passes: &[&str]) -> Result<String> {
    let unfinished = module.with_extension("opt");
    let mut command = Command::new(tools::wasm_opt());
    command
        .args(WASM_FEATURES)
        .args(passes)
        .arg(module)
        .arg("-o")
        .arg(&unfinished);
    shell::say(name, what);
    let said = shell::capture(&mut command)?;
    fs::rename(&unfinished, module).with_context(|| format!("replacing {}", paths::shown(module)))?;
    Ok(said)
}

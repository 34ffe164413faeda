//! The collector: a Worker for Cloudflare and `workerd` alike.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::{Mode, rust_inputs};
use crate::tools::{self, Tools};
use crate::{paths, shell, stamp, wasm};

/// Small first: a Worker is loaded anew wherever a visitor comes from, and its time goes into storage, not into code.
const OPT_LEVEL: &str = "s";

/// Builds the collector, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode) -> Result<()> {
    let inputs = rust_inputs(mode)?.paths(&["shared", "analysis", "collector"])?;
    stamp::unless_made("collector", inputs, || make(tools, mode))?;
    Ok(())
}

/// The Worker's files.
const FILES: [&str; 2] = ["index.js", "index_bg.wasm"];
/// Where worker-build works, from the collector's folder: what is in use stays whole meanwhile.
const WORKSHOP: &str = "../target/xtask/collector";

fn make(tools: &Tools, mode: Mode) -> Result<Vec<PathBuf>> {
    let mut build = Command::new(&tools.worker_build);
    build
        .args([
            if mode == Mode::Release {
                "--release"
            } else {
                "--dev"
            },
            "--out-dir",
            WORKSHOP,
        ])
        .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
        .env("WASM_OPT_BIN", tools::wasm_opt())
        .env("ESBUILD_BIN", tools::esbuild()?)
        .env("CARGO_TARGET_DIR", paths::root().join("target/edge"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", OPT_LEVEL)
        .env_remove("RUSTFLAGS")
        .current_dir(paths::root().join("collector"));
    shell::step("collector", "Compiling hearback-collector", &mut build)?;
    let folder = paths::root().join("collector").join(WORKSHOP);
    if mode == Mode::Release {
        // worker-build keeps the functions' names, a tenth of the whole; `--dev` has them for reading a stack.
        wasm::strip(&folder.join("index_bg.wasm"), "collector")?;
    }
    let out = paths::collector_build();
    fs::create_dir_all(&out)?;
    for name in FILES {
        let unfinished = out.join(format!(".{name}.new"));
        fs::copy(folder.join(name), &unfinished)?;
        fs::rename(&unfinished, out.join(name))?;
    }
    Ok(FILES.map(|name| out.join(name)).to_vec())
}

//! Format, clippy and TypeScript.

use std::process::Command;

use anyhow::Result;

use crate::build::esbuild;
use crate::{paths, shell, tools, wasm};

/// Folders with a tsconfig.json of their own.
const TYPESCRIPT: [&str; 4] = ["widget/loader", "console/chart", "tests", "bench/page"];
/// The npm packages, which are checked as they are compiled, the one with the other.
const PACKAGES: &str = "packages/react";
/// Crates that are compiled for page or edge.
const WASM_CRATES: [&str; 6] = [
    "hearback-widget",
    "hearback-preview",
    "hearback-validator",
    "hearback-annotate",
    "hearback-console",
    "hearback-collector",
];

fn cargo() -> Command {
    let mut command = Command::new(paths::cargo());
    command.current_dir(paths::root());
    command
}

/// `cargo fmt --check`
pub(super) fn format() -> Result<()> {
    shell::step(
        "format",
        "Checking the format",
        cargo().args(["fmt", "--all", "--check"]),
    )
}

/// Clippy as the tools and the tests compile.
pub(super) fn clippy() -> Result<()> {
    let args = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    shell::step("clippy", "Linting for this machine", cargo().args(args))
}

/// Clippy as page and edge compile; the code behind `cfg(target_arch = "wasm32")` shows only there.
pub(super) fn clippy_wasm() -> Result<()> {
    let mut command = cargo();
    command.args(["clippy", "--target", wasm::TARGET]);
    for name in WASM_CRATES {
        command.args(["--package", name]);
    }
    shell::step(
        "clippy-wasm",
        "Linting for page and edge",
        command.args(["--", "--deny", "warnings"]),
    )
}

/// `tsc`, wherever there is TypeScript.
pub(super) fn types() -> Result<()> {
    tools::node_packages()?;
    TYPESCRIPT
        .iter()
        .try_for_each(|folder| esbuild::check_types("types", folder))?;
    shell::step(
        "types",
        "Checking the types of the npm packages",
        tools::tsc().args(["--build", PACKAGES]),
    )
}

//! The tools a build needs: each pinned, installed once, and kept where the next clone finds it.

pub(crate) mod apt;
mod cargo;
mod deny;
mod npm;
mod pip;
mod postgres;
mod rust;
mod sinks;

use std::path::PathBuf;

use anyhow::Result;

use crate::paths;

pub use deny::cargo_deny;
pub use npm::{esbuild, node, npx, tsc, wasm_opt, workerd};
pub use postgres::postgres;
pub use sinks::{python_with_chdb, s3_server};

/// The command-line half of wasm-bindgen: exactly the version of the library in Cargo.toml.
const WASM_BINDGEN: &str = "0.2.130";
/// Exactly the version of the `worker` crate in Cargo.toml.
const WORKER_BUILD: &str = "0.8.7";

/// The tools that are not npm packages.
pub struct Tools {
    /// Makes JavaScript glue for a WASM module.
    pub wasm_bindgen: PathBuf,
    /// Makes a Worker of the collector.
    pub worker_build: PathBuf,
}

/// Installs what is missing and says where everything is.
pub fn ready() -> Result<Tools> {
    node_packages()?;
    rust::targets()?;
    Ok(Tools {
        // Its lockfile pins dependencies that no longer build with this toolchain, hence without --locked.
        wasm_bindgen: cargo::install(
            "wasm-bindgen-cli",
            WASM_BINDGEN,
            "wasm-bindgen",
            cargo::Lock::Newest,
        )?,
        worker_build: cargo::install(
            "worker-build",
            WORKER_BUILD,
            "worker-build",
            cargo::Lock::AsPublished,
        )?,
    })
}

/// Installs the npm packages, for commands that need nothing else.
pub fn node_packages() -> Result<()> {
    npm::check_node()?;
    npm::packages(paths::root())
}

/// Installs the npm packages of a folder that has its own: what only one command needs.
pub fn packages_of(folder: &str) -> Result<()> {
    npm::check_node()?;
    npm::packages(&paths::root().join(folder))
}

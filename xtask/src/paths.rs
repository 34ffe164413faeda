//! Where everything is.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the repository")
        .to_owned()
});

/// The repository.
pub fn root() -> &'static Path {
    &ROOT
}

/// What the collector serves: loader, panel, console.
pub fn assets() -> PathBuf {
    root().join("dist/assets")
}

/// What worker-build makes of the collector: `index.js` and `index_bg.wasm`.
pub fn collector_build() -> PathBuf {
    root().join("collector/build")
}

/// The same of the collector to which a test can give faults (its feature `faults`).
pub fn collector_with_faults() -> PathBuf {
    work().join("collector-with-faults")
}

/// Files of xtask's own: logs, stamps, half-made things.
pub fn work() -> PathBuf {
    root().join("target/xtask")
}

/// The user's cache folder for tools, which outlives clones: `$XDG_CACHE_HOME/hearback/tools`.
pub fn tools_cache() -> Result<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let cache = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    Ok(cache
        .context("neither XDG_CACHE_HOME nor HOME is set: set HOME to your home folder")?
        .join("hearback/tools"))
}

/// Cargo, the one that runs us where there is one.
pub fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// The path as people read it: below the repository without the part before it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

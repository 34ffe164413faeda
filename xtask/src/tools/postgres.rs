//! A PostgreSQL server for the tests: the system's own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::apt;

/// Where Debian keeps its versions side by side.
const DEBIAN: &str = "/usr/lib/postgresql";
const ADVICE: &str = "install PostgreSQL (Debian: apt-get install postgresql; macOS: brew install postgresql), with initdb on the PATH";

/// The folder of `initdb`, `postgres` and `psql`; Debian's package is installed where we may and there is none.
pub fn postgres() -> Result<PathBuf> {
    if let Some(folder) = installed() {
        return Ok(folder);
    }
    apt::install("postgres", &["postgresql"], ADVICE)?;
    installed().with_context(|| format!("apt-get installed no PostgreSQL: {ADVICE}"))
}

fn installed() -> Option<PathBuf> {
    // What is on the PATH may be a link to where all of them are.
    let linked = apt::on_path("initdb").and_then(|file| file.canonicalize().ok());
    linked
        .and_then(|file| Some(file.parent()?.to_owned()))
        .filter(|folder| is_whole(folder))
        .or_else(newest_of_debian)
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "postgres", "psql"]
        .iter()
        .all(|name| folder.join(name).is_file())
}

fn newest_of_debian() -> Option<PathBuf> {
    let version = |folder: &PathBuf| {
        folder
            .file_name()
            .and_then(|name| name.to_str()?.parse::<u32>().ok())
    };
    fs::read_dir(DEBIAN)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| is_whole(&folder.join("bin")))
        .max_by_key(version)
        .map(|folder| folder.join("bin"))
}

//! What a step was made from, so that it is skipped while nothing changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::paths;

/// A hash over all that a step reads: files by path and content, and settings as text.
pub struct Inputs(Sha256);

impl Default for Inputs {
    fn default() -> Self {
        Self::new()
    }
}

impl Inputs {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Sha256::new())
    }

    /// Adds a setting.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.part(text.as_bytes());
        self
    }

    /// Adds a file, or a folder with everything in it, by its path in the repository. What is absent counts as such.
    pub fn path(mut self, path: &str) -> Result<Self> {
        let mut files = Vec::new();
        walk(&paths::root().join(path), &mut files).with_context(|| format!("reading {path}"))?;
        files.sort();
        for file in files {
            self.part(paths::shown(&file).as_bytes());
            self.part(&fs::read(&file).with_context(|| format!("reading {}", paths::shown(&file)))?);
        }
        Ok(self)
    }

    /// Adds several.
    pub fn paths(self, paths: &[&str]) -> Result<Self> {
        paths.iter().try_fold(self, |inputs, path| inputs.path(path))
    }

    /// Length first, so that two parts can't be mistaken for another two.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn digest(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Folders that builds write to.
const MADE: [&str; 4] = ["target", "node_modules", "build", "dist"];

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let made_folder =
                entry.path().is_dir() && path.join("Cargo.toml").exists() && MADE.contains(&&*name);
            if !name.starts_with('.') && !made_folder {
                walk(&entry.path(), files)?;
            }
        }
    }
    Ok(())
}

/// Runs `build` unless it ran before with these inputs and all it made is still there. It returns what it made.
pub fn unless_made(
    name: &str,
    inputs: Inputs,
    build: impl FnOnce() -> Result<Vec<PathBuf>>,
) -> Result<Vec<PathBuf>> {
    let stamp = paths::work().join("stamps").join(name);
    let digest = inputs.digest();
    if let Ok(text) = fs::read_to_string(&stamp) {
        let mut lines = text.lines();
        let same = lines.next() == Some(&digest);
        let made: Vec<_> = lines.map(|line| paths::root().join(line)).collect();
        if same && made.iter().all(|path| path.exists()) {
            return Ok(made);
        }
    }
    let _ = fs::remove_file(&stamp);
    let made = build()?;
    let lines = made.iter().map(|path| paths::shown(path));
    let text = std::iter::once(digest)
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n");
    fs::create_dir_all(stamp.parent().expect("it lies in a folder"))?;
    fs::write(&stamp, text).with_context(|| format!("writing {}", paths::shown(&stamp)))?;
    Ok(made)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_by_their_borders() {
        let one = Inputs::new().text("ab").text("c").digest();
        let other = Inputs::new().text("a").text("bc").digest();
        assert_ne!(one, other);
        assert_eq!(one, Inputs::new().text("ab").text("c").digest());
    }

    #[test]
    fn a_folder_counts_with_all_its_files() {
        let with = |path| Inputs::new().path(path).expect("readable").digest();
        assert_ne!(with("xtask/src"), with("xtask"));
        assert_eq!(with("no/such/folder"), Inputs::new().digest());
    }
}

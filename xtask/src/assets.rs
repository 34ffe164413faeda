//! Files as the collector serves them: under names that change with their content, with a compressed copy beside.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha384};

use crate::paths;
use crate::stamp::hex;

/// Characters of a hash in a name: collisions need some 2^20 builds.
const HASH_CHARS: usize = 10;
/// Below this a compressed copy saves nothing: an answer fits one packet anyway.
const COMPRESS_FROM_BYTES: usize = 1024;
/// Brotli's best, and its default window: what a content network would serve.
const QUALITY: u32 = 11;
const WINDOW: u32 = 22;

/// A short hash of some contents.
pub fn hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut text = hex(&hash.finalize());
    text.truncate(HASH_CHARS);
    text
}

/// A digest as `integrity` wants it, for what the files themselves bear: the shortest that there is.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// The same for what people write into their pages, where `sha384` is what everybody writes.
pub fn integrity_384(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

/// Compresses as a browser would receive it.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = brotli::CompressorWriter::new(Vec::new(), 4096, QUALITY, WINDOW);
    out.write_all(bytes).expect("writing to memory does not fail");
    out.into_inner()
}

/// Writes an asset and its compressed copy (`.br`); returns the paths of what it wrote. A reader sees the old or the
/// new file, never a part.
pub fn write(name: &str, bytes: &[u8]) -> Result<Vec<PathBuf>> {
    let path = paths::assets().join(name);
    let copy = paths::assets().join(format!("{name}.br"));
    if fs::read(&path).is_ok_and(|old| old == bytes) && (bytes.len() < COMPRESS_FROM_BYTES || copy.is_file())
    {
        return Ok(if copy.is_file() {
            vec![path, copy]
        } else {
            vec![path]
        });
    }
    let _ = fs::remove_file(&copy);
    replace(&path, bytes)?;
    if bytes.len() < COMPRESS_FROM_BYTES {
        return Ok(vec![path]);
    }
    replace(&copy, &brotli(bytes))?;
    Ok(vec![path, copy])
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().expect("an asset lies in a folder");
    fs::create_dir_all(folder)?;
    // The disk service shows no file whose name starts with a dot.
    let name = path.file_name().expect("an asset has a name").to_string_lossy();
    let unfinished = folder.join(format!(".{name}.new"));
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| format!("writing {}", paths::shown(path)))
}

/// Removes what earlier builds left in a folder of the assets: files whose names `is_ours` knows and which are not
/// in `keep`.
pub fn prune(folder: &str, is_ours: impl Fn(&str) -> bool, keep: &[PathBuf]) -> Result<()> {
    let Ok(entries) = fs::read_dir(paths::assets().join(folder)) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_file() && is_ours(&name) && !keep.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Removes the folders of earlier builds below `folder`, all but the one named `keep`.
pub fn prune_folders(folder: &str, keep: &str) -> Result<()> {
    for entry in fs::read_dir(paths::assets().join(folder))? {
        let entry = entry?;
        if entry.path().is_dir() && entry.file_name() != keep {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_alone() {
        assert_eq!(hash(&[b"a", b"b"]), hash(&[b"a", b"b"]));
        assert_ne!(hash(&[b"a", b"b"]), hash(&[b"ab"]));
        assert_eq!(hash(&[b"a"]).len(), HASH_CHARS);
    }

    // `printf a | openssl dgst -sha384 -binary | base64`
    #[test]
    fn digests_are_written_as_browsers_read_them() {
        assert_eq!(
            integrity(b"a"),
            "sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="
        );
        assert_eq!(
            integrity_384(b"a"),
            "sha384-VKWbnyKwuAiA2EJ+VIt8I6vYc0huHwNdzpzWl+hRdQM8qojm1XvDXvrgta/TFF8x"
        );
    }

    #[test]
    fn compression_makes_repetition_small() {
        assert!(brotli(&[b'a'; 10_000]).len() < 50);
    }
}

//! A module of Rust that pages fetch on demand, with its glue: `hb/<name>.<hash>.js` and `.wasm`. Who fetches it bears
//! name and digest, so that the browser compiles nothing else (`widget/loader/src/parts/_wasm.ts`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Mode, esbuild, rust_inputs};
use crate::tools::Tools;
use crate::{assets, paths, stamp, wasm};

/// Where a module's sources lie.
pub(super) struct Source {
    /// Its name in its files' names.
    pub name: &'static str,
    /// The crate.
    pub package: &'static str,
    /// Its folder.
    pub folder: &'static str,
    /// Its JavaScript entry in that folder, if there is one: it imports the glue as `<name>-module`.
    pub entry: Option<&'static str>,
}

/// A built one, as those need to know it who fetch it.
pub(super) struct Module {
    /// `hb/preview.<hash>`, before `.js` and `.wasm`.
    pub name: String,
    /// The module's digest, as `integrity` wants it.
    pub digest: String,
}

/// Builds a module that needs nothing but `shared`, unless nothing changed.
pub(super) fn build(tools: &Tools, mode: Mode, source: &Source) -> Result<Module> {
    let inputs = rust_inputs(mode)?.paths(&["scan", "shared", source.folder])?;
    let files = stamp::unless_made(source.name, inputs, || {
        let module = wasm::small_page(tools, source.package, source.name, mode)?;
        let js = match source.entry {
            None => bundle(&module.glue, source.name, &[])?,
            Some(entry) => {
                let glue = (
                    format!("alias:{}-module", source.name),
                    module.glue.display().to_string(),
                );
                let entry = paths::root().join(source.folder).join(entry);
                bundle(&entry, source.name, &[glue])?
            }
        };
        let files = write(source.name, &js, &fs::read(&module.wasm)?)?;
        let start = format!("{}.", source.name);
        assets::prune("hb", |name| name.starts_with(&start), &files)?;
        Ok(files)
    })?;
    Module::among(&files, source.name)
}

/// Writes glue and module under their common hash.
pub(super) fn write(name: &str, js: &[u8], wasm: &[u8]) -> Result<Vec<PathBuf>> {
    let hash = assets::hash(&[js, wasm]);
    let mut files = assets::write(&format!("hb/{name}.{hash}.js"), js)?;
    files.extend(assets::write(&format!("hb/{name}.{hash}.wasm"), wasm)?);
    Ok(files)
}

/// A script and what it imports as one small file.
pub(super) fn bundle(entry: &Path, step: &str, options: &[(String, String)]) -> Result<Vec<u8>> {
    let small = paths::work().join(step).join("bundled.js");
    let mut all = vec!["--format=esm".to_owned()];
    all.extend(options.iter().map(|(name, value)| format!("--{name}={value}")));
    esbuild::bundle(step, entry, &small, esbuild::MODULE_TARGET, &all)?;
    fs::read(&small).with_context(|| format!("reading {}", paths::shown(&small)))
}

impl Module {
    /// The one of this name among built files.
    pub(super) fn among(files: &[PathBuf], name: &str) -> Result<Self> {
        let start = format!("{name}.");
        let is_wanted = |path: &&PathBuf| {
            path.extension().is_some_and(|found| found == "wasm")
                && path
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with(&start))
        };
        let wasm = files
            .iter()
            .find(is_wanted)
            .with_context(|| format!("{name} has no module"))?;
        let below = wasm
            .strip_prefix(paths::assets())
            .unwrap_or(wasm)
            .display()
            .to_string();
        Ok(Self {
            name: below.trim_end_matches(".wasm").to_owned(),
            digest: assets::integrity(&fs::read(wasm)?),
        })
    }

    /// Name and digest as esbuild puts them in, for `__PREVIEW__` and `__PREVIEW_DIGEST__`.
    pub(super) fn defines(&self, name: &str) -> [(String, String); 2] {
        [
            (format!("define:__{name}__"), format!("\"{}\"", self.name)),
            (
                format!("define:__{name}_DIGEST__"),
                format!("\"{}\"", self.digest),
            ),
        ]
    }
}

//! What the collector makes its pages of (the plain form, what became of it): their words and their look. They are files
//! beside the collector instead of parts of it, which are read when a page is asked for; no address leads to them.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::esbuild;
use crate::{assets, paths, stamp};

/// The folder below the assets' root.
const FOLDER: &str = "pages";
const LOOK: &str = "widget/pages/page.css";
/// The panel's words, and what only pages say.
const WORDS: [&str; 2] = ["widget/locales", "widget/pages/locales"];

/// Writes words and look, unless nothing changed.
pub(super) fn build() -> Result<()> {
    let inputs =
        stamp::Inputs::new()
            .paths(&WORDS)?
            .paths(&[LOOK, "package-lock.json", "xtask/src/build"])?;
    stamp::unless_made(FOLDER, inputs, make)?;
    Ok(())
}

fn make() -> Result<Vec<PathBuf>> {
    let small = paths::work().join(FOLDER).join("page.css");
    esbuild::bundle(
        FOLDER,
        &paths::root().join(LOOK),
        &small,
        esbuild::MODULE_TARGET,
        &[],
    )?;
    let mut files = assets::write(&format!("{FOLDER}/page.css"), &fs::read(small)?)?;
    for entry in fs::read_dir(paths::root().join(WORDS[0]))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let mut all = Map::new();
        for folder in WORDS {
            let path = paths::root().join(folder).join(&name);
            let text = fs::read_to_string(&path).with_context(|| format!("reading {folder}/{name}"))?;
            for (word, said) in serde_json::from_str::<Map<String, Value>>(&text)? {
                // What is said while a picture is drawn on, no page says.
                if word.starts_with(super::panel::OF_PICTURES) {
                    continue;
                }
                if all.insert(word.clone(), said).is_some() {
                    bail!("{folder}/{name}: {word} is a word of the panel already");
                }
            }
        }
        files.extend(assets::write(
            &format!("{FOLDER}/{name}"),
            Value::Object(all).to_string().as_bytes(),
        )?);
    }
    assets::prune(FOLDER, |_| true, &files)?;
    Ok(files)
}

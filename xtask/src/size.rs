//! Bytes of what visitors and the edge load, held to their goals.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::build::{self, Mode};
use crate::{assets, paths};

/// One measured number, in the form of every measuring command of this project.
#[derive(Debug, Serialize)]
pub struct Measurement {
    /// What was measured.
    pub name: &'static str,
    /// The number.
    pub value: usize,
    /// Its unit.
    pub unit: &'static str,
    /// What it should be at most, if there is such a number.
    pub goal: Option<usize>,
    /// Lowest and highest, where something was repeated. Sizes are not.
    pub spread: Option<[usize; 2]>,
    /// What nothing may grow beyond while a goal is not reached; the goal itself where it was.
    #[serde(skip)]
    bound: Option<usize>,
}

impl Measurement {
    fn bytes(name: &'static str, value: usize, goal: Option<usize>) -> Self {
        Self {
            name,
            value,
            unit: "bytes",
            goal,
            spread: None,
            bound: goal,
        }
    }

    /// It is larger than its goal for now, and may not grow beyond this.
    fn for_now(self, bound: usize) -> Self {
        Self {
            bound: Some(bound),
            ..self
        }
    }

    fn is_beyond_bound(&self) -> bool {
        self.bound.is_some_and(|bound| self.value > bound)
    }

    fn is_missed(&self) -> bool {
        self.goal.is_some_and(|goal| self.value > goal)
    }
}

/// Builds for release, measures and prints; fails when something is larger than it may be.
pub fn run(json: bool) -> Result<()> {
    build::all(Mode::Release)?;
    let sizes = measure()?;
    if json {
        println!("{}", serde_json::to_string(&sizes)?);
    } else {
        print!("{}", table(&sizes));
    }
    let missed: Vec<_> = sizes
        .iter()
        .filter(|size| size.is_beyond_bound())
        .map(|size| size.name)
        .collect();
    if !missed.is_empty() {
        bail!("larger than it may be: {}", missed.join(", "));
    }
    Ok(())
}

fn measure() -> Result<Vec<Measurement>> {
    let served = paths::assets();
    let hb = files(&served.join("hb"))?;
    let worker = paths::collector_build();
    Ok(vec![
        Measurement::bytes(
            "loader.brotli",
            sum(&[served.join("hearback.js")], assets::brotli)?,
            Some(2_600),
        )
        .for_now(3_100),
        Measurement::bytes(
            "panel.brotli",
            sum(&named(&hb, "panel."), assets::brotli)?,
            Some(46_000),
        )
        .for_now(48_700),
        // For those who want to see what will be sent.
        Measurement::bytes(
            "preview.brotli",
            sum(&named(&hb, "preview."), assets::brotli)?,
            None,
        ),
        // One of them is fetched, by those who do not read English; this is the largest.
        Measurement::bytes("words.brotli", largest(&named(&hb, "words."))?, None),
        Measurement::bytes(
            "collector.gzip",
            sum(&[worker.join("index.js"), worker.join("index_bg.wasm")], gzip)?,
            Some(600_000),
        )
        // A clone elsewhere orders functions a little differently.
        .for_now(603_000),
        Measurement::bytes(
            "console.brotli",
            sum(&files(&served.join("console"))?, assets::brotli)?,
            None,
        ),
    ])
}

/// All files below a folder, without their compressed copies.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", paths::shown(folder)))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_none_or(|extension| extension != "br") {
            found.push(path);
        }
    }
    Ok(found)
}

/// Those whose names begin like this.
fn named(files: &[PathBuf], start: &str) -> Vec<PathBuf> {
    let is = |path: &&PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(start))
    };
    files.iter().filter(is).cloned().collect()
}

fn largest(files: &[PathBuf]) -> Result<usize> {
    files.iter().try_fold(0, |largest, file| {
        Ok(sum(std::slice::from_ref(file), assets::brotli)?.max(largest))
    })
}

/// Each file is compressed alone, as it travels.
fn sum(files: &[PathBuf], compress: impl Fn(&[u8]) -> Vec<u8>) -> Result<usize> {
    files.iter().try_fold(0, |sum, file| {
        let bytes = fs::read(file).with_context(|| format!("reading {}", paths::shown(file)))?;
        Ok(sum + compress(&bytes).len())
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("writing to memory does not fail");
    encoder.finish().expect("writing to memory does not fail")
}

fn table(sizes: &[Measurement]) -> String {
    sizes.iter().fold(
        format!("{:<16} {:>9} {:>9}\n", "", "bytes", "goal"),
        |table, size| {
            let goal = size.goal.map_or_else(|| "–".to_owned(), |goal| goal.to_string());
            let note = if size.is_missed() { "  goal missed" } else { "" };
            format!("{table}{:<16} {:>9} {goal:>9}{note}\n", size.name, size.value)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_the_agreed_fields() {
        let json =
            serde_json::to_string(&[Measurement::bytes("loader.brotli", 2_100, Some(3_000))]).expect("JSON");
        assert_eq!(
            json,
            r#"[{"name":"loader.brotli","value":2100,"unit":"bytes","goal":3000,"spread":null}]"#
        );
    }

    #[test]
    fn a_goal_is_missed_only_by_more_than_it() {
        assert!(!Measurement::bytes("a", 3_000, Some(3_000)).is_missed());
        assert!(Measurement::bytes("a", 3_001, Some(3_000)).is_missed());
        assert!(!Measurement::bytes("a", 3_001, None).is_missed());
    }

    #[test]
    fn what_has_not_reached_its_goal_may_not_grow_either() {
        let size = |value| Measurement::bytes("a", value, Some(3_000)).for_now(3_100);
        assert!(size(3_100).is_missed() && !size(3_100).is_beyond_bound());
        assert!(size(3_101).is_beyond_bound());
        assert!(Measurement::bytes("a", 3_001, Some(3_000)).is_beyond_bound());
    }
}

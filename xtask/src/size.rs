//! Bytes of what visitors and the edge load, held to their goals.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::build::{self, Mode};
use crate::{assets, paths};

/// Of each of the loader's parts (issue 4), compressed.
const PART_BYTES: usize = 1_500;
/// Of the part that bears the package `web-vitals`.
const VITALS_BYTES: usize = 3_200;
/// The part that bears the package `modern-screenshot`, whose size is not ours.
const RASTERISER: &str = "raster";
/// What a visitor loads of the parts, besides the panel, who looks at what is sent, takes a picture and points.
const OF_PICTURES: [&str; 7] = ["attach", "element", "open", "pictures", "point", "screen", "shot"];

/// Of the npm packages in an application's bundle, as their READMEs say.
const NPM_BYTES: [(&str, usize); 2] = [("web", 1_200), ("react", 1_700)];

/// One measured number, in the form of every measuring command of this project.
#[derive(Debug, Serialize)]
pub struct Measurement {
    /// What was measured.
    pub name: String,
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
    fn bytes(name: impl Into<String>, value: usize, goal: Option<usize>) -> Self {
        Self {
            name: name.into(),
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
        .map(|size| size.name.as_str())
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
    let mut sizes = vec![
        Measurement::bytes(
            "loader.brotli",
            sum(&[served.join("hearback.js")], assets::brotli)?,
            Some(2_600),
        ),
        Measurement::bytes(
            "panel.brotli",
            sum(&named(&hb, "panel"), assets::brotli)?,
            Some(46_000),
        )
        .for_now(49_400),
        // For those who want to see what will be sent.
        Measurement::bytes(
            "preview.brotli",
            sum(&named(&hb, "preview"), assets::brotli)?,
            None,
        ),
        // For developers, in debug mode.
        Measurement::bytes(
            "validator.brotli",
            sum(&named(&hb, "validator"), assets::brotli)?,
            None,
        ),
        // For those who mark a picture.
        Measurement::bytes(
            "annotate.brotli",
            sum(&named(&hb, "annotate"), assets::brotli)?,
            None,
        ),
        Measurement::bytes("panel_full.brotli", panel_full(&hb)?, Some(70_000)).for_now(93_000),
        // One of them is fetched, by those who do not read English; this is the largest.
        Measurement::bytes("words.brotli", largest(&named(&hb, "words"))?, None),
        Measurement::bytes(
            "collector.gzip",
            sum(&[worker.join("index.js"), worker.join("index_bg.wasm")], gzip)?,
            Some(600_000),
        ),
        Measurement::bytes(
            "console.brotli",
            sum(&files(&served.join("console"))?, assets::brotli)?,
            None,
        ),
    ];
    for (package, goal) in NPM_BYTES {
        let size = assets::brotli(&build::npm_bundle(package)?).len();
        sizes.push(Measurement::bytes(
            format!("npm_{package}.brotli"),
            size,
            Some(goal),
        ));
    }
    // The last is the loader again, for pages that bear its digest.
    let is_part = |path: &&PathBuf| {
        let name = part_name(path);
        name != build::PINNED && !build::OTHERS.contains(&name)
    };
    for part in hb.iter().filter(is_part) {
        let name = part_name(part).to_owned();
        let goal = match name.as_str() {
            "vitals" => Some(VITALS_BYTES),
            RASTERISER => None,
            _ => Some(PART_BYTES),
        };
        let size = sum(std::slice::from_ref(part), assets::brotli)?;
        sizes.push(Measurement::bytes(format!("{name}.brotli"), size, goal));
    }
    Ok(sizes)
}

/// Everything that a visitor can load of the form, in the language with the longest words, but the rasteriser.
fn panel_full(hb: &[PathBuf]) -> Result<usize> {
    let mut all = largest(&named(hb, "words"))? + largest(&named(hb, "shots"))?;
    for name in ["panel", "preview", "annotate"].into_iter().chain(OF_PICTURES) {
        all += sum(&named(hb, name), assets::brotli)?;
    }
    Ok(all)
}

/// `links` of `links.<hash>.js`.
fn part_name(path: &Path) -> &str {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.split('.').next().unwrap_or_default()
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
    found.sort();
    Ok(found)
}

/// Those of one part.
fn named(files: &[PathBuf], name: &str) -> Vec<PathBuf> {
    let is = |path: &&PathBuf| part_name(path) == name;
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
        format!("{:<18} {:>9} {:>9}\n", "", "bytes", "goal"),
        |table, size| {
            let goal = size.goal.map_or_else(|| "–".to_owned(), |goal| goal.to_string());
            let note = if size.is_missed() { "  goal missed" } else { "" };
            format!("{table}{:<18} {:>9} {goal:>9}{note}\n", size.name, size.value)
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
    fn a_part_is_called_by_what_stands_before_its_hash() {
        assert_eq!(part_name(Path::new("dist/assets/hb/links.0f3a.js")), "links");
        assert_eq!(part_name(Path::new("dist/assets/hb/panel.0f3a.wasm")), "panel");
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

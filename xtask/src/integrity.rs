//! `cargo xtask integrity`: the script tag that loads this build of the loader and nothing else, and the digests of the
//! scripts that it loads in turn.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::build::{self, Mode};
use crate::{assets, paths};

/// For whom the tag is.
#[derive(Debug, PartialEq, Eq)]
pub struct IntegrityOptions {
    /// Address of the collector.
    pub collector: String,
    /// The project's public key.
    pub key: String,
    /// Whether the digests of all scripts go before the tag, as an import map.
    pub parts: bool,
    /// For programs.
    pub json: bool,
}

impl Default for IntegrityOptions {
    fn default() -> Self {
        Self {
            collector: "https://collector.example".to_owned(),
            key: "pk_…".to_owned(),
            parts: false,
            json: false,
        }
    }
}

/// Digests of what pages load.
#[derive(Debug, Serialize)]
struct Digests {
    /// Path of the loader below the collector's address.
    loader: String,
    /// Its digest.
    integrity: String,
    /// Those of the scripts that it imports, by their paths.
    parts: Map<String, Value>,
}

/// Builds what visitors load and prints what their pages may bear.
pub fn run(options: &IntegrityOptions) -> Result<()> {
    build::page(Mode::Release)?;
    let digests = digests(&paths::assets().join("hb"))?;
    if options.json {
        println!("{}", serde_json::to_string(&digests)?);
    } else {
        print!("{}", html(&digests, options));
    }
    Ok(())
}

fn digests(folder: &Path) -> Result<Digests> {
    let mut loader = None;
    let mut parts = Map::new();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", paths::shown(folder)))?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        let digest = assets::integrity_384(&fs::read(&path)?);
        let name = format!("hb/{name}");
        if name.starts_with(&format!("hb/{}.", build::PINNED)) {
            loader = Some((name, digest));
        } else {
            parts.insert(name, digest.into());
        }
    }
    parts.sort_keys();
    let (loader, integrity) = loader.context("the build has no pinned loader")?;
    Ok(Digests {
        loader,
        integrity,
        parts,
    })
}

fn html(digests: &Digests, options: &IntegrityOptions) -> String {
    let base = options.collector.trim_end_matches('/');
    let mut html = String::new();
    if options.parts {
        let addresses: Map<_, _> = digests
            .parts
            .iter()
            .map(|(name, digest)| (format!("{base}/{name}"), digest.clone()))
            .collect();
        let map = serde_json::json!({ "integrity": addresses });
        writeln!(html, "<script type=\"importmap\">{map:#}</script>").expect("writing to a String");
    }
    writeln!(
        html,
        "<script async src=\"{base}/{}\" integrity=\"{}\" crossorigin=\"anonymous\" data-key=\"{}\"></script>",
        digests.loader, digests.integrity, options.key
    )
    .expect("writing to a String");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests() -> Digests {
        let mut parts = Map::new();
        parts.insert("hb/open.1.js".to_owned(), "sha384-b".into());
        Digests {
            loader: "hb/hearback.1.js".to_owned(),
            integrity: "sha384-a".to_owned(),
            parts,
        }
    }

    #[test]
    fn the_tag_is_ready_to_be_copied() {
        let options = IntegrityOptions {
            collector: "https://f.example/".to_owned(),
            key: "pk_a".to_owned(),
            ..IntegrityOptions::default()
        };
        assert_eq!(
            html(&digests(), &options),
            "<script async src=\"https://f.example/hb/hearback.1.js\" integrity=\"sha384-a\" crossorigin=\"anonymous\" \
             data-key=\"pk_a\"></script>\n"
        );
    }

    #[test]
    fn the_parts_stand_before_it_where_they_are_wanted() {
        let options = IntegrityOptions {
            parts: true,
            ..IntegrityOptions::default()
        };
        let text = html(&digests(), &options);
        let (map, tag) = text.split_once("</script>").expect("two scripts");
        let map: Value =
            serde_json::from_str(map.trim_start_matches("<script type=\"importmap\">")).expect("JSON");
        assert_eq!(
            map["integrity"]["https://collector.example/hb/open.1.js"],
            "sha384-b"
        );
        assert!(tag.contains("<script async"), "{text}");
    }
}

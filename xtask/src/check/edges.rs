//! Arrows never point back: which crate of ours may use which, and which packages may never be reached.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{paths, shell};

/// Each crate of ours and those of ours that it may use.
const ARROWS: [(&str, &[&str]); 13] = [
    ("hearback-scan", &[]),
    ("hearback-shared", &["hearback-scan"]),
    ("hearback-analysis", &["hearback-shared"]),
    ("hearback-widget", &["hearback-shared"]),
    ("hearback-preview", &["hearback-shared"]),
    ("hearback-validator", &["hearback-shared"]),
    ("hearback-annotate", &[]),
    ("hearback-console", &["hearback-shared"]),
    ("hearback-collector", &["hearback-shared", "hearback-analysis"]),
    ("hearback-operator", &["hearback-shared", "hearback-collector"]),
    (
        "xtask",
        &["hearback-shared", "hearback-collector", "hearback-operator"],
    ),
    (
        "hearback-runtime-tests",
        &["hearback-shared", "hearback-collector", "xtask"],
    ),
    ("hearback-faults", &["hearback-shared", "xtask"]),
];

/// Each crate and the packages it must not reach, however indirectly. A name ending in `*` is the start of one.
const WALLS: [(&str, &[&str]); 10] = [
    (
        "hearback-shared",
        &["worker*", "web-sys", "js-sys", "gloo*", "yew*", "tokio"],
    ),
    (
        "hearback-analysis",
        &["worker*", "web-sys", "js-sys", "gloo*", "yew*", "tokio"],
    ),
    ("hearback-widget", &["worker*", "regex", "url", "chrono"]),
    (
        "hearback-preview",
        &["worker*", "regex", "url", "chrono", "yew*", "web-sys"],
    ),
    (
        "hearback-validator",
        &["worker*", "regex", "url", "chrono", "yew*", "web-sys"],
    ),
    (
        "hearback-annotate",
        &["worker*", "yew*", "web-sys", "js-sys", "serde"],
    ),
    ("hearback-console", &["worker*"]),
    ("hearback-collector", &["yew*", "gloo*"]),
    ("hearback-operator", &["worker*", "web-sys", "tokio"]),
    ("xtask", &["worker*", "web-sys", "yew*"]),
];

/// Checks both lists.
pub(super) fn check() -> Result<()> {
    let mut wrong = arrows()?;
    for (package, forbidden) in WALLS {
        wrong.extend(walls(package, forbidden)?);
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    Ok(())
}

fn cargo(args: &[&str]) -> Result<String> {
    shell::capture(Command::new(paths::cargo()).args(args).current_dir(paths::root()))
}

fn arrows() -> Result<Vec<String>> {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])?)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let ours: BTreeSet<_> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().context("a package has a name")?;
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!(
                "{name} is new: say in xtask/src/check/edges.rs which crates it may use"
            ));
            continue;
        };
        // Tests may use what they like; the product may not.
        let normal = package["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|used| used["kind"] != "dev");
        for used in normal.filter_map(|used| used["name"].as_str()) {
            if ours.contains(used) && !allowed.contains(&used) {
                wrong.push(format!(
                    "{name} uses {used}, which points against the arrows of ARCHITECTURE.md"
                ));
            }
        }
    }
    Ok(wrong)
}

fn walls(package: &str, forbidden: &[&str]) -> Result<Vec<String>> {
    let args = [
        "tree",
        "--package",
        package,
        "--edges",
        "normal",
        "--target",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let tree = cargo(&args)?;
    let reached: BTreeSet<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let broken = reached
        .iter()
        .filter(|name| forbidden.iter().any(|rule| matches(rule, name)));
    Ok(broken
        .map(|name| format!("{package} reaches {name}: `cargo tree -p {package} -i {name}` shows how"))
        .collect())
}

fn matches(rule: &str, name: &str) -> bool {
    match rule.strip_suffix('*') {
        Some(start) => name == start || name.starts_with(&format!("{start}-")),
        None => name == rule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_a_family() {
        assert!(matches("gloo*", "gloo") && matches("gloo*", "gloo-net") && matches("url", "url"));
        assert!(!matches("gloo*", "glooey") && !matches("url", "urlencoding"));
    }
}

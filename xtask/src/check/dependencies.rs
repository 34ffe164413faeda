//! `cargo deny check`, by the rules in deny.toml.

use std::process::Command;

use anyhow::Result;

use crate::{paths, shell, tools};

/// Licences, sources and duplicates always; advisories where their database can be reached.
pub(super) fn check() -> Result<()> {
    let program = tools::cargo_deny()?;
    let deny = |checks: &[&str]| {
        let mut command = Command::new(&program);
        command
            .args(["--all-features", "check", "--hide-inclusion-graph"])
            .args(checks)
            .current_dir(paths::root());
        command
    };
    shell::step(
        "deny",
        "Checking licences, sources and duplicates",
        &mut deny(&["bans", "licenses", "sources"]),
    )?;
    match shell::capture(&mut deny(&["advisories"])) {
        Err(error) if out_of_reach(&format!("{error:#}")) => {
            shell::say(
                "deny",
                "SKIPPED the advisories: their database can't be reached from here",
            );
            Ok(())
        }
        result => result.map(drop),
    }
}

fn out_of_reach(error: &str) -> bool {
    error.contains("failed to fetch advisory database") || error.contains("failed to load advisory database")
}

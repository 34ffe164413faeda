//! The sink's files against the log: each item under exactly one delivery id, and each delivery always the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::log::Log;

/// How many items of the log are missing at the sink, and how much is there that should not be.
pub fn compare(kept: &Path, log: &Log) -> Result<(u64, u64)> {
    let (mut ids, mut wrong) = (BTreeSet::new(), 0);
    for entry in fs::read_dir(kept)? {
        let path = entry?.path();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("ndjson") => {}
            // Another body under an id that was there before.
            Some("other") => {
                wrong += 1;
                continue;
            }
            // It is being written.
            _ => continue,
        }
        for line in fs::read_to_string(&path)?.lines() {
            let item: Value =
                serde_json::from_str(line).with_context(|| format!("a line of {}", path.display()))?;
            let id = item["id"].as_str().context("an item has an id")?.to_owned();
            wrong += u64::from(!log.items.contains_key(&id));
            wrong += u64::from(!ids.insert(id));
        }
    }
    let missing = log.items.keys().filter(|id| !ids.contains(*id)).count() as u64;
    Ok((missing, wrong))
}

//! The sink's files against the log: each item under exactly one delivery id, and each delivery always the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::log::Log;
use crate::pages;

/// How many items of the log are missing at the sink, and how much is there that should not be. Poison is to be there
/// only once the sink is mended.
pub fn compare(kept: &Path, log: &Log, is_mended: bool) -> Result<(u64, u64)> {
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
            let is_refused = !is_mended && pages::is_poison(&id);
            wrong += u64::from(is_refused || !log.items.contains_key(&id));
            wrong += u64::from(!ids.insert(id));
        }
    }
    let is_missing = |id: &&String| !ids.contains(*id) && (is_mended || !pages::is_poison(id));
    let missing = log.items.keys().filter(is_missing).count() as u64;
    Ok((missing, wrong))
}

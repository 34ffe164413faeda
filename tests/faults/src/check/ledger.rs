//! The ledger against the log and the senders' books. All that this program knows of its tables stands here.
//!
//! It has to balance in itself and to say what the log holds, hour by hour. Of repeats and refusals the senders know
//! only those whose answer they read, so there may be more in the ledger, never fewer.

use std::collections::BTreeMap;

use anyhow::Result;
use rusqlite::Connection;
use serde_json::Value;

use super::log::{HOUR_MS, Log};
use crate::books::Books;

#[derive(Default)]
struct Sums {
    received: u64,
    accepted: u64,
    duplicate: u64,
    rejected: u64,
}

impl Sums {
    fn add(&mut self, tally: &Value) {
        let number = |name: &str| tally[name].as_u64().unwrap_or(0);
        self.received += number("n");
        self.accepted += number("a");
        self.duplicate += number("d");
        let by_code = tally["r"].as_object();
        self.rejected += by_code.map_or(0, |codes| codes.values().filter_map(Value::as_u64).sum());
    }
}

/// By how many items the ledger is wrong, summed over hours and kinds.
pub fn compare(shards: &[Connection], log: &Log, books: &Books) -> Result<u64> {
    let mut hours: BTreeMap<u64, Sums> = BTreeMap::new();
    for shard in shards {
        let mut statement = shard.prepare("SELECT hour, body FROM ledger")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let body: String = row.get(1)?;
            hours
                .entry(row.get(0)?)
                .or_default()
                .add(&serde_json::from_str(&body)?);
        }
        // What commits after the ledger's cursor say is in their rows.
        let after = "SELECT at, tally FROM log WHERE first > coalesce((SELECT position FROM cursors WHERE consumer = 'ledger'), 0)";
        let mut statement = shard.prepare(after)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (at, tally): (u64, String) = (row.get(0)?, row.get(1)?);
            hours
                .entry(at - at % HOUR_MS)
                .or_default()
                .add(&serde_json::from_str(&tally)?);
        }
    }
    let mut difference = 0;
    let mut stored = log.stored_by_hour.clone();
    for (hour, sums) in &hours {
        difference += sums
            .received
            .abs_diff(sums.accepted + sums.duplicate + sums.rejected);
        difference += sums.accepted.abs_diff(stored.remove(hour).unwrap_or(0));
    }
    difference += stored.values().sum::<u64>();
    let in_all = |count: fn(&Sums) -> u64| hours.values().map(count).sum::<u64>();
    difference += books
        .results("duplicate")
        .saturating_sub(in_all(|sums| sums.duplicate));
    difference += books
        .results("rejected")
        .saturating_sub(in_all(|sums| sums.rejected));
    Ok(difference)
}

//! The counts by hour and by day against the log. All that this program knows of the rollups' tables stands here.

use std::collections::BTreeMap;

use anyhow::Result;
use rusqlite::Connection;

use super::log::{HOUR_MS, Log};

/// Both widths, as the tables name them.
const WIDTHS: [(&str, u64); 2] = [("hour", HOUR_MS), ("day", 24 * HOUR_MS)];

/// By how much the counts differ from the log, summed over widths, spans and names.
pub fn compare(shards: &[Connection], log: &Log) -> Result<u64> {
    let mut difference = 0;
    for (width, width_ms) in WIDTHS {
        let mut spans: BTreeMap<(u64, String), i64> = BTreeMap::new();
        for entry in log.items.values() {
            if let Some(name) = &entry.name {
                let start = entry.hour - entry.hour % width_ms;
                *spans.entry((start, name.clone())).or_default() -= 1;
            }
        }
        for shard in shards {
            let mut statement =
                shard.prepare("SELECT start, name, count + bots FROM rollups WHERE width = ?")?;
            let mut rows = statement.query([width])?;
            while let Some(row) = rows.next()? {
                // So few names never fall into the one for the rest, which then shows as a difference.
                *spans.entry((row.get(0)?, row.get(1)?)).or_default() += row.get::<_, i64>(2)?;
            }
        }
        difference += spans.values().map(|span| span.unsigned_abs()).sum::<u64>();
    }
    Ok(difference)
}

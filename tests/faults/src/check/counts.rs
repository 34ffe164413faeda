//! The counts by hour and name against the log. All that this program knows of the rollups' tables stands here.

use std::collections::BTreeMap;

use anyhow::Result;
use rusqlite::Connection;

use super::log::Log;

/// By how much the counts differ from the log, summed over hours and names.
pub fn compare(shards: &[Connection], log: &Log) -> Result<u64> {
    let mut differences: BTreeMap<(u64, String), i64> = BTreeMap::new();
    for entry in log.items.values() {
        if let Some(name) = &entry.name {
            *differences.entry((entry.hour, name.clone())).or_default() -= 1;
        }
    }
    for shard in shards {
        let mut statement =
            shard.prepare("SELECT start, name, count + bots FROM rollups WHERE width = 'hour'")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            *differences.entry((row.get(0)?, row.get(1)?)).or_default() += row.get::<_, i64>(2)?;
        }
    }
    Ok(differences
        .values()
        .map(|difference| difference.unsigned_abs())
        .sum())
}

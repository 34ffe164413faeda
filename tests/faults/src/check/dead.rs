//! Dead letters, and the sink's part of the ledger. All that this program knows of their tables stands here.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use rusqlite::Connection;

use super::log::Log;
use crate::pages;

/// How many letters are dead, and by how many these differ from the poison in the log.
pub fn compare(shards: &[Connection], log: &Log, is_mended: bool) -> Result<(u64, u64)> {
    let (mut letters, mut copies) = (BTreeSet::new(), 0);
    for shard in shards {
        let mut statement = shard.prepare("SELECT item FROM dead")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            copies += u64::from(!letters.insert(row.get::<_, String>(0)?));
        }
    }
    let poison = log.items.keys().filter(|id| !is_mended && pages::is_poison(id));
    let poison: BTreeSet<String> = poison.cloned().collect();
    let different = letters.symmetric_difference(&poison).count() as u64;
    Ok((letters.len() as u64, different + copies))
}

/// By how many items the sink's ledger differs from the log, summed over hours: everything is settled by now, so each
/// item was delivered or is dead. Dead ones are there as letters.
pub fn ledger(shards: &[Connection], log: &Log) -> Result<u64> {
    let mut hours: BTreeMap<u64, i64> = BTreeMap::new();
    for (hour, count) in &log.stored_by_hour {
        hours.insert(*hour, i64::try_from(*count)?);
    }
    let mut dead = 0;
    for shard in shards {
        let mut statement =
            shard.prepare("SELECT hour, delivered + dead + expired + erased, dead FROM sink_ledger")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            *hours.entry(row.get(0)?).or_default() -= row.get::<_, i64>(1)?;
            dead += row.get::<_, i64>(2)?;
        }
        dead -= shard.query_row("SELECT count(*) FROM dead", [], |row| row.get::<_, i64>(0))?;
    }
    Ok(hours.values().map(|hour| hour.unsigned_abs()).sum::<u64>() + dead.unsigned_abs())
}

//! The log as it lies in the shards' files.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use rusqlite::Connection;
use serde_json::Value;

use crate::pages::{self, Kind};

/// What one item of the log says, as far as counting goes.
pub struct Entry {
    /// The event's name; `None` for feedback.
    pub name: Option<String>,
    /// The first millisecond of the hour in which it happened.
    pub hour: u64,
}

/// The logs of all shards.
#[derive(Default)]
pub struct Log {
    /// Items by id.
    pub items: BTreeMap<String, Entry>,
    /// How many were committed in each hour.
    pub stored_by_hour: BTreeMap<u64, u64>,
    /// Lines beyond the first of each id.
    pub copies: u64,
    /// Lines that do not say what was sent under their id.
    pub strange: u64,
    /// Rows that do not begin where the one before ended.
    pub holes: u64,
}

/// An hour.
pub const HOUR_MS: u64 = 60 * 60 * 1000;

impl Log {
    /// Reads them.
    pub fn read(shards: &[Connection]) -> Result<Self> {
        let mut log = Self::default();
        for shard in shards {
            let mut next = 1;
            let mut statement = shard.prepare("SELECT first, count, lines, at FROM log ORDER BY first")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (first, count, lines): (u64, u64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                log.holes += u64::from(first != next || count != lines.lines().count() as u64);
                next = first + count;
                let at: u64 = row.get(3)?;
                *log.stored_by_hour.entry(at - at % HOUR_MS).or_default() += count;
                lines.lines().try_for_each(|line| log.take(line))?;
            }
        }
        Ok(log)
    }

    fn take(&mut self, line: &str) -> Result<()> {
        let item: Value = serde_json::from_str(line).with_context(|| format!("a line of the log: {line}"))?;
        let id = item["id"].as_str().context("an item has an id")?.to_owned();
        let seq: u64 = id
            .rsplit('-')
            .next()
            .and_then(|seq| seq.parse().ok())
            .context("an id ends in a seq")?;
        let name = item["name"].as_str().map(str::to_owned);
        let is_as_sent = match pages::kind(seq) {
            Kind::Event(sent) => {
                name.as_deref() == Some(sent) && item["props"]["n"].as_f64() == Some(number(seq))
            }
            Kind::Feedback => item["text"] == format!("Number {seq} please"),
            Kind::Wrong => false,
        };
        self.strange += u64::from(!is_as_sent);
        let at = item["at"].as_u64().context("an item has a time")?;
        let entry = Entry {
            name,
            hour: at - at % HOUR_MS,
        };
        self.copies += u64::from(self.items.insert(id, entry).is_some());
        Ok(())
    }
}

/// A seq as JSON carries it.
fn number(seq: u64) -> f64 {
    f64::from(u32::try_from(seq).unwrap_or(u32::MAX))
}

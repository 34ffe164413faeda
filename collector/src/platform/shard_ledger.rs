//! A shard's part of the ledger. Tallies of commits that wrote a row travel in that row and are added up here later;
//! commits without a row write theirs straight into the hour.

use hearback_shared::UnixMillis;
use hearback_shared::ledger::{Ledger, LedgerHour, Tally};
use hearback_shared::query::Interval;
use worker::Result;

use super::shard_store::{Consumer, ShardStore};
use super::store::number;
use crate::sinks::Sink;

/// Rows that one step adds up: tallies are small.
const STEP_ROWS: u64 = 500;

impl ShardStore {
    /// Adds to the hour of `at`.
    pub(super) fn add_to_ledger(&self, at: UnixMillis, tally: &Tally) -> Result<()> {
        let hour = Interval::Hour.start(at);
        let kept = self
            .store
            .row("SELECT body FROM ledger WHERE hour = ?", vec![number(hour)])?;
        let mut sum: Tally = match kept {
            Some(row) => serde_json::from_str(row.text(0))?,
            None => Tally::default(),
        };
        sum.merge(tally);
        self.store.run(
            "INSERT OR REPLACE INTO ledger (hour, body) VALUES (?, ?)",
            vec![number(hour), serde_json::to_string(&sum)?.into()],
        )
    }

    /// Adds up the tallies of the rows since the last time: sums and cursor in one transaction.
    pub(super) fn settle_ledger(&self) -> Result<()> {
        loop {
            let cursor = self.cursor(Consumer::Ledger)?;
            let rows = self.store.rows(
                "SELECT first, count, at, tally FROM log WHERE first > ? ORDER BY first LIMIT ?",
                vec![number(cursor), number(STEP_ROWS)],
            )?;
            let Some(last) = rows.last() else { return Ok(()) };
            let last = last.number(0) + last.number(1) - 1;
            let mut hours: Vec<(UnixMillis, Tally)> = Vec::new();
            for row in &rows {
                let tally = serde_json::from_str(row.text(3))?;
                let hour = Interval::Hour.start(row.number(2));
                match hours.last_mut() {
                    Some((at, sum)) if *at == hour => sum.merge(&tally),
                    _ => hours.push((hour, tally)),
                }
            }
            self.transaction(|| {
                for (hour, tally) in &hours {
                    self.add_to_ledger(*hour, tally)?;
                }
                self.set_cursor(Consumer::Ledger, last)
            })?;
        }
    }

    /// What became of the items that were received from `from` to `to`.
    pub(super) fn ledger(&self, from: UnixMillis, to: UnixMillis, sinks: &[Sink]) -> Result<Ledger> {
        self.settle_ledger()?;
        let rows = self.store.rows(
            "SELECT hour, body FROM ledger WHERE hour >= ? AND hour < ?",
            vec![number(from), number(to)],
        )?;
        let mut ledger = Ledger::default();
        for row in &rows {
            let entry = LedgerHour {
                items: serde_json::from_str(row.text(1))?,
                ..LedgerHour::default()
            };
            ledger.0.insert(row.number(0), entry);
        }
        for sink in sinks {
            let hours = self.sink_tallies(&sink.name)?;
            for (hour, tally) in hours.into_iter().filter(|(hour, _)| (from..to).contains(hour)) {
                let entry = ledger.0.entry(hour).or_default();
                entry.sinks.insert(sink.name.clone(), tally);
            }
        }
        Ok(ledger)
    }
}

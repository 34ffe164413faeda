//! A shard's deliveries as they are kept: what is sealed, what is open, what is dead, and how many items of each hour
//! are where. What becomes of them stands in `shard_outbox.rs`.

use litemap::LiteMap;

use hearback_shared::UnixMillis;
use hearback_shared::delivery::DeadLetter;
use hearback_shared::ledger::SinkTally;
use hearback_shared::query::Interval;
use worker::Result;

use super::shard_store::ShardStore;
use super::store::{Row, number};
use crate::objects::delivery::{IN_FLIGHT, SealedDelivery, done_up_to, seal};

/// Dead letters of one answer.
const LETTERS: u64 = 200;

/// The tables; part of the shard's.
pub(super) const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS sinks (sink TEXT PRIMARY KEY, sealed INTEGER NOT NULL, delivered_at INTEGER, paused_until INTEGER, error TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS deliveries (sink TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, replayed INTEGER NOT NULL, PRIMARY KEY (sink, first)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS dead (sink TEXT NOT NULL, position INTEGER NOT NULL, hour INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, item TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (sink, position)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS sink_ledger (sink TEXT NOT NULL, hour INTEGER NOT NULL, delivered INTEGER NOT NULL, dead INTEGER NOT NULL, expired INTEGER NOT NULL, erased INTEGER NOT NULL, PRIMARY KEY (sink, hour)) WITHOUT ROWID",
];

fn sealed(row: &Row) -> SealedDelivery {
    SealedDelivery {
        first: row.number(0),
        last: row.number(1),
        attempts: u32::try_from(row.number(2)).unwrap_or(u32::MAX),
        next_at: row.number(3),
    }
}

impl ShardStore {
    pub(super) fn sealed_up_to(&self, sink: &str) -> Result<u64> {
        let row = self
            .store
            .row("SELECT sealed FROM sinks WHERE sink = ?", vec![sink.into()])?;
        Ok(row.map_or(0, |row| row.number(0)))
    }

    pub(super) fn set_sealed(&self, sink: &str, sealed: u64) -> Result<()> {
        self.store.run(
            "INSERT INTO sinks (sink, sealed) VALUES (?, ?) ON CONFLICT (sink) DO UPDATE SET sealed = excluded.sealed",
            vec![sink.into(), number(sealed)],
        )
    }

    pub(super) fn open_deliveries(&self, sink: &str) -> Result<Vec<(SealedDelivery, bool)>> {
        let rows = self.store.rows(
            "SELECT first, last, attempts, next_at, replayed FROM deliveries WHERE sink = ? ORDER BY first",
            vec![sink.into()],
        )?;
        Ok(rows.iter().map(|row| (sealed(row), row.number(4) == 1)).collect())
    }

    pub(super) fn keep_delivery(&self, sink: &str, delivery: &SealedDelivery, is_replay: bool) -> Result<()> {
        let bindings = vec![
            sink.into(),
            number(delivery.first),
            number(delivery.last),
            number(u64::from(delivery.attempts)),
            number(delivery.next_at),
            number(u64::from(is_replay)),
        ];
        self.store.run(
            "INSERT OR REPLACE INTO deliveries (sink, first, last, attempts, next_at, replayed) VALUES (?, ?, ?, ?, ?, ?)",
            bindings,
        )
    }

    pub(super) fn drop_delivery(&self, sink: &str, first: u64) -> Result<()> {
        self.store.run(
            "DELETE FROM deliveries WHERE sink = ? AND first = ?",
            vec![sink.into(), number(first)],
        )
    }

    /// Seals what has gathered for long enough, up to the bound on what is open. A delivery is written down before it
    /// is sent, so that a repeat sends the same. Says when the next may be sealed.
    pub(super) fn seal_deliveries(
        &self,
        sink: &str,
        delay_ms: u64,
        now: UnixMillis,
    ) -> Result<Option<UnixMillis>> {
        // Replays don't count: however many letters are sent again, what is new goes on.
        let deliveries = self.open_deliveries(sink)?;
        let mut open = deliveries.iter().filter(|(_, is_replay)| !is_replay).count();
        while open < IN_FLIGHT {
            let position = self.sealed_up_to(sink)?;
            let (extents, oldest) = self.extents_after(position)?;
            let Some(delivery) = seal(extents, now) else {
                return Ok(None);
            };
            // A clock that stepped back must not hold a delivery for longer than the delay.
            if now >= oldest && now - oldest < delay_ms {
                return Ok(Some(oldest + delay_ms));
            }
            self.transaction(|| {
                self.keep_delivery(sink, &delivery, false)?;
                self.set_sealed(sink, delivery.last)
            })?;
            open += 1;
        }
        Ok(None)
    }

    /// The position up to which a sink has everything.
    pub(super) fn delivered_up_to(&self, sink: &str) -> Result<u64> {
        let open: Vec<_> = self
            .open_deliveries(sink)?
            .into_iter()
            .filter(|(_, is_replay)| !is_replay)
            .map(|(delivery, _)| delivery)
            .collect();
        Ok(done_up_to(self.sealed_up_to(sink)?, &open))
    }

    pub(super) fn count_by_hour(&self, first: u64, last: u64) -> Result<LiteMap<UnixMillis, u64>> {
        let rows = self.store.rows(
            "SELECT at, min(first + count - 1, ?2) - max(first, ?1) + 1 FROM log WHERE first + count - 1 >= ?1 AND first <= ?2",
            vec![number(first), number(last)],
        )?;
        let mut hours = LiteMap::new();
        for row in &rows {
            *hours.entry(Interval::Hour.start(row.number(0))).or_default() += row.number(1);
        }
        Ok(hours)
    }

    /// What is where of a sink's items, by hour of receipt. What is pending is counted from the log.
    pub(super) fn sink_tallies(&self, sink: &str) -> Result<LiteMap<UnixMillis, SinkTally>> {
        let rows = self.store.rows(
            "SELECT hour, delivered, dead, expired, erased FROM sink_ledger WHERE sink = ?",
            vec![sink.into()],
        )?;
        let mut tallies: LiteMap<UnixMillis, SinkTally> = rows
            .iter()
            .map(|row| {
                let tally = SinkTally {
                    delivered: row.number(1),
                    pending: 0,
                    dead: row.number(2),
                    expired: row.number(3),
                    erased: row.number(4),
                };
                (row.number(0), tally)
            })
            .collect();
        let mut ranges = vec![(self.sealed_up_to(sink)? + 1, u64::MAX >> 11)];
        for (delivery, is_replay) in self.open_deliveries(sink)? {
            if !is_replay {
                ranges.push((delivery.first, delivery.last));
            }
        }
        for (first, last) in ranges {
            for (hour, count) in self.count_by_hour(first, last)? {
                tallies.entry(hour).or_default().pending += count;
            }
        }
        Ok(tallies)
    }

    /// When the item at a position was received, or the first after it that is still in the log.
    pub(super) fn received_at(&self, position: u64) -> Result<Option<UnixMillis>> {
        let row = self.store.row(
            "SELECT at FROM log WHERE first + count - 1 >= ? ORDER BY first LIMIT 1",
            vec![number(position)],
        )?;
        Ok(row.map(|row| row.number(0)))
    }

    /// Dead letters, newest first; with `position`, the one there with its line.
    pub(super) fn dead_letters(
        &self,
        shard: u32,
        sink: Option<&str>,
        position: Option<u64>,
    ) -> Result<Vec<DeadLetter>> {
        let rows = self.store.rows(
            "SELECT sink, position, at, reason, item, line, EXISTS (SELECT 1 FROM deliveries WHERE sink = dead.sink AND first = dead.position AND replayed = 1) FROM dead WHERE (?1 = '' OR sink = ?1) AND (?2 = 0 OR position = ?2) ORDER BY at DESC LIMIT ?3",
            vec![
                sink.unwrap_or_default().into(),
                number(position.unwrap_or(0)),
                number(LETTERS),
            ],
        )?;
        let letter = |row: &Row| DeadLetter {
            id: format!("{shard}.{}.{}", row.number(1), row.text(0)),
            sink: row.text(0).to_owned(),
            item: row.text(4).to_owned(),
            at: row.number(2),
            reason: row.text(3).to_owned(),
            replaying: row.number(6) == 1,
            line: position.map(|_| row.text(5).to_owned()),
        };
        Ok(rows.iter().map(letter).collect())
    }

    /// Opens a dead letter's delivery again; false where there is none.
    pub(super) fn replay(&self, sink: &str, position: u64, now: UnixMillis) -> Result<bool> {
        if self.dead_letters(0, Some(sink), Some(position))?.is_empty() {
            return Ok(false);
        }
        let delivery = SealedDelivery {
            first: position,
            last: position,
            attempts: 0,
            next_at: now,
        };
        self.keep_delivery(sink, &delivery, true)?;
        Ok(true)
    }

    /// Opens the deliveries of all dead letters again, or of one sink's; says how many there are.
    pub(super) fn replay_all(&self, sink: Option<&str>, now: UnixMillis) -> Result<u64> {
        let sink = sink.unwrap_or_default();
        self.transaction(|| {
            self.store.run(
                "INSERT OR REPLACE INTO deliveries (sink, first, last, attempts, next_at, replayed) SELECT sink, position, position, 0, ?2, 1 FROM dead WHERE ?1 = '' OR sink = ?1",
                vec![sink.into(), number(now)],
            )?;
            let count = self.store.row(
                "SELECT count(*) FROM dead WHERE ?1 = '' OR sink = ?1",
                vec![sink.into()],
            )?;
            Ok(count.map_or(0, |row| row.number(0)))
        })
    }
}

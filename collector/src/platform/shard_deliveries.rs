//! A shard's deliveries: what is sealed, what is open, what is dead, and how many items each hour's are where.

use std::collections::BTreeMap;

use hearback_shared::UnixMillis;
use hearback_shared::delivery::DeadLetter;
use hearback_shared::item::StoredItem;
use hearback_shared::ledger::SinkTally;
use hearback_shared::query::Interval;
use worker::Result;

use super::shard_store::ShardStore;
use super::store::{Row, number};
use crate::objects::delivery::{After, IN_FLIGHT, SealedDelivery, done_up_to, seal};

/// Dead letters of one answer.
const LETTERS: u64 = 200;

/// The tables; part of the shard's.
pub(super) const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS sinks (sink TEXT PRIMARY KEY, sealed INTEGER NOT NULL, delivered_at INTEGER, paused_until INTEGER, error TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS deliveries (sink TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, replayed INTEGER NOT NULL, PRIMARY KEY (sink, first)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS dead (sink TEXT NOT NULL, position INTEGER NOT NULL, hour INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, item TEXT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (sink, position)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS sink_ledger (sink TEXT NOT NULL, hour INTEGER NOT NULL, delivered INTEGER NOT NULL, dead INTEGER NOT NULL, expired INTEGER NOT NULL, erased INTEGER NOT NULL, PRIMARY KEY (sink, hour)) WITHOUT ROWID",
];

/// A delivery with its items.
pub(super) struct Loaded {
    pub delivery: SealedDelivery,
    /// Whether it is a dead letter that is sent again: its item is kept there, the log may have let go of it.
    pub is_replay: bool,
    /// NDJSON; erased items are not in it. Empty where nothing is left to send.
    pub body: String,
    /// When the first item was received.
    pub received_at: UnixMillis,
    /// Items by hour of receipt: to be sent, and erased.
    hours: BTreeMap<UnixMillis, (u64, u64)>,
}

/// Whether an item was erased: its line keeps the place and says nothing else.
fn is_erased(line: &str) -> bool {
    line.starts_with("{\"erased\":true,")
}

fn sealed(row: &Row) -> SealedDelivery {
    SealedDelivery {
        first: row.number(0),
        last: row.number(1),
        attempts: u32::try_from(row.number(2)).unwrap_or(u32::MAX),
        next_at: row.number(3),
    }
}

impl ShardStore {
    fn sealed_up_to(&self, sink: &str) -> Result<u64> {
        let row = self
            .store
            .row("SELECT sealed FROM sinks WHERE sink = ?", vec![sink.into()])?;
        Ok(row.map_or(0, |row| row.number(0)))
    }

    fn set_sealed(&self, sink: &str, sealed: u64) -> Result<()> {
        self.store.run(
            "INSERT INTO sinks (sink, sealed) VALUES (?, ?) ON CONFLICT (sink) DO UPDATE SET sealed = excluded.sealed",
            vec![sink.into(), number(sealed)],
        )
    }

    /// What is sealed and not done: whether it is a dead letter that is sent again stands beside it.
    pub(super) fn open_deliveries(&self, sink: &str) -> Result<Vec<(SealedDelivery, bool)>> {
        let rows = self.store.rows(
            "SELECT first, last, attempts, next_at, replayed FROM deliveries WHERE sink = ? ORDER BY first",
            vec![sink.into()],
        )?;
        Ok(rows.iter().map(|row| (sealed(row), row.number(4) == 1)).collect())
    }

    fn keep_delivery(&self, sink: &str, delivery: &SealedDelivery, is_replay: bool) -> Result<()> {
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

    fn drop_delivery(&self, sink: &str, first: u64) -> Result<()> {
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
        let mut open = self.open_deliveries(sink)?.len();
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

    /// The open deliveries that are due, and when the next one is.
    pub(super) fn due_deliveries(
        &self,
        sink: &str,
        now: UnixMillis,
    ) -> Result<(Vec<Loaded>, Option<UnixMillis>)> {
        let (mut due, mut later) = (Vec::new(), None::<UnixMillis>);
        for (delivery, is_replay) in self.open_deliveries(sink)? {
            match delivery.waits_until(now) {
                Some(at) => later = Some(later.map_or(at, |other| other.min(at))),
                None if due.len() < IN_FLIGHT => due.push(self.load(sink, delivery, is_replay)?),
                None => later = Some(now),
            }
        }
        Ok((due, later))
    }

    fn load(&self, sink: &str, delivery: SealedDelivery, is_replay: bool) -> Result<Loaded> {
        if is_replay {
            return self.load_replay(sink, delivery);
        }
        let mut loaded = Loaded {
            is_replay,
            body: String::new(),
            received_at: 0,
            hours: BTreeMap::new(),
            delivery,
        };
        let range = loaded.delivery.first..=loaded.delivery.last;
        for row in self.rows_touching(*range.start(), *range.end())? {
            let counts = loaded.hours.entry(Interval::Hour.start(row.at)).or_default();
            if loaded.received_at == 0 {
                loaded.received_at = row.at;
            }
            let lines = (row.first..).zip(row.lines.lines());
            for (_, line) in lines.filter(|(position, _)| range.contains(position)) {
                if is_erased(line) {
                    counts.1 += 1;
                } else {
                    counts.0 += 1;
                    loaded.body.push_str(line);
                    loaded.body.push('\n');
                }
            }
        }
        Ok(loaded)
    }

    fn load_replay(&self, sink: &str, delivery: SealedDelivery) -> Result<Loaded> {
        let letter = self.store.row(
            "SELECT hour, line FROM dead WHERE sink = ? AND position = ?",
            vec![sink.into(), number(delivery.first)],
        )?;
        let (hour, line) = letter.map_or((0, String::new()), |row| (row.number(0), row.text(1).to_owned()));
        Ok(Loaded {
            is_replay: true,
            received_at: hour,
            hours: [(hour, (u64::from(!line.is_empty()), 0))].into(),
            body: if line.is_empty() { line } else { line + "\n" },
            delivery,
        })
    }

    /// Writes down what became of a delivery: its state, the hours' counts and the sink's own state in one transaction.
    pub(super) fn settle_delivery(
        &self,
        sink: &str,
        loaded: &Loaded,
        after: &After,
        reason: Option<&str>,
        now: UnixMillis,
    ) -> Result<()> {
        let first = loaded.delivery.first;
        // Erased while it was under way: it is in no book any more.
        if loaded.is_replay && self.dead_letters(0, Some(sink), Some(first))?.is_empty() {
            return self.drop_delivery(sink, first);
        }
        self.transaction(|| {
            match after {
                After::Done => {
                    self.drop_delivery(sink, first)?;
                    for (hour, (sent, erased)) in &loaded.hours {
                        self.add_to_sink_ledger(sink, *hour, "delivered", *sent)?;
                        self.add_to_sink_ledger(sink, *hour, "erased", *erased)?;
                    }
                    if loaded.is_replay {
                        self.bury(sink, first)?;
                    }
                }
                After::Split(halves) => {
                    for half in halves {
                        self.keep_delivery(sink, half, false)?;
                    }
                }
                After::Dead => {
                    self.drop_delivery(sink, first)?;
                    if loaded.is_replay {
                        self.store.run(
                            "UPDATE dead SET at = ?, reason = ? WHERE sink = ? AND position = ?",
                            vec![
                                number(now),
                                reason.unwrap_or_default().into(),
                                sink.into(),
                                number(first),
                            ],
                        )?;
                    } else {
                        self.give_up(sink, loaded, reason.unwrap_or_default(), now)?;
                    }
                }
                After::Again(again) => self.keep_delivery(sink, again, loaded.is_replay)?,
            }
            self.note_attempt(sink, matches!(after, After::Done), reason, now)
        })
    }

    fn note_attempt(
        &self,
        sink: &str,
        is_delivered: bool,
        reason: Option<&str>,
        now: UnixMillis,
    ) -> Result<()> {
        if is_delivered {
            return self.store.run(
                "UPDATE sinks SET delivered_at = ?, error = NULL, paused_until = NULL WHERE sink = ?",
                vec![number(now), sink.into()],
            );
        }
        self.store.run(
            "UPDATE sinks SET error = ? WHERE sink = ?",
            vec![reason.unwrap_or_default().into(), sink.into()],
        )
    }

    fn give_up(&self, sink: &str, loaded: &Loaded, reason: &str, now: UnixMillis) -> Result<()> {
        let line = loaded.body.trim_end();
        let item = serde_json::from_str::<StoredItem>(line).map_or_else(|_| String::new(), |item| item.id);
        let hour = Interval::Hour.start(loaded.received_at);
        let bindings = vec![
            sink.into(),
            number(loaded.delivery.first),
            number(hour),
            number(now),
            reason.into(),
            item.into(),
            line.into(),
        ];
        self.store.run(
            "INSERT OR REPLACE INTO dead (sink, position, hour, at, reason, item, line) VALUES (?, ?, ?, ?, ?, ?, ?)",
            bindings,
        )?;
        self.add_to_sink_ledger(sink, hour, "dead", 1)
    }

    /// A dead letter that was delivered after all.
    fn bury(&self, sink: &str, position: u64) -> Result<()> {
        self.store.run(
            "UPDATE sink_ledger SET dead = dead - 1 WHERE sink = ?1 AND hour = (SELECT hour FROM dead WHERE sink = ?1 AND position = ?2)",
            vec![sink.into(), number(position)],
        )?;
        self.store.run(
            "DELETE FROM dead WHERE sink = ? AND position = ?",
            vec![sink.into(), number(position)],
        )
    }

    /// `column` is one of the four counts.
    fn add_to_sink_ledger(&self, sink: &str, hour: UnixMillis, column: &str, count: u64) -> Result<()> {
        if count == 0 {
            return Ok(());
        }
        self.store.run(
            "INSERT OR IGNORE INTO sink_ledger (sink, hour, delivered, dead, expired, erased) VALUES (?, ?, 0, 0, 0, 0)",
            vec![sink.into(), number(hour)],
        )?;
        self.store.run(
            &format!("UPDATE sink_ledger SET {column} = {column} + ? WHERE sink = ? AND hour = ?"),
            vec![number(count), sink.into(), number(hour)],
        )
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

    /// Gives up what a sink did not take before its time was over: everything up to `position`.
    pub(super) fn expire_deliveries(&self, sink: &str, position: u64) -> Result<()> {
        let mut expired: Vec<(u64, u64)> = Vec::new();
        let sealed = self.sealed_up_to(sink)?;
        if sealed < position {
            expired.push((sealed + 1, position));
        }
        let open = self.open_deliveries(sink)?;
        let open = open
            .iter()
            .filter(|(delivery, is_replay)| !is_replay && delivery.last <= position);
        let open: Vec<&SealedDelivery> = open.map(|(delivery, _)| delivery).collect();
        expired.extend(open.iter().map(|delivery| (delivery.first, delivery.last)));
        self.transaction(|| {
            for (first, last) in expired {
                for (hour, count) in self.count_by_hour(first, last)? {
                    self.add_to_sink_ledger(sink, hour, "expired", count)?;
                }
            }
            for delivery in open {
                self.drop_delivery(sink, delivery.first)?;
            }
            self.set_sealed(sink, sealed.max(position))
        })
    }

    fn count_by_hour(&self, first: u64, last: u64) -> Result<BTreeMap<UnixMillis, u64>> {
        let rows = self.store.rows(
            "SELECT at, min(first + count - 1, ?2) - max(first, ?1) + 1 FROM log WHERE first + count - 1 >= ?1 AND first <= ?2",
            vec![number(first), number(last)],
        )?;
        let mut hours = BTreeMap::new();
        for row in &rows {
            *hours.entry(Interval::Hour.start(row.number(0))).or_default() += row.number(1);
        }
        Ok(hours)
    }

    /// What is where of a sink's items, by hour of receipt. What is pending is counted from the log.
    pub(super) fn sink_tallies(&self, sink: &str) -> Result<BTreeMap<UnixMillis, SinkTally>> {
        let rows = self.store.rows(
            "SELECT hour, delivered, dead, expired, erased FROM sink_ledger WHERE sink = ?",
            vec![sink.into()],
        )?;
        let mut tallies: BTreeMap<UnixMillis, SinkTally> = rows
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

    /// Dead letters, newest first; with `position`, the one there with its line.
    pub(super) fn dead_letters(
        &self,
        shard: u32,
        sink: Option<&str>,
        position: Option<u64>,
    ) -> Result<Vec<DeadLetter>> {
        let rows = self.store.rows(
            "SELECT sink, position, at, reason, item, line FROM dead WHERE (?1 = '' OR sink = ?1) AND (?2 = 0 OR position = ?2) ORDER BY at DESC LIMIT ?3",
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
}

//! What happens to a sink's outbox, decided by `objects/outbox.rs` and written here: one event, one transaction.

use hearback_shared::UnixMillis;
use worker::{Result, SqlStorageValue};

use super::shard_store::ShardStore;
use super::store::{Row, number};
use crate::objects::delivery::Verdict;
use crate::objects::outbox::{self, Change, Column, Letter, Loaded, Open};
use crate::objects::person::Person;

fn letter(row: &Row) -> Letter {
    Letter {
        position: row.number(0),
        hour: row.number(1),
        at: row.number(2),
        reason: row.text(3).to_owned(),
        item: row.text(4).to_owned(),
        line: row.text(5).to_owned(),
    }
}

impl ShardStore {
    fn all_open(&self, sink: &str) -> Result<Vec<Open>> {
        let open = |(delivery, is_replay)| Open { delivery, is_replay };
        Ok(self.open_deliveries(sink)?.into_iter().map(open).collect())
    }

    /// The open deliveries that are due, and when the next one is.
    pub(super) fn due_deliveries(
        &self,
        sink: &str,
        now: UnixMillis,
    ) -> Result<(Vec<Loaded>, Option<UnixMillis>)> {
        let paused = self
            .store
            .row("SELECT paused_until FROM sinks WHERE sink = ?", vec![sink.into()])?;
        let paused = paused.map(|row| row.number(0));
        let (due, later) = outbox::due(self.all_open(sink)?, paused, now);
        let loaded: Result<Vec<Loaded>> = due.into_iter().map(|open| self.load(sink, open)).collect();
        Ok((loaded?, later))
    }

    fn load(&self, sink: &str, Open { delivery, is_replay }: Open) -> Result<Loaded> {
        if is_replay {
            let letter = self.letter(sink, delivery.first)?;
            return Ok(Loaded::from_letter(delivery, letter.as_ref()));
        }
        let rows = self.rows_touching(delivery.first, delivery.last)?;
        Ok(Loaded::from_log(delivery, &rows))
    }

    fn letter_of(&self, sink: &str, open: &Open) -> Result<Option<Letter>> {
        if open.is_replay {
            return self.letter(sink, open.delivery.first);
        }
        Ok(self.load(sink, open.clone())?.letter())
    }

    fn letter(&self, sink: &str, position: u64) -> Result<Option<Letter>> {
        let row = self.store.row(
            "SELECT position, hour, at, reason, item, line FROM dead WHERE sink = ? AND position = ?",
            vec![sink.into(), number(position)],
        )?;
        Ok(row.as_ref().map(letter))
    }

    /// Writes down what became of a delivery.
    pub(super) fn settle_delivery(
        &self,
        sink: &str,
        loaded: &Loaded,
        answer: (Verdict, &str),
        now: UnixMillis,
        random: f64,
    ) -> Result<()> {
        let letter = if loaded.is_looked_at_again(answer.0) {
            self.letter_of(sink, &loaded.open)?
        } else {
            None
        };
        let changes = outbox::settle(loaded, letter.as_ref(), answer, now, random);
        self.transaction(|| {
            changes
                .into_iter()
                .try_for_each(|change| self.write(sink, change))
        })
    }

    /// Gives up what a sink did not take before its time was over: everything up to `position`.
    pub(super) fn expire_deliveries(&self, sink: &str, position: u64) -> Result<()> {
        let rows = self.store.rows(
            "SELECT position, hour, at, reason, item, line FROM dead WHERE sink = ? AND position <= ?",
            vec![sink.into(), number(position)],
        )?;
        let letters: Vec<Letter> = rows.iter().map(letter).collect();
        let open = self.all_open(sink)?;
        let count = |first, last| self.count_by_hour(first, last);
        let changes = outbox::expire(self.sealed_up_to(sink)?, &open, &letters, position, count)?;
        self.transaction(|| {
            changes
                .into_iter()
                .try_for_each(|change| self.write(sink, change))
        })
    }

    /// Takes a person's items out of the dead letters of all sinks.
    pub(super) fn erase_letters(&self, person: &Person) -> Result<()> {
        let rows = self.store.rows(
            "SELECT position, hour, at, reason, item, line, sink FROM dead",
            vec![],
        )?;
        self.transaction(|| {
            for row in &rows {
                let changes = outbox::erase(&[letter(row)], person);
                let mut changes = changes.into_iter();
                changes.try_for_each(|change| self.write(row.text(6), change))?;
            }
            Ok(())
        })
    }

    fn write(&self, sink: &str, change: Change) -> Result<()> {
        match change {
            Change::Keep(open) => self.keep_delivery(sink, &open.delivery, open.is_replay),
            Change::Drop(first) => self.drop_delivery(sink, first),
            Change::Sealed(position) => self.set_sealed(sink, position),
            Change::Count(hour, column, count) => self.add_to_sink_ledger(sink, hour, column, count),
            Change::Bury(letter) => self.bury(sink, letter),
            Change::Raise(position) => self.store.run(
                "DELETE FROM dead WHERE sink = ? AND position = ?",
                vec![sink.into(), number(position)],
            ),
            Change::Well(at) => self.store.run(
                "UPDATE sinks SET delivered_at = ?, error = NULL, paused_until = NULL WHERE sink = ?",
                vec![number(at), sink.into()],
            ),
            Change::Failed(answer) => self.store.run(
                "UPDATE sinks SET error = ? WHERE sink = ?",
                vec![answer.into(), sink.into()],
            ),
            Change::Paused(until) => self.store.run(
                "UPDATE sinks SET paused_until = ? WHERE sink = ?",
                vec![number(until), sink.into()],
            ),
        }
    }

    fn bury(&self, sink: &str, letter: Letter) -> Result<()> {
        self.store.run(
            "INSERT OR REPLACE INTO dead (sink, position, hour, at, reason, item, line) VALUES (?, ?, ?, ?, ?, ?, ?)",
            vec![
                sink.into(),
                number(letter.position),
                number(letter.hour),
                number(letter.at),
                letter.reason.into(),
                letter.item.into(),
                letter.line.into(),
            ],
        )
    }

    fn add_to_sink_ledger(&self, sink: &str, hour: UnixMillis, column: Column, count: i64) -> Result<()> {
        if count == 0 {
            return Ok(());
        }
        self.store.run(
            "INSERT OR IGNORE INTO sink_ledger (sink, hour, delivered, dead, expired, erased) VALUES (?, ?, 0, 0, 0, 0)",
            vec![sink.into(), number(hour)],
        )?;
        let column = match column {
            Column::Delivered => "delivered",
            Column::Dead => "dead",
            Column::Expired => "expired",
            Column::Erased => "erased",
        };
        self.store.run(
            &format!("UPDATE sink_ledger SET {column} = {column} + ? WHERE sink = ? AND hour = ?"),
            vec![SqlStorageValue::Integer(count), sink.into(), number(hour)],
        )
    }
}

//! A sink's outbox as a model of its tables: each [`Change`] does here what `platform/shard_outbox.rs` says in SQL.

use std::collections::BTreeMap;

use hearback_collector::objects::delivery::done_up_to;
use hearback_collector::objects::outbox::{Change, Column, Letter, Open};
use hearback_shared::UnixMillis;

/// What is on disk for one sink.
#[derive(Default)]
pub struct Outbox {
    pub sealed: u64,
    open: BTreeMap<u64, Open>,
    letters: BTreeMap<u64, Letter>,
    /// By hour of receipt and column.
    pub counts: BTreeMap<(UnixMillis, Column), i64>,
    pub paused_until: Option<UnixMillis>,
}

impl Outbox {
    /// Writes a transaction.
    pub fn write(&mut self, changes: &[Change]) {
        for change in changes.iter().cloned() {
            match change {
                Change::Keep(open) => drop(self.open.insert(open.delivery.first, open)),
                Change::Drop(first) => drop(self.open.remove(&first)),
                Change::Sealed(position) => self.sealed = position,
                Change::Count(hour, column, count) => {
                    *self.counts.entry((hour, column)).or_default() += count;
                }
                Change::Bury(letter) => drop(self.letters.insert(letter.position, letter)),
                Change::Raise(position) => drop(self.letters.remove(&position)),
                Change::Well(_) => self.paused_until = None,
                Change::Failed(_) => {}
                Change::Paused(until) => self.paused_until = Some(until),
            }
        }
    }

    pub fn open(&self) -> Vec<Open> {
        self.open.values().cloned().collect()
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.letters.values().cloned().collect()
    }

    pub fn letter(&self, position: u64) -> Option<Letter> {
        self.letters.get(&position).cloned()
    }

    /// Open ranges of the log: what is sent again is not one.
    pub fn ranges(&self) -> impl Iterator<Item = &Open> {
        self.open.values().filter(|open| !open.is_replay)
    }

    /// The position up to which the log is not needed any more.
    pub fn done_up_to(&self) -> u64 {
        let open: Vec<_> = self.ranges().map(|open| open.delivery.clone()).collect();
        done_up_to(self.sealed, &open)
    }

    /// So many items are in a column, over all hours.
    pub fn sum(&self, column: Column) -> i64 {
        let counts = self.counts.iter();
        counts
            .filter(|((_, of), _)| *of == column)
            .map(|(_, count)| count)
            .sum()
    }
}

//! A shard's storage as a model, and the shell around the pure functions: what a transaction wrote is there after a
//! crash, and nothing else is. The real shell (`platform/shard_object.rs`, `shard_alarm.rs`) runs on a real `workerd`
//! in `tests/faults`; this one shows that its order of steps is right.

use std::collections::{BTreeMap, BTreeSet};

use hearback_collector::objects::append::{Append, Commit, Known, LogRow, Outcome, group};
use hearback_collector::objects::delivery::SealedDelivery;
use hearback_shared::UnixMillis;
use hearback_shared::limits::DEDUPLICATION_DAYS;
use hearback_shared::producer::Producer;
use hearback_shared::window::SeqWindow;

use super::Flaw;

/// Rows between two checkpoints: few, so that short sequences pass several.
const CHECKPOINT_ROWS: usize = 3;

/// What is on disk.
#[derive(Default)]
pub struct Disk {
    pub log: Vec<LogRow>,
    pub windows: BTreeMap<Producer, SeqWindow>,
    /// Position up to which the windows' table knows the log.
    pub checkpoint: u64,
    pub counts: BTreeMap<String, u64>,
    pub counted: u64,
    pub fed: u64,
    pub delivered: u64,
    pub delivery: Option<SealedDelivery>,
}

/// What is lost when the object sleeps.
struct Memory {
    head: u64,
    windows: BTreeMap<Producer, SeqWindow>,
    dirty: BTreeSet<Producer>,
    rows: usize,
}

/// The object.
#[derive(Default)]
pub struct Shard {
    pub disk: Disk,
    memory: Option<Memory>,
}

impl Disk {
    pub fn head(&self) -> u64 {
        self.log.last().map_or(0, LogRow::last)
    }

    pub fn rows_after(&self, position: u64) -> impl Iterator<Item = &LogRow> {
        self.log.iter().filter(move |row| row.first > position)
    }

    fn wake(&self, flaw: Flaw) -> Memory {
        let mut windows = BTreeMap::new();
        let mut rows = 0;
        for row in self.rows_after(self.checkpoint) {
            if flaw != Flaw::WindowsForgottenOnWaking {
                windows.extend(row.windows.clone());
            }
            rows += 1;
        }
        Memory {
            head: self.head(),
            dirty: windows.keys().copied().collect(),
            windows,
            rows,
        }
    }
}

impl Shard {
    /// The object's memory goes.
    pub fn sleep(&mut self) {
        self.memory = None;
    }

    /// One commit of a group. Where it is killed before, nothing is written.
    pub fn append(
        &mut self,
        batches: &[Append],
        now: UnixMillis,
        is_killed_before: bool,
        flaw: Flaw,
    ) -> Vec<Vec<Outcome>> {
        let Self { disk, memory } = self;
        let memory = memory.get_or_insert_with(|| disk.wake(flaw));
        let window = |producer: &Producer| {
            let kept = memory
                .windows
                .get(producer)
                .or_else(|| disk.windows.get(producer));
            kept.cloned().unwrap_or_default()
        };
        let windows = batches
            .iter()
            .filter_map(|batch| batch.producer)
            .map(|producer| (producer, window(&producer)))
            .collect();
        let known = Known {
            windows,
            head: memory.head,
            ..Known::default()
        };
        let Commit {
            rows,
            outcomes,
            changed,
            ..
        } = group(batches, known, now);
        if is_killed_before {
            return outcomes;
        }
        if rows.is_empty() {
            return outcomes;
        }
        memory.dirty.extend(changed.keys().copied());
        memory.windows.extend(changed);
        memory.head = rows.last().map_or(memory.head, LogRow::last);
        memory.rows += rows.len();
        disk.log.extend(rows);
        if memory.rows >= CHECKPOINT_ROWS {
            for producer in std::mem::take(&mut memory.dirty) {
                disk.windows.insert(producer, memory.windows[&producer].clone());
            }
            let oldest = (now / 60_000).saturating_sub(u64::from(DEDUPLICATION_DAYS) * 24 * 60);
            disk.windows
                .retain(|producer, _| u64::from(producer.birth_minute()) >= oldest);
            disk.checkpoint = memory.head;
            memory.rows = 0;
            memory.windows.clear();
        }
        outcomes
    }

    /// Counts what was not counted: counts and cursor in one transaction.
    pub fn count(&mut self, is_killed: bool, flaw: Flaw) {
        let disk = &mut self.disk;
        let lines: Vec<&str> = disk
            .log
            .iter()
            .filter(|row| row.first > disk.counted)
            .flat_map(|row| row.lines.lines())
            .collect();
        if is_killed && flaw != Flaw::CountsBeforeCursor {
            return;
        }
        for line in lines {
            *disk.counts.entry(super::world::id_of(line)).or_default() += 1;
        }
        if !is_killed {
            disk.counted = disk.head();
        }
    }
}

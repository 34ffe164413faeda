//! A shard's storage as a model, and the shell around the pure functions: what a transaction wrote is there after a
//! crash, and nothing else is. The real shell (`platform/shard_object.rs`, `shard_alarm.rs`) runs on a real `workerd`
//! in `tests/faults`; this one shows that its order of steps is right.

use std::collections::{BTreeMap, BTreeSet};

use hearback_collector::objects::append::{Append, AppendItem, Commit, Known, LogRow, Outcome, group};
use hearback_collector::objects::delivery::RowExtent;
use hearback_collector::objects::outbox::{self, Change, RowLines};
use hearback_collector::objects::person::{Person, erased, notice};
use hearback_shared::UnixMillis;
use hearback_shared::limits::DEDUPLICATION_DAYS;
use hearback_shared::producer::Producer;
use hearback_shared::query::Interval;
use hearback_shared::window::SeqWindow;

use super::Flaw;
use super::items::id_of;
use super::outbox::Outbox;

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
    pub outbox: Outbox,
    /// Ids of items without seqs.
    messages: BTreeSet<String>,
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

    /// Rows as deliveries read them.
    pub fn rows_touching(&self, first: u64, last: u64) -> Vec<RowLines> {
        let rows = self.log.iter();
        rows.filter(|row| row.last() >= first && row.first <= last)
            .map(|row| RowLines {
                first: row.first,
                at: row.at,
                lines: row.lines.clone(),
            })
            .collect()
    }

    /// Rows as sealing looks at them.
    pub fn extents_after(&self, position: u64) -> impl Iterator<Item = RowExtent> {
        self.rows_after(position).map(|row| RowExtent {
            first: row.first,
            count: row.count,
            bytes: row.lines.len(),
        })
    }

    /// How many items of a range were received in which hour.
    pub fn count_by_hour(&self, first: u64, last: u64) -> BTreeMap<UnixMillis, u64> {
        let mut hours = BTreeMap::new();
        for row in self
            .log
            .iter()
            .filter(|row| row.last() >= first && row.first <= last)
        {
            let count = row.last().min(last) - row.first.max(first) + 1;
            *hours.entry(Interval::Hour.start(row.at)).or_default() += count;
        }
        hours
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
            messages: disk.messages.clone(),
        };
        let Commit {
            rows,
            outcomes,
            changed,
            messages,
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
        disk.messages.extend(messages);
        disk.log.extend(rows);
        if memory.rows >= CHECKPOINT_ROWS {
            checkpoint(disk, memory, now);
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
            *disk.counts.entry(id_of(line).to_owned()).or_default() += 1;
        }
        if !is_killed {
            disk.counted = disk.head();
        }
    }

    /// As `shard_person.rs`: letters first, then row by row the notices before the lines. True where it was killed.
    pub fn erase(
        &mut self,
        person: &Person,
        now: UnixMillis,
        is_killed: &mut impl FnMut() -> bool,
    ) -> (Vec<String>, bool) {
        let mut gone = Vec::new();
        let letters = outbox::erase(&self.disk.outbox.letters(), person);
        self.disk.outbox.write(&letters);
        let rows: Vec<LogRow> = self.disk.log.clone();
        for row in rows {
            let Some(erased) = erased(&row.lines, person) else {
                continue;
            };
            if is_killed() {
                return (gone, true);
            }
            self.append(&[notices(&erased.ids)], now, false, Flaw::None);
            if is_killed() {
                return (gone, true);
            }
            let place = self.disk.log.iter_mut().find(|kept| kept.first == row.first);
            place.unwrap().lines = erased.lines;
            gone.extend(erased.ids);
        }
        (gone, false)
    }

    /// As `shard_retention.rs`: what sinks did not take expires, and rows that nobody needs go; the last one stays.
    pub fn forget(&mut self, keep_ms: UnixMillis, now: UnixMillis, flaw: Flaw) {
        let disk = &mut self.disk;
        let oldest = now.saturating_sub(keep_ms);
        let Some((_, rest)) = disk.log.split_last() else {
            return;
        };
        if rest.first().is_none_or(|row| row.at >= oldest) {
            return;
        }
        let position = rest.iter().filter(|row| row.at < oldest).map(LogRow::last).max();
        let Some(position) = position else {
            return;
        };
        if let Some(memory) = &mut self.memory {
            checkpoint(disk, memory, now);
        } else {
            let mut memory = disk.wake(flaw);
            checkpoint(disk, &mut memory, now);
        }
        let outbox = &disk.outbox;
        let count = |first, last| Ok::<_, ()>(disk.count_by_hour(first, last).into_iter().collect());
        let mut changes =
            outbox::expire(outbox.sealed, &outbox.open(), &outbox.letters(), position, count).unwrap();
        if flaw == Flaw::ExpiredAndStillOpen {
            changes.retain(|change| !matches!(change, Change::Drop(_)));
        }
        disk.outbox.write(&changes);
        let fed = if disk.rows_after(disk.fed).any(|row| row.has_feedback) {
            disk.fed
        } else {
            disk.head()
        };
        let passed = disk.counted.min(fed).min(disk.outbox.done_up_to());
        let last = disk.log.last().map_or(0, |row| row.first);
        disk.log
            .retain(|row| row.at >= oldest || row.last() > passed || row.first == last);
    }
}

/// The windows' table gets what only the log's rows had.
fn checkpoint(disk: &mut Disk, memory: &mut Memory, now: UnixMillis) {
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

/// The notices to sinks, as a batch without a producer.
fn notices(ids: &[String]) -> Append {
    let notice = |id: &String| {
        let (id, line) = notice(id);
        AppendItem::Message {
            id,
            is_feedback: false,
            line,
        }
    };
    Append {
        producer: None,
        received: ids.len() as u64,
        apart: litemap::LiteMap::default(),
        quota: None,
        items: ids.iter().map(notice).collect(),
    }
}

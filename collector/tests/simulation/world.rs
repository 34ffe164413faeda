//! The shard, its project, a sink, and the senders' own books.

use std::collections::{BTreeMap, BTreeSet};

use hearback_collector::objects::append::{Append, LogRow, Outcome};
use hearback_collector::objects::delivery::SealedDelivery;
use hearback_collector::objects::outbox::{Change, Column, Open};
use hearback_collector::objects::person::Person;
use hearback_shared::UnixMillis;
use hearback_shared::item::item_id;

use super::Flaw;
use super::alarm::killer;
use super::items::{START, feedback_of, id_of, person, seq_to_store};
use super::operations::{Batch, End, Mood, Operation};
use super::shard::Shard;
use super::sink::Sink;

/// How far a clock may step back in all: a producer's items are refused a day before its window is forgotten.
const STEP_BACK_LIMIT_MS: UnixMillis = 20 * 60 * 60 * 1000;

/// Within how much simulated time everything is to arrive once the sink is well: the longest pause is ten minutes.
const PATIENCE_MS: UnixMillis = 60 * 60 * 1000;

/// A violated invariant, in words.
pub type Broken = String;

/// Everything.
pub struct World {
    pub flaw: Flaw,
    pub now: UnixMillis,
    latest: UnixMillis,
    pub shard: Shard,
    pub fed: Vec<String>,
    pub feed_cursor: u64,
    pub sink: Sink,
    /// What senders know to be stored.
    pub acknowledged: BTreeSet<String>,
    /// Requests without an answer.
    open: Vec<Append>,
    pub done_before: u64,
    /// Position and hour of everything that was ever in the log.
    pub ever: BTreeMap<String, (u64, UnixMillis)>,
    /// How many of these were accepted in each hour.
    pub accepted: BTreeMap<UnixMillis, i64>,
    /// Position up to which the log was read for these.
    pub learned: u64,
    /// The feedback among it, in its order.
    pub feedback: Vec<String>,
    /// What was erased from the log.
    pub erased: BTreeSet<String>,
}

impl World {
    /// Nothing has happened yet.
    pub fn new(flaw: Flaw) -> Self {
        Self {
            flaw,
            now: START,
            latest: START,
            shard: Shard::default(),
            fed: Vec::new(),
            feed_cursor: 0,
            sink: Sink::default(),
            acknowledged: BTreeSet::new(),
            open: Vec::new(),
            done_before: 0,
            ever: BTreeMap::new(),
            accepted: BTreeMap::new(),
            learned: 0,
            feedback: Vec::new(),
            erased: BTreeSet::new(),
        }
    }

    /// Lets it happen, and looks whether all is well.
    pub fn step(&mut self, operation: &Operation) -> Result<(), Broken> {
        match operation {
            Operation::Append { batches, end } => {
                let appends = batches.iter().map(Batch::append).collect();
                self.append(appends, *end)?;
            }
            Operation::Retry { end } => {
                let open = std::mem::take(&mut self.open);
                self.append(open, *end)?;
            }
            Operation::Crash | Operation::Evict => self.shard.sleep(),
            Operation::Alarm {
                killed_after,
                erased_meanwhile,
            } => self.alarm(*killed_after, *erased_meanwhile),
            Operation::Sink(moods) => self.sink.set_moods(moods),
            Operation::Cure => self.sink.cure(),
            Operation::Replay => self.replay(),
            Operation::Erase {
                producer,
                killed_after,
            } => {
                // Consumers first take what they count.
                self.push(&mut || false);
                self.shard.count(false, self.flaw);
                self.erase(&person(*producer), &mut killer(*killed_after));
            }
            Operation::Clock { seconds } => self.clock(i64::from(*seconds) * 1000),
        }
        self.check()
    }

    /// The sink is well again, everything unanswered is sent once more, letters too, and time passes: then all is
    /// everywhere.
    pub fn settle(&mut self) -> Result<(), Broken> {
        self.sink.set_moods(&[Mood::Well]);
        self.sink.cure();
        let open = std::mem::take(&mut self.open);
        self.append(open, End::Answered)?;
        self.replay();
        let until = self.now + PATIENCE_MS;
        while self.now < until && !self.is_settled() {
            self.alarm(None, None);
            self.now += 10_000;
        }
        self.check_settled()
    }

    fn is_settled(&self) -> bool {
        let disk = &self.shard.disk;
        disk.outbox.done_up_to() == disk.head()
            && disk.outbox.sum(Column::Dead) == 0
            && disk.counted == disk.head()
            && self.fed.len() == self.feedback.len()
    }

    fn clock(&mut self, by_ms: i64) {
        let floor = self.latest.saturating_sub(STEP_BACK_LIMIT_MS);
        self.now = self.now.saturating_add_signed(by_ms).max(floor).max(START);
        self.latest = self.latest.max(self.now);
    }

    fn append(&mut self, batches: Vec<Append>, end: End) -> Result<(), Broken> {
        // The edge refuses what is too old to be told from a repeat; its sender gives it up.
        let batches: Vec<Append> = batches
            .into_iter()
            .filter(|batch| batch.producer.is_some_and(|p| !p.is_too_old(self.now)))
            .collect();
        let before = self.shard.disk.head();
        let outcomes = self
            .shard
            .append(&batches, self.now, end == End::KilledBefore, self.flaw);
        let new = self.shard.disk.rows_after(before).flat_map(feedback_of);
        self.feedback.extend(new.map(|(_, line)| id_of(&line).to_owned()));
        if matches!(end, End::KilledBefore | End::KilledAfter) {
            self.shard.sleep();
        }
        let is_answered =
            end == End::Answered || (end == End::KilledBefore && self.flaw == Flaw::AnsweredBeforeTheCommit);
        if !is_answered {
            self.open.extend(batches);
            return Ok(());
        }
        for (batch, outcomes) in batches.iter().zip(&outcomes) {
            let seqs: Vec<u64> = batch.items.iter().filter_map(seq_to_store).collect();
            if seqs.len() != outcomes.len() {
                return Err(format!("{} outcomes for {} items", outcomes.len(), seqs.len()));
            }
            for (seq, outcome) in seqs.into_iter().zip(outcomes) {
                if *outcome != Outcome::Gap {
                    self.acknowledged
                        .insert(item_id(&batch.producer.expect("a page"), seq));
                }
            }
        }
        Ok(())
    }

    /// All dead letters are sent again.
    fn replay(&mut self) {
        let outbox = &mut self.shard.disk.outbox;
        for letter in outbox.letters() {
            let delivery = SealedDelivery {
                first: letter.position,
                last: letter.position,
                attempts: 0,
                next_at: self.now,
            };
            outbox.write(&[Change::Keep(Open {
                delivery,
                is_replay: true,
            })]);
        }
    }

    /// True where it was killed meanwhile.
    pub fn erase(&mut self, person: &Person, is_killed: &mut impl FnMut() -> bool) -> bool {
        let (gone, killed) = self.shard.erase(person, self.now, is_killed);
        self.erased.extend(gone);
        if killed {
            self.shard.sleep();
        }
        killed
    }

    /// Items of the log that wait for the sink.
    pub fn backlog(&self) -> u64 {
        let rows: &[LogRow] = &self.shard.disk.log;
        rows.last()
            .map_or(0, |row| row.last() - self.shard.disk.outbox.done_up_to())
    }
}

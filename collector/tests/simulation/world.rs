//! The shard, its project, a sink, the senders' own books, and what must hold between them.

use std::collections::{BTreeMap, BTreeSet};

use hearback_collector::objects::append::{Append, AppendItem, LogRow, Outcome};
use hearback_collector::objects::delivery::{RowExtent, seal};
use hearback_collector::objects::feed::{Absorb, FeedRange, absorb};
use hearback_shared::UnixMillis;
use hearback_shared::item::item_id;
use hearback_shared::producer::Producer;
use hearback_shared::rejection::RejectionCode;

use super::Flaw;
use super::operations::{Batch, End, Mood, Operation};
use super::shard::Shard;

const START: UnixMillis = 1_795_000_000_000;

/// How far a clock may step back in all: a producer's items are refused a day before its window is forgotten.
const STEP_BACK_LIMIT_MS: UnixMillis = 20 * 60 * 60 * 1000;

/// Within how much simulated time everything is to arrive once the sink is well: the longest pause is five minutes.
const PATIENCE_MS: UnixMillis = 60 * 60 * 1000;

/// A violated invariant, in words.
pub type Broken = String;

/// Everything.
pub struct World {
    flaw: Flaw,
    now: UnixMillis,
    latest: UnixMillis,
    shard: Shard,
    fed: Vec<String>,
    feed_cursor: u64,
    sink: BTreeMap<String, String>,
    mood: Mood,
    /// What senders know to be stored.
    acknowledged: BTreeSet<String>,
    /// Requests without an answer.
    open: Vec<Append>,
    delivered_before: u64,
    attempts: u32,
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
            sink: BTreeMap::new(),
            mood: Mood::Well,
            acknowledged: BTreeSet::new(),
            open: Vec::new(),
            delivered_before: 0,
            attempts: 0,
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
            Operation::Alarm { killed_after } => self.alarm(*killed_after)?,
            Operation::Sink(mood) => self.mood = *mood,
            Operation::Clock { seconds } => self.clock(i64::from(*seconds) * 1000),
        }
        self.check()
    }

    /// Deliveries that the sink has, and how often it was asked to take one.
    pub fn at_the_sink(&self) -> (usize, u32) {
        (self.sink.len(), self.attempts)
    }

    /// The sink is well again, everything unanswered is sent once more, and time passes: then all is everywhere.
    pub fn settle(&mut self) -> Result<(), Broken> {
        self.mood = Mood::Well;
        let open = std::mem::take(&mut self.open);
        self.append(open, End::Answered)?;
        let until = self.now + PATIENCE_MS;
        while self.now < until && !self.is_settled() {
            self.alarm(None)?;
            self.now += 10_000;
        }
        self.check()?;
        let log = self.log_ids()?;
        let delivered: BTreeSet<String> = self
            .sink
            .values()
            .flat_map(|body| body.lines().map(id_of))
            .collect();
        if delivered != log {
            return Err(format!(
                "the sink has {} items of {} after an hour",
                delivered.len(),
                log.len()
            ));
        }
        let feedback: Vec<String> = self.feedback_of_log();
        if self.fed != feedback {
            return Err(format!("the project has {:?}, the log {feedback:?}", self.fed));
        }
        let counted: BTreeSet<String> = self.shard.disk.counts.keys().cloned().collect();
        if counted != log {
            return Err("not everything was counted".into());
        }
        Ok(())
    }

    fn is_settled(&self) -> bool {
        let disk = &self.shard.disk;
        disk.delivered == disk.head()
            && disk.counted == disk.head()
            && self.fed.len() == self.feedback_of_log().len()
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
        let outcomes = self
            .shard
            .append(&batches, self.now, end == End::KilledBefore, self.flaw);
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

    /// As `shard_alarm.rs`: push, count, deliver. `killed_after` so many steps.
    fn alarm(&mut self, killed_after: Option<u8>) -> Result<(), Broken> {
        let mut steps = killed_after;
        let mut is_killed = move || match &mut steps {
            None => false,
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
        };
        let killed = self.push(&mut is_killed) || {
            let killed = is_killed();
            self.shard.count(killed, self.flaw);
            killed || self.deliver(&mut is_killed)?
        };
        if killed {
            self.shard.sleep();
        }
        Ok(())
    }

    /// Feedback to the project object; true where it was killed meanwhile.
    fn push(&mut self, is_killed: &mut impl FnMut() -> bool) -> bool {
        loop {
            let after = self.shard.disk.fed;
            let rows: Vec<&LogRow> = self
                .shard
                .disk
                .rows_after(after)
                .filter(|row| row.has_feedback)
                .take(2)
                .collect();
            let Some(last) = rows.last().map(|row| row.last()) else {
                return false;
            };
            let lines = rows.iter().flat_map(|row| feedback_of(row)).collect();
            if is_killed() {
                return true;
            }
            let range = FeedRange {
                shard: 0,
                after,
                last,
                lines,
            };
            if let Absorb::Rows { rows, cursor } = absorb(&range, self.feed_cursor) {
                self.fed.extend(rows.into_iter().map(|row| row.id));
                self.feed_cursor = cursor;
            }
            if is_killed() {
                return true;
            }
            self.shard.disk.fed = self.feed_cursor;
        }
    }

    /// One delivery after the other while all goes well; true where it was killed meanwhile.
    fn deliver(&mut self, is_killed: &mut impl FnMut() -> bool) -> Result<bool, Broken> {
        let project = "demo".parse().expect("a project");
        loop {
            let disk = &mut self.shard.disk;
            let delivery = match disk.delivery.clone() {
                Some(delivery) if delivery.waits_until(self.now).is_some() => return Ok(false),
                Some(delivery) if self.flaw != Flaw::SealedAnewEachTime => delivery,
                _ => {
                    let extents = disk.rows_after(disk.delivered).map(|row| RowExtent {
                        first: row.first,
                        count: row.count,
                        bytes: row.lines.len(),
                    });
                    let Some(delivery) = seal(extents, self.now) else {
                        return Ok(false);
                    };
                    disk.delivery = Some(delivery.clone());
                    delivery
                }
            };
            if is_killed() {
                return Ok(true);
            }
            let body: String = disk
                .log
                .iter()
                .filter(|row| (delivery.first..=delivery.last).contains(&row.first))
                .map(|row| row.lines.as_str())
                .collect();
            self.attempts += 1;
            let is_kept = matches!(self.mood, Mood::Well | Mood::KeepsAndHangsUp);
            if is_kept {
                let id = delivery.id(&project, 0, 0);
                if self.sink.get(&id).is_some_and(|before| *before != body) {
                    return Err(format!("delivery {id} changed"));
                }
                self.sink.insert(id, body);
            }
            if is_killed() {
                return Ok(true);
            }
            let disk = &mut self.shard.disk;
            if self.mood == Mood::Well {
                disk.delivered = delivery.last;
                disk.delivery = None;
            } else {
                disk.delivery = Some(delivery.after_failure(self.now, 0.5));
                return Ok(false);
            }
        }
    }

    /// What holds at every moment.
    fn check(&mut self) -> Result<(), Broken> {
        let log = self.log_ids()?;
        if let Some(lost) = self.acknowledged.difference(&log).next() {
            return Err(format!("{lost} was acknowledged and is not stored"));
        }
        if let Some((id, count)) = self.shard.disk.counts.iter().find(|(_, count)| **count > 1) {
            return Err(format!("{id} was counted {count} times"));
        }
        let mut fed = BTreeSet::new();
        if let Some(twice) = self.fed.iter().find(|id| !fed.insert(*id)) {
            return Err(format!("the project has {twice} twice"));
        }
        let mut delivered = BTreeSet::new();
        for id in self.sink.values().flat_map(|body| body.lines().map(id_of)) {
            if !log.contains(&id) {
                return Err(format!("the sink has {id}, the log has not"));
            }
            if let Some(twice) = delivered.replace(id) {
                return Err(format!("{twice} arrived under two deliveries"));
            }
        }
        let cursor = self.shard.disk.delivered;
        if cursor < self.delivered_before || cursor > self.shard.disk.head() {
            return Err(format!(
                "the sink's cursor went from {} to {cursor}",
                self.delivered_before
            ));
        }
        self.delivered_before = cursor;
        Ok(())
    }

    /// The ids in the log, each once, at positions without a hole.
    fn log_ids(&self) -> Result<BTreeSet<String>, Broken> {
        let (mut ids, mut position) = (BTreeSet::new(), 0);
        for row in &self.shard.disk.log {
            if row.first != position + 1 || row.count != row.lines.lines().count() as u64 {
                return Err(format!(
                    "a row of {} starts at {} after {position}",
                    row.count, row.first
                ));
            }
            position = row.last();
            for id in row.lines.lines().map(id_of) {
                if let Some(twice) = ids.replace(id) {
                    return Err(format!("{twice} is stored twice"));
                }
            }
        }
        Ok(ids)
    }

    fn feedback_of_log(&self) -> Vec<String> {
        self.shard
            .disk
            .log
            .iter()
            .flat_map(feedback_of)
            .map(|(_, line)| id_of(&line))
            .collect()
    }
}

impl Batch {
    fn append(&self) -> Append {
        let producer = Producer::new(START, [self.producer; 12]);
        let mut items: Vec<AppendItem> = (self.from..self.from + self.len)
            .map(|seq| self.item(&producer, seq))
            .collect();
        if self.is_reversed {
            items.reverse();
        }
        Append {
            producer: Some(producer),
            received: items.len() as u64,
            apart: BTreeMap::new(),
            quota: None,
            items,
        }
    }

    fn item(&self, producer: &Producer, seq: u64) -> AppendItem {
        if self.refused > 0 && seq.is_multiple_of(self.refused) {
            return AppendItem::Refused {
                seq: Some(seq),
                code: RejectionCode::NameInvalid,
            };
        }
        let is_feedback = seq.is_multiple_of(3);
        let body = if is_feedback {
            r#""type":"feedback","kind":"idea","text":"t""#
        } else {
            r#""type":"event","name":"e""#
        };
        let id = item_id(producer, seq);
        let line = format!(
            r#"{{"id":"{id}","project":"demo","at":1,"client_at":1,"received_at":1,"context":{{}},{body}}}"#
        );
        AppendItem::Store {
            seq,
            is_feedback,
            line,
        }
    }
}

fn seq_to_store(item: &AppendItem) -> Option<u64> {
    match item {
        AppendItem::Store { seq, .. } => Some(*seq),
        AppendItem::Message { .. } | AppendItem::Refused { .. } => None,
    }
}

fn feedback_of(row: &LogRow) -> Vec<(u64, String)> {
    let lines = (row.first..).zip(row.lines.lines());
    lines
        .filter(|(_, line)| line.contains(r#""type":"feedback""#))
        .map(|(at, line)| (at, line.to_owned()))
        .collect()
}

/// The id in a line, which each line here starts with.
pub fn id_of(line: &str) -> String {
    line.split('"').nth(3).unwrap_or_default().to_owned()
}

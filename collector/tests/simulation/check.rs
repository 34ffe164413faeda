//! What holds at every moment, and what holds in the end.

use std::collections::{BTreeMap, BTreeSet};

use hearback_collector::objects::delivery::IN_FLIGHT;
use hearback_collector::objects::outbox::Column;
use hearback_shared::UnixMillis;
use hearback_shared::query::Interval;

use super::items::id_of;
use super::world::{Broken, World};

/// Open ranges of one sink at most: each that is in flight may be halved until it is one item.
const OPEN_LIMIT: usize = IN_FLIGHT * 11;

const COLUMNS: [Column; 4] = [Column::Delivered, Column::Dead, Column::Expired, Column::Erased];

impl World {
    /// What holds at every moment.
    pub fn check(&mut self) -> Result<(), Broken> {
        self.learn_from_the_log()?;
        let is_lost = |id: &&String| !self.ever.contains_key(*id);
        if let Some(lost) = self.acknowledged.iter().find(is_lost) {
            return Err(format!("{lost} was acknowledged and is not stored"));
        }
        if let Some((id, count)) = self.shard.disk.counts.iter().find(|(_, count)| **count > 1) {
            return Err(format!("{id} was counted {count} times"));
        }
        let mut fed = BTreeSet::new();
        if let Some(twice) = self.fed.iter().find(|id| !fed.insert(*id)) {
            return Err(format!("the project has {twice} twice"));
        }
        self.check_sink()?;
        self.check_ledger()
    }

    /// The log's rows go on from each other (some may have been forgotten), and each id is in it once, ever.
    fn learn_from_the_log(&mut self) -> Result<(), Broken> {
        let mut end = 0;
        for row in &self.shard.disk.log {
            if row.first <= end || row.count != row.lines.lines().count() as u64 {
                return Err(format!(
                    "a row of {} starts at {} after {end}",
                    row.count, row.first
                ));
            }
            end = row.last();
            // What an erasure leaves of a line keeps its place and id.
            if row.first <= self.learned {
                continue;
            }
            let hour = Interval::Hour.start(row.at);
            for (position, line) in (row.first..).zip(row.lines.lines()) {
                let id = id_of(line).to_owned();
                if let Some(before) = self.ever.insert(id, (position, hour)) {
                    return Err(format!("{line} is stored twice, first at {before:?}"));
                }
                *self.accepted.entry(hour).or_default() += 1;
            }
            self.learned = row.last();
        }
        Ok(())
    }

    fn check_sink(&mut self) -> Result<(), Broken> {
        let outbox = &self.shard.disk.outbox;
        let kept = self.sink.ids()?;
        if let Some(strange) = kept.iter().find(|id| !self.ever.contains_key(**id)) {
            return Err(format!("the sink has {strange}, the log never had it"));
        }
        let delivered = outbox.sum(Column::Delivered);
        if delivered > i64::try_from(kept.len()).unwrap() {
            return Err(format!(
                "{delivered} count as delivered, the sink has {}",
                kept.len()
            ));
        }
        let letters = outbox.letters();
        if outbox.sum(Column::Dead) != i64::try_from(letters.len()).unwrap() {
            return Err(format!(
                "{} count as dead, there are {} letters",
                outbox.sum(Column::Dead),
                letters.len()
            ));
        }
        if let Some(letter) = letters.iter().find(|letter| self.erased.contains(&letter.item)) {
            return Err(format!("{} was erased and is a letter", letter.item));
        }
        let done = outbox.done_up_to();
        if done < self.done_before || done > self.shard.disk.head() {
            return Err(format!(
                "the sink's position went from {} to {done}",
                self.done_before
            ));
        }
        self.done_before = done;
        let open = outbox.ranges().count();
        if open > OPEN_LIMIT {
            return Err(format!("{open} deliveries are open"));
        }
        Ok(())
    }

    /// Of each hour: accepted = delivered + pending + dead + expired + erased.
    fn check_ledger(&self) -> Result<(), Broken> {
        let disk = &self.shard.disk;
        let mut placed: BTreeMap<UnixMillis, i64> = BTreeMap::new();
        for ((hour, column), count) in &disk.outbox.counts {
            if *count < 0 {
                return Err(format!("{count} items of {hour} are {column:?}"));
            }
            *placed.entry(*hour).or_default() += count;
        }
        for (first, last) in self.pending() {
            for (hour, count) in disk.count_by_hour(first, last) {
                *placed.entry(hour).or_default() += i64::try_from(count).unwrap();
            }
        }
        placed.retain(|_, count| *count > 0);
        if placed == self.accepted {
            Ok(())
        } else {
            Err(format!(
                "accepted are {:?}, somewhere are {placed:?}",
                self.accepted
            ))
        }
    }

    /// Ranges of the log that no sink has answered for.
    fn pending(&self) -> Vec<(u64, u64)> {
        let outbox = &self.shard.disk.outbox;
        let open = outbox
            .ranges()
            .map(|open| (open.delivery.first, open.delivery.last));
        open.chain([(outbox.sealed + 1, u64::MAX)]).collect()
    }

    /// What holds when everybody is well and time has passed: all is where it belongs, or the ledger says why not.
    pub fn check_settled(&mut self) -> Result<(), Broken> {
        self.check()?;
        let outbox = &self.shard.disk.outbox;
        let kept = self.sink.ids()?;
        let missing = self.ever.keys().filter(|id| !kept.contains(id.as_str())).count();
        let explained = outbox.sum(Column::Expired) + outbox.sum(Column::Erased);
        if i64::try_from(missing).unwrap() > explained {
            return Err(format!(
                "the sink lacks {missing} items, {explained} expired or were erased"
            ));
        }
        let placed: i64 = COLUMNS.iter().map(|column| outbox.sum(*column)).sum();
        if placed != i64::try_from(self.ever.len()).unwrap() || outbox.sum(Column::Dead) > 0 {
            return Err(format!(
                "after an hour only {placed} of {} are settled",
                self.ever.len()
            ));
        }
        let counted: Vec<&String> = self.shard.disk.counts.keys().collect();
        if !counted.into_iter().eq(self.ever.keys()) {
            return Err("not everything was counted".into());
        }
        if self.fed != self.feedback {
            return Err(format!("the project has {:?}, not {:?}", self.fed, self.feedback));
        }
        Ok(())
    }
}

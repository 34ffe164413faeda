//! What an alarm does, in the order of `platform/shard_alarm.rs`: push, count, deliver, forget. It may be killed between
//! any two of its steps.

use hearback_collector::objects::append::LogRow;
use hearback_collector::objects::delivery::{IN_FLIGHT, Verdict, seal};
use hearback_collector::objects::feed::{Absorb, FeedRange, absorb};
use hearback_collector::objects::outbox::{self, Change, Loaded, Open};

use super::Flaw;
use super::items::{feedback_of, person};
use super::world::World;

/// How long the log is kept.
const KEEP_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// Says true once, after so many questions.
pub fn killer(killed_after: Option<u8>) -> impl FnMut() -> bool {
    let mut left = killed_after;
    move || match &mut left {
        None => false,
        Some(0) => true,
        Some(left) => {
            *left -= 1;
            false
        }
    }
}

/// Attempts of one alarm: the shell stops after a time, and the next alarm goes on.
const ROUNDS: usize = 100;

impl World {
    /// It rings.
    pub fn alarm(&mut self, killed_after: Option<u8>, erased_meanwhile: Option<u8>) {
        let mut is_killed = killer(killed_after);
        let is_dead = self.push(&mut is_killed) || {
            let killed = is_killed();
            self.shard.count(killed, self.flaw);
            killed || self.deliver(&mut is_killed, erased_meanwhile) || is_killed()
        };
        if is_dead {
            self.shard.sleep();
        } else {
            self.shard.forget(KEEP_MS, self.now, self.flaw);
        }
    }

    /// Feedback to the project object; true where it was killed meanwhile.
    pub fn push(&mut self, is_killed: &mut impl FnMut() -> bool) -> bool {
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

    /// Deliveries while there are any that are due, and no longer than an alarm may last; true where it was killed
    /// meanwhile.
    fn deliver(&mut self, is_killed: &mut impl FnMut() -> bool, mut erased_meanwhile: Option<u8>) -> bool {
        for _ in 0..ROUNDS {
            if self.seal(is_killed) {
                return true;
            }
            let outbox = &self.shard.disk.outbox;
            let (due, _) = outbox::due(outbox.open(), outbox.paused_until, self.now);
            if due.is_empty() {
                return false;
            }
            let due: Vec<Loaded> = due.into_iter().map(|open| self.load(open)).collect();
            if self.flaw == Flaw::DoneBeforeTheAnswer {
                for loaded in &due {
                    self.write_down(loaded, Verdict::Delivered);
                }
            }
            if is_killed() {
                return true;
            }
            let verdicts: Vec<Verdict> = due.iter().map(|loaded| self.attempt(loaded)).collect();
            if let Some(producer) = erased_meanwhile.take()
                && self.erase(&person(producer), is_killed)
            {
                return true;
            }
            for (loaded, verdict) in due.iter().zip(verdicts) {
                if is_killed() {
                    return true;
                }
                self.write_down(loaded, verdict);
            }
        }
        false
    }

    /// As `seal_deliveries`; true where it was killed meanwhile.
    fn seal(&mut self, is_killed: &mut impl FnMut() -> bool) -> bool {
        let disk = &mut self.shard.disk;
        while disk.outbox.ranges().count() < IN_FLIGHT {
            let Some(delivery) = seal(disk.extents_after(disk.outbox.sealed), self.now) else {
                return false;
            };
            let sealed = Change::Sealed(delivery.last);
            let keep = Change::Keep(Open {
                delivery,
                is_replay: false,
            });
            if self.flaw == Flaw::SealedBeforeKept {
                disk.outbox.write(std::slice::from_ref(&sealed));
                if is_killed() {
                    return true;
                }
            }
            disk.outbox.write(&[keep, sealed]);
        }
        false
    }

    fn load(&self, Open { delivery, is_replay }: Open) -> Loaded {
        let disk = &self.shard.disk;
        if is_replay {
            let letter = disk.outbox.letter(delivery.first);
            return Loaded::from_letter(delivery, letter.as_ref());
        }
        let mut delivery = delivery;
        if self.flaw == Flaw::SealedAnewEachTime {
            // It takes what came meanwhile, under another id, and leaves it to the next as well.
            delivery.last = disk.head();
        }
        let rows = disk.rows_touching(delivery.first, delivery.last);
        Loaded::from_log(delivery, &rows)
    }

    fn attempt(&mut self, loaded: &Loaded) -> Verdict {
        if loaded.body.is_empty() {
            return Verdict::Delivered;
        }
        let project = "demo".parse().expect("a project");
        self.sink
            .take(&loaded.open.delivery.id(&project, 0, 0), &loaded.body)
    }

    fn write_down(&mut self, loaded: &Loaded, verdict: Verdict) {
        let open = &loaded.open;
        let letter = if !loaded.is_looked_at_again(verdict) {
            None
        } else if open.is_replay {
            self.shard.disk.outbox.letter(open.delivery.first)
        } else if self.flaw == Flaw::LetterOfTheErased {
            loaded.letter()
        } else {
            self.load(open.clone()).letter()
        };
        let mut changes = outbox::settle(loaded, letter.as_ref(), (verdict, "said so"), self.now, 0.5);
        match self.flaw {
            Flaw::SettledTwice => changes.extend(changes.clone()),
            Flaw::HalfOfAPair => {
                let keeps = |change: &Change| matches!(change, Change::Keep(_));
                if changes.iter().filter(|change| keeps(change)).count() == 2 {
                    changes.remove(1);
                }
            }
            Flaw::RaisedAndStillDead => changes.retain(|change| !matches!(change, Change::Raise(_))),
            _ => {}
        }
        self.shard.disk.outbox.write(&changes);
    }
}

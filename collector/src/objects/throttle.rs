//! How many requests a sender may make in a minute, and how many items a project may receive in an hour.

use std::collections::HashMap;
use std::hash::Hash;

use hearback_shared::UnixMillis;

const MINUTE_MS: UnixMillis = 60_000;
const HOUR_MS: UnixMillis = 60 * MINUTE_MS;

/// Senders remembered in one minute. A flood from more networks than this is for the platform to stop.
const SENDERS: usize = 50_000;

/// Requests by sender in this minute and the one before: a window that slides, since a fixed one lets twice the
/// limit through around its edge.
pub struct Throttle<K> {
    minute: UnixMillis,
    now: HashMap<K, u32>,
    before: HashMap<K, u32>,
}

impl<K> Default for Throttle<K> {
    fn default() -> Self {
        Self {
            minute: 0,
            now: HashMap::new(),
            before: HashMap::new(),
        }
    }
}

impl<K: Hash + Eq> Throttle<K> {
    /// Counts a request; where it is over the limit, the seconds to wait. A refused one does not count: who waits as
    /// told is let in.
    pub fn admit(&mut self, sender: K, per_minute: u32, now: UnixMillis) -> Result<(), u64> {
        let minute = now / MINUTE_MS;
        if minute != self.minute {
            let last = std::mem::take(&mut self.now);
            self.before = if minute == self.minute + 1 {
                last
            } else {
                HashMap::new()
            };
            self.minute = minute;
        }
        let left_ms = MINUTE_MS - now % MINUTE_MS;
        let before = u64::from(self.before.get(&sender).copied().unwrap_or(0));
        // The part of the minute before that still lies within the last 60 seconds.
        let weighted = before * left_ms / MINUTE_MS;
        let here = self.now.get(&sender).copied().unwrap_or(0);
        if weighted + u64::from(here) >= u64::from(per_minute) {
            return Err(left_ms.div_ceil(1000).max(1));
        }
        if self.now.len() < SENDERS || here > 0 {
            self.now.insert(sender, here + 1);
        }
        Ok(())
    }
}

/// Items that a shard stored in the current hour. Exact: read from the log when the object wakes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourCount {
    hour: UnixMillis,
    items: u64,
}

/// The first millisecond of an hour.
pub fn hour_start(now: UnixMillis) -> UnixMillis {
    now - now % HOUR_MS
}

impl HourCount {
    /// What the log holds of this hour.
    pub fn of(items: u64, now: UnixMillis) -> Self {
        Self {
            hour: hour_start(now),
            items,
        }
    }

    /// Whether a batch still fits under this shard's part of the project's quota; else the seconds until the next hour.
    /// A clock that stepped back starts no new hour.
    pub fn admit(&mut self, batch: u64, quota: u64, now: UnixMillis) -> Result<(), u64> {
        if hour_start(now) > self.hour {
            *self = Self::of(0, now);
        }
        if self.items.saturating_add(batch) > quota {
            return Err((self.hour + HOUR_MS).saturating_sub(now).div_ceil(1000).max(1));
        }
        Ok(())
    }

    /// Takes back what was counted and then not stored.
    pub fn give_back(&mut self, items: u64) {
        self.items = self.items.saturating_sub(items);
    }

    /// Counts what is stored.
    pub fn add(&mut self, items: u64) {
        self.items += items;
    }
}

/// A shard's part of a project's quota: producers are spread evenly, and a part is never nothing.
pub fn part(quota: u64, shards: u32) -> u64 {
    quota.div_ceil(u64::from(shards.max(1))).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn over_the_limit_a_sender_is_told_how_long_to_wait_and_others_are_not_touched() {
        let mut throttle = Throttle::default();
        for _ in 0..3 {
            assert_eq!(throttle.admit("a", 3, 45_000), Ok(()));
        }
        assert_eq!(throttle.admit("a", 3, 45_000), Err(15));
        assert_eq!(throttle.admit("b", 3, 45_000), Ok(()));
        assert_eq!(throttle.admit("a", 3, 240_000), Ok(()));
    }

    #[test]
    fn a_quota_holds_until_the_hour_is_over() {
        let mut count = HourCount::of(8, HOUR_MS + 1);
        assert_eq!(count.admit(2, 10, HOUR_MS + 2), Ok(()));
        count.add(2);
        assert_eq!(count.admit(1, 10, HOUR_MS + 1_800_000), Err(1_800));
        assert_eq!(count.admit(1, 10, 5), Err(7_200));
        assert_eq!(count.admit(1, 10, 2 * HOUR_MS), Ok(()));
        assert_eq!((part(10, 4), part(1, 64)), (3, 1));
    }

    proptest! {
        #[test]
        fn within_any_sixty_seconds_no_more_than_the_limit_and_a_little_gets_through(
            limit in 1_u32..50, mut times in proptest::collection::vec(0_u64..300_000, 1..800)
        ) {
            times.sort_unstable();
            let mut throttle = Throttle::default();
            let admitted: Vec<u64> = times.into_iter().filter(|at| throttle.admit((), limit, *at).is_ok()).collect();
            for (first, from) in admitted.iter().enumerate() {
                let within = admitted[first..].iter().take_while(|at| **at < from + MINUTE_MS).count();
                // The weighting takes the minute before for even; where it was not, at most twice the limit passes.
                prop_assert!(within <= 2 * limit as usize);
            }
        }
    }
}

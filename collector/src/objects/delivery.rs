//! A delivery is a sealed range of the log on its way to a sink. Its id follows from what it holds, so a sink that
//! honours ids stores it once however often it arrives.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use sha2::{Digest, Sha256};

/// Items of one delivery at most.
pub const DELIVERY_ITEMS: u64 = 1_000;

/// Bytes of one delivery at most, but for a row that is larger on its own: within what webhooks commonly take.
pub const DELIVERY_BYTES: usize = 1024 * 1024;

/// First pause after a failed attempt.
const BACKOFF_BASE_MS: u64 = 1_000;

/// Longest pause between attempts.
const BACKOFF_LIMIT_MS: u64 = 5 * 60 * 1000;

/// How long a sink is left alone after it refused our credentials: only a person can mend that.
pub const CREDENTIALS_PAUSE_MS: u64 = 10 * 60 * 1000;

/// Deliveries of one sink that may be under way or waiting at once: a bound on memory and on what a sink has to bear.
pub const IN_FLIGHT: usize = 4;

/// A range of the log that will not change any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedDelivery {
    /// Position of the first item.
    pub first: u64,
    /// Position of the last item.
    pub last: u64,
    /// Failed attempts so far.
    pub attempts: u32,
    /// Not before this time.
    pub next_at: UnixMillis,
}

/// A row of the log as sealing looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowExtent {
    /// Position of its first item.
    pub first: u64,
    /// How many items.
    pub count: u64,
    /// Bytes of its lines.
    pub bytes: usize,
}

/// Seals whole rows from the front, up to the limits; none where there are no rows.
pub fn seal(rows: impl IntoIterator<Item = RowExtent>, now: UnixMillis) -> Option<SealedDelivery> {
    let mut sealed: Option<SealedDelivery> = None;
    let (mut items, mut bytes) = (0, 0);
    for row in rows {
        items += row.count;
        bytes += row.bytes;
        let last = row.first + row.count - 1;
        match &mut sealed {
            None => {
                sealed = Some(SealedDelivery {
                    first: row.first,
                    last,
                    attempts: 0,
                    next_at: now,
                });
            }
            Some(_) if items > DELIVERY_ITEMS || bytes > DELIVERY_BYTES => break,
            Some(delivery) => delivery.last = last,
        }
    }
    sealed
}

/// What a sink's answer means for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The sink has it.
    Delivered,
    /// Something in it is wrong and will be wrong again.
    Poison,
    /// The sink does not let us in.
    Credentials,
    /// It may work another time.
    Failed,
}

/// The verdict of an HTTP status. Only a status that speaks of this very payload is taken for poison.
pub fn verdict(status: u16) -> Verdict {
    match status {
        200..300 => Verdict::Delivered,
        400 | 413 | 422 => Verdict::Poison,
        401 | 403 => Verdict::Credentials,
        _ => Verdict::Failed,
    }
}

/// A time to wait for, unless it is over. One that is further away than any pause was set before the clock stepped
/// back: it is over, too.
pub fn still_waits(until: UnixMillis, now: UnixMillis) -> Option<UnixMillis> {
    (now + 1..=now + CREDENTIALS_PAUSE_MS)
        .contains(&until)
        .then_some(until)
}

/// What becomes of a delivery after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// It is done.
    Done,
    /// It holds poison: each half goes on alone.
    Split([SealedDelivery; 2]),
    /// Its one item is poison.
    Dead,
    /// It is tried again later.
    Again(SealedDelivery),
}

/// Decides what becomes of a delivery. `random` is from 0 to 1, for the backoff's jitter.
pub fn after(delivery: &SealedDelivery, verdict: Verdict, now: UnixMillis, random: f64) -> After {
    match verdict {
        Verdict::Delivered => After::Done,
        Verdict::Poison => delivery.halves(now).map_or(After::Dead, After::Split),
        Verdict::Credentials => After::Again(SealedDelivery {
            attempts: delivery.attempts.saturating_add(1),
            next_at: now + CREDENTIALS_PAUSE_MS,
            ..delivery.clone()
        }),
        Verdict::Failed => After::Again(delivery.after_failure(now, random)),
    }
}

/// The position up to which a sink has everything: what lies before its open deliveries, or all that was sealed.
pub fn done_up_to(sealed: u64, open: &[SealedDelivery]) -> u64 {
    open.iter()
        .map(|delivery| delivery.first - 1)
        .min()
        .map_or(sealed, |before| before.min(sealed))
}

impl SealedDelivery {
    /// How many items.
    pub fn count(&self) -> u64 {
        self.last - self.first + 1
    }

    /// Its two halves; none where it has one item.
    fn halves(&self, now: UnixMillis) -> Option<[Self; 2]> {
        let middle = self.first + self.count() / 2;
        let part = |first, last| Self {
            first,
            last,
            attempts: 0,
            next_at: now,
        };
        (self.count() > 1).then(|| [part(self.first, middle - 1), part(middle, self.last)])
    }

    /// The id: the same for the same range of the same shard, whatever happened in between. Only a log that was
    /// restored from a backup fills positions a second time, with other items: `restored_at` tells them apart.
    pub fn id(&self, project: &ProjectId, shard: u32, restored_at: UnixMillis) -> String {
        let range = format!("{project}\0{shard}\0{}\0{}", self.first, self.last);
        let digest = if restored_at > 0 {
            Sha256::digest(format!("{range}\0{restored_at}"))
        } else {
            Sha256::digest(range)
        };
        format!("dlv_{}", URL_SAFE_NO_PAD.encode(&digest[..16]))
    }

    /// Until when it has to wait; `None` where it is due. A pause that is longer than any can be was set before the
    /// clock stepped back: it is over.
    pub fn waits_until(&self, now: UnixMillis) -> Option<UnixMillis> {
        still_waits(self.next_at, now)
    }

    /// The delivery after a failed attempt: the pause doubles up to five minutes, and `random` (0 to 1) takes up to
    /// half of it off, so that many shards do not come back at once.
    #[must_use]
    pub fn after_failure(&self, now: UnixMillis, random: f64) -> Self {
        let pause = BACKOFF_BASE_MS
            .saturating_mul(1 << self.attempts.min(20))
            .min(BACKOFF_LIMIT_MS);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "0 to 300,000"
        )]
        let jitter = (pause as f64 * random.clamp(0.0, 1.0) / 2.0) as u64;
        Self {
            attempts: self.attempts.saturating_add(1),
            next_at: now + pause - jitter,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(first: u64, count: u64, bytes: usize) -> RowExtent {
        RowExtent { first, count, bytes }
    }

    #[test]
    fn sealing_takes_whole_rows_up_to_the_limits() {
        assert_eq!(seal([], 5), None);
        let range = |rows: &[RowExtent]| {
            seal(rows.iter().copied(), 5).map(|delivery| (delivery.first, delivery.last))
        };
        assert_eq!(
            range(&[row(1, 500, 10), row(501, 500, 10), row(1001, 1, 10)]),
            Some((1, 1000))
        );
        assert_eq!(range(&[row(1, 1, DELIVERY_BYTES), row(2, 1, 1)]), Some((1, 1)));
        assert_eq!(range(&[row(7, 2_000, 10), row(2007, 1, 1)]), Some((7, 2006)));
    }

    #[test]
    fn poison_is_cornered_by_halves_and_everything_else_is_delivered() {
        let poison = [17, 18, 40];
        let mut open = vec![SealedDelivery {
            first: 1,
            last: 100,
            attempts: 3,
            next_at: 0,
        }];
        let (mut delivered, mut dead, mut attempts) = (Vec::new(), Vec::new(), 0);
        while let Some(delivery) = open.pop() {
            attempts += 1;
            let is_poisoned = poison
                .iter()
                .any(|at| (delivery.first..=delivery.last).contains(at));
            let status = if is_poisoned { 422 } else { 204 };
            match after(&delivery, verdict(status), 5, 0.5) {
                After::Done => delivered.extend(delivery.first..=delivery.last),
                After::Split(halves) => open.extend(halves),
                After::Dead => dead.push(delivery.first),
                After::Again(again) => panic!("{again:?}"),
            }
        }
        dead.sort_unstable();
        assert_eq!(dead, poison);
        delivered.sort_unstable();
        let rest: Vec<u64> = (1..=100).filter(|at| !poison.contains(at)).collect();
        assert_eq!(delivered, rest);
        assert!(attempts < 50, "{attempts}");
    }

    #[test]
    fn only_what_speaks_of_the_payload_is_poison() {
        for status in [301, 404, 408, 409, 429, 500, 503] {
            assert_eq!(verdict(status), Verdict::Failed, "{status}");
        }
        assert_eq!(verdict(413), Verdict::Poison);
        assert_eq!(verdict(401), Verdict::Credentials);
    }

    #[test]
    fn a_sink_has_what_lies_before_its_first_open_delivery() {
        let open = |first, last| SealedDelivery {
            first,
            last,
            attempts: 0,
            next_at: 0,
        };
        assert_eq!(done_up_to(90, &[]), 90);
        assert_eq!(done_up_to(90, &[open(61, 90), open(21, 40)]), 20);
    }

    #[test]
    fn an_id_depends_on_what_is_in_it_and_on_nothing_else() {
        let demo = "demo".parse().expect("a project");
        let delivery = SealedDelivery {
            first: 1,
            last: 9,
            attempts: 0,
            next_at: 5,
        };
        let later = delivery.after_failure(99, 0.5);
        assert_eq!(delivery.id(&demo, 0, 0), later.id(&demo, 0, 0));
        assert_ne!(delivery.id(&demo, 0, 0), delivery.id(&demo, 1, 0));
        assert_ne!(delivery.id(&demo, 0, 0), delivery.id(&demo, 0, 1));
        assert_ne!(
            delivery.id(&demo, 0, 0),
            SealedDelivery { last: 10, ..delivery }.id(&demo, 0, 0)
        );
    }

    #[test]
    fn a_clock_that_steps_back_does_not_prolong_a_pause() {
        let delivery = SealedDelivery {
            first: 1,
            last: 1,
            attempts: 0,
            next_at: 1_000_000_000,
        };
        let failed = delivery.after_failure(1_000_000_000, 0.0);
        assert_eq!(failed.waits_until(1_000_000_000), Some(1_000_001_000));
        assert_eq!(failed.waits_until(1_000_001_000), None);
        assert_eq!(failed.waits_until(1_000_000_000 - 60 * 60 * 1000), None);
    }

    #[test]
    fn the_pause_doubles_to_five_minutes_and_jitter_takes_at_most_half() {
        let mut delivery = SealedDelivery {
            first: 1,
            last: 1,
            attempts: 0,
            next_at: 0,
        };
        let mut pauses = Vec::new();
        for _ in 0..12 {
            let soonest = delivery.after_failure(0, 1.0).next_at;
            delivery = delivery.after_failure(0, 0.0);
            assert_eq!(soonest, delivery.next_at.div_ceil(2));
            pauses.push(delivery.next_at / 1000);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    }
}

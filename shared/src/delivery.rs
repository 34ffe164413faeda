//! What the API says of sinks, their dead letters and test calls.

use litemap::LiteMap;

use serde::{Deserialize, Serialize};

use crate::UnixMillis;
use crate::ledger::SinkTally;

/// One sink, over all shards. `GET /api/v1/sinks`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SinkState {
    /// Its name.
    pub name: String,
    /// `http`, `clickhouse`, `s3`, `r2` or `queue`.
    pub kind: String,
    /// Items still to be delivered.
    pub pending: u64,
    /// When the oldest of them was received.
    pub pending_since: Option<UnixMillis>,
    /// Items that the sink refused for good.
    pub dead: u64,
    /// Failed attempts of the delivery that has failed most often.
    pub attempts: u32,
    /// Whether it refused our credentials: it is left alone until then.
    pub paused_until: Option<UnixMillis>,
    /// Why the last attempt failed; none after one that went well.
    pub last_error: Option<String>,
    /// When it last took a delivery.
    pub delivered_at: Option<UnixMillis>,
}

impl SinkState {
    /// Adds another shard's part of the same sink.
    pub fn merge(&mut self, other: &Self) {
        self.pending += other.pending;
        self.pending_since = match (self.pending_since, other.pending_since) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (ours, theirs) => ours.or(theirs),
        };
        self.dead += other.dead;
        self.attempts = self.attempts.max(other.attempts);
        self.paused_until = self.paused_until.max(other.paused_until);
        self.delivered_at = self.delivered_at.max(other.delivered_at);
        if self.last_error.is_none() {
            self.last_error.clone_from(&other.last_error);
        }
    }
}

/// `GET /api/v1/sinks`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinksAnswer {
    /// The sinks, by name.
    pub sinks: Vec<SinkState>,
}

/// An item that a sink refused for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Names it in the API: `<shard>.<position>.<sink>`.
    pub id: String,
    /// The sink that refused it.
    pub sink: String,
    /// The item's id.
    pub item: String,
    /// When it was given up.
    pub at: UnixMillis,
    /// What the sink answered.
    pub reason: String,
    /// Whether it is on its way to the sink once more.
    #[serde(default)]
    pub replaying: bool,
    /// The item itself, as one line of JSON; in the answer about one letter only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}

/// `GET /api/v1/dead-letters?sink=`: newest first, at most a page of them from each shard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLettersAnswer {
    /// The letters.
    pub letters: Vec<DeadLetter>,
}

/// `POST /api/v1/dead-letters/<id>/replay`, and `POST /api/v1/dead-letters/replay?sink=` for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayAnswer {
    /// Letters that are sent again.
    pub replayed: u64,
}

/// `POST /api/v1/sinks/<name>/test`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestAnswer {
    /// Whether the sink took it.
    pub delivered: bool,
    /// What it answered, or why nothing came back.
    pub answer: String,
}

/// A shard's tallies, by sink and hour of receipt.
pub type SinkTallies = LiteMap<String, LiteMap<UnixMillis, SinkTally>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sink_is_as_far_behind_as_its_slowest_shard() {
        let part = |pending, pending_since| SinkState {
            pending,
            pending_since,
            ..SinkState::default()
        };
        let mut sum = part(0, None);
        for other in [part(3, Some(50)), part(4, Some(20)), part(0, None)] {
            sum.merge(&other);
        }
        assert_eq!((sum.pending, sum.pending_since), (7, Some(20)));
    }
}

//! Which shard an item belongs to, and how that changes when a project gets more shards.
//!
//! The count is a power of two. Doubling it gives every shard one child, `count` further on; a shard's producers
//! stay or move to its child. The parent is told first: from then on it answers *moved* for what is its child's. The
//! child asks its parent for the window of every producer that may have sent before that.

use std::collections::{BTreeMap, BTreeSet};

use hearback_shared::UnixMillis;
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::window::SeqWindow;
use serde::{Deserialize, Serialize};

use super::append::{Append, AppendItem};

const MINUTE_MS: UnixMillis = 60_000;
const DAY_MS: UnixMillis = 24 * 60 * MINUTE_MS;

/// The shard that this one was split off from; none for the first.
pub fn parent(shard: u32) -> Option<u32> {
    shard.checked_ilog2().map(|top| shard ^ (1 << top))
}

/// The shard of an item that is known by its own id.
pub fn shard_of_message(id: &str, count: u32) -> u32 {
    // FNV-1a: spreads ids that differ in one character, and is the same for ever.
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash ^ (hash >> 16)) & (count.next_power_of_two() - 1)
}

/// The shard of an item by the id it is stored under.
pub fn shard_of_item(id: &str, count: u32) -> u32 {
    // A producer may hold a hyphen itself, and so may what is no producer.
    let producer = id.get(..22).filter(|_| !id.starts_with("msg-"));
    let producer = producer.and_then(|producer| producer.parse::<Producer>().ok());
    producer.map_or_else(|| shard_of_message(id, count), |producer| producer.shard(count))
}

/// Where a shard stands among the project's shards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Its number, from 0.
    pub shard: u32,
    /// How many shards the project has as far as this one was told; 0 where it was never told.
    pub count: u32,
    /// When it was split off from its parent; 0 where it was there from the start.
    pub since: UnixMillis,
}

/// What a child asks its parent for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Producers whose window the child does not have.
    pub producers: Vec<Producer>,
    /// Ids the child does not know.
    pub messages: Vec<String>,
}

/// What the parent knows of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Windows of the producers that it has any of.
    pub windows: BTreeMap<Producer, SeqWindow>,
    /// Ids that are in its log.
    pub messages: BTreeSet<String>,
}

impl Placement {
    /// Whether all of a batch belongs here.
    pub fn holds(&self, append: &Append) -> bool {
        let here = |shard| self.count == 0 || shard == self.shard;
        append
            .producer
            .is_none_or(|producer| here(producer.shard(self.count.max(1))))
            && append.items.iter().all(|item| match item {
                AppendItem::Message { id, .. } => here(shard_of_message(id, self.count.max(1))),
                _ => true,
            })
    }

    /// Whether the parent may have heard of this producer. Clocks of visitors run up to a day ahead, so birth says
    /// only so much.
    pub fn may_be_the_parents(&self, producer: &Producer) -> bool {
        let ahead = u64::from(limits::PRODUCER_AHEAD_MINUTES) + 1;
        self.since > 0 && u64::from(producer.birth_minute()) <= self.since / MINUTE_MS + ahead
    }

    /// Whether the parent may have stored ids that are sent again now.
    pub fn may_hold_messages(&self, now: UnixMillis) -> bool {
        self.since > 0 && now < self.since + u64::from(limits::MESSAGE_ID_DAYS) * DAY_MS
    }

    /// This place after the parent was told of `count` shards: never fewer than before.
    #[must_use]
    pub fn raised(self, count: u32) -> Self {
        Self {
            count: self.count.max(count),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubling_moves_a_message_nowhere_or_to_its_shards_child() {
        for n in 0..2_000 {
            let id = format!("msg-{n}");
            let (before, after) = (shard_of_message(&id, 8), shard_of_message(&id, 16));
            assert!(after == before || (after == before + 8 && parent(after) == Some(before)));
        }
    }

    #[test]
    fn messages_spread_over_all_shards() {
        let mut counts = [0; 8];
        (0..8_000).for_each(|n| counts[shard_of_message(&format!("order-{n}"), 8) as usize] += 1);
        assert!(counts.iter().all(|n| (800..1_200).contains(n)), "{counts:?}");
    }

    #[test]
    fn every_shard_but_the_first_has_a_parent_of_fewer_bits() {
        let parents: Vec<_> = (0..8).map(parent).collect();
        assert_eq!(
            parents,
            [
                None,
                Some(0),
                Some(0),
                Some(1),
                Some(0),
                Some(1),
                Some(2),
                Some(3)
            ]
        );
    }

    #[test]
    fn a_place_that_was_never_told_of_a_count_holds_everything() {
        let append = Append {
            producer: Some(Producer::from_bytes([0xff; 16])),
            received: 0,
            apart: litemap::LiteMap::default(),
            quota: None,
            items: vec![],
        };
        assert!(Placement::default().holds(&append));
        assert!(!Placement::default().raised(2).holds(&append));
        assert_eq!(Placement::default().raised(4).raised(2).count, 4);
    }
}

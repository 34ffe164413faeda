//! Where every item went: by hour of receipt, and per sink. Sums that have to balance.
//!
//! `received = accepted + duplicate + rejected(by code)`, and for each sink
//! `accepted = delivered + pending + dead + expired + erased`. Both sides of each are counted on their own, so that a
//! mistake shows as a difference instead of hiding in a subtraction.

use litemap::LiteMap;

use serde::{Deserialize, Serialize};

use crate::UnixMillis;

/// What became of the items of one commit, or of one hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Items that the edge counted in the batches before judging them; those answered `retry` are not among them.
    #[serde(rename = "n")]
    pub received: u64,
    /// Items that were stored.
    #[serde(rename = "a", skip_serializing_if = "is_zero")]
    pub accepted: u64,
    /// Repeats.
    #[serde(rename = "d", skip_serializing_if = "is_zero")]
    pub duplicate: u64,
    /// Refused items, by code.
    #[serde(rename = "r", skip_serializing_if = "LiteMap::is_empty")]
    pub rejected: LiteMap<String, u64>,
    /// Items answered `retry` and requests refused whole, by reason. Outside the balance: they may come again.
    #[serde(rename = "x", skip_serializing_if = "LiteMap::is_empty")]
    pub apart: LiteMap<String, u64>,
    /// Seqs that never arrived, found when their producer's window expired. Outside the balance.
    #[serde(rename = "l", skip_serializing_if = "is_zero")]
    pub lost: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Tally {
    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        self.received += other.received;
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.lost += other.lost;
        for (sum, counts) in [
            (&mut self.rejected, &other.rejected),
            (&mut self.apart, &other.apart),
        ] {
            for (code, count) in counts {
                *sum.entry(code.clone()).or_default() += count;
            }
        }
    }

    /// Refused items of all codes.
    pub fn rejected_in_all(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// What was received beyond what is explained; 0 where the ledger balances.
    pub fn difference(&self) -> i64 {
        let explained = self.accepted + self.duplicate + self.rejected_in_all();
        i64::try_from(self.received).unwrap_or(i64::MAX) - i64::try_from(explained).unwrap_or(i64::MAX)
    }
}

/// What became of accepted items at one sink.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SinkTally {
    /// The sink has acknowledged them.
    pub delivered: u64,
    /// They are still to be delivered: counted from the log.
    pub pending: u64,
    /// The sink refused them for good; they can be replayed.
    pub dead: u64,
    /// Their retention ended before the sink took them.
    pub expired: u64,
    /// They were erased before the sink took them.
    pub erased: u64,
}

impl SinkTally {
    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        self.delivered += other.delivered;
        self.pending += other.pending;
        self.dead += other.dead;
        self.expired += other.expired;
        self.erased += other.erased;
    }

    /// All of them.
    pub fn sum(&self) -> u64 {
        self.delivered + self.pending + self.dead + self.expired + self.erased
    }
}

/// One hour of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHour {
    /// What became of the items that were received in it.
    pub items: Tally,
    /// What became of the accepted ones at each sink, by its name.
    pub sinks: LiteMap<String, SinkTally>,
}

/// A project's ledger, or a shard's part of it: by the hour of receipt (its first millisecond).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger(pub LiteMap<UnixMillis, LedgerHour>);

impl Ledger {
    /// Adds another's hours.
    pub fn merge(&mut self, other: Self) {
        for (hour, theirs) in other.0 {
            let ours = self.0.entry(hour).or_default();
            ours.items.merge(&theirs.items);
            for (sink, tally) in &theirs.sinks {
                ours.sinks.entry(sink.clone()).or_default().merge(tally);
            }
        }
    }
}

/// `GET /api/v1/ledger?from=&to=`: one row an hour that has any, the newest first, and their sum.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerAnswer {
    /// Start of the first hour, inclusive.
    pub from: UnixMillis,
    /// End of the last hour, exclusive.
    pub to: UnixMillis,
    /// The hours, newest first.
    pub hours: Vec<LedgerRow>,
    /// All of them together; `hour` is `from`.
    pub total: LedgerRow,
}

/// One hour, spelt out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    /// Its first millisecond.
    pub hour: UnixMillis,
    /// Items that arrived.
    pub received: u64,
    /// Items that were stored.
    pub accepted: u64,
    /// Repeats.
    pub duplicate: u64,
    /// Refused items by code.
    #[serde(serialize_with = "crate::object::object")]
    pub rejected: LiteMap<String, u64>,
    /// Answered `retry`, or refused with the whole request, by reason; counted apart.
    #[serde(serialize_with = "crate::object::object")]
    pub apart: LiteMap<String, u64>,
    /// Seqs that never arrived.
    pub lost: u64,
    /// `received` less all that is explained: 0.
    pub difference: i64,
    /// What became of the accepted ones at each sink, by its name.
    #[serde(serialize_with = "crate::object::object")]
    pub sinks: LiteMap<String, SinkTally>,
}

impl LedgerRow {
    fn of(hour: UnixMillis, entry: LedgerHour) -> Self {
        let difference = entry.items.difference();
        Self {
            hour,
            received: entry.items.received,
            accepted: entry.items.accepted,
            duplicate: entry.items.duplicate,
            rejected: entry.items.rejected,
            apart: entry.items.apart,
            lost: entry.items.lost,
            difference,
            sinks: entry.sinks,
        }
    }
}

impl LedgerAnswer {
    /// The hours from `from` to `to`.
    pub fn of(ledger: Ledger, from: UnixMillis, to: UnixMillis) -> Self {
        let mut total = LedgerHour::default();
        let mut hours = Vec::new();
        for (hour, entry) in ledger
            .0
            .into_iter()
            .rev()
            .filter(|(hour, _)| (from..to).contains(hour))
        {
            total.items.merge(&entry.items);
            for (sink, tally) in &entry.sinks {
                total.sinks.entry(sink.clone()).or_default().merge(tally);
            }
            hours.push(LedgerRow::of(hour, entry));
        }
        Self {
            from,
            to,
            hours,
            total: LedgerRow::of(from, total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(received: u64, accepted: u64, duplicate: u64, rejected: &[(&str, u64)]) -> Tally {
        Tally {
            received,
            accepted,
            duplicate,
            rejected: rejected
                .iter()
                .map(|(code, n)| ((*code).to_owned(), *n))
                .collect(),
            ..Tally::default()
        }
    }

    #[test]
    fn what_is_not_explained_is_a_difference() {
        assert_eq!(tally(10, 5, 2, &[("too_old", 2), ("seq_gap", 1)]).difference(), 0);
        assert_eq!(tally(10, 5, 2, &[]).difference(), 3);
        assert_eq!(tally(1, 2, 0, &[]).difference(), -1);
    }

    #[test]
    fn parts_of_a_ledger_add_up_in_any_order() {
        let part = |hour, accepted, delivered| {
            let mut entry = LedgerHour {
                items: tally(accepted + 1, accepted, 0, &[("too_old", 1)]),
                ..LedgerHour::default()
            };
            let sink = SinkTally {
                delivered,
                pending: accepted - delivered,
                ..SinkTally::default()
            };
            entry.sinks.insert("http".into(), sink);
            Ledger(std::iter::once((hour, entry)).collect())
        };
        let mut ab = part(0, 5, 3);
        ab.merge(part(0, 7, 7));
        ab.merge(part(3_600_000, 1, 0));
        let mut ba = part(3_600_000, 1, 0);
        ba.merge(part(0, 7, 7));
        ba.merge(part(0, 5, 3));
        assert_eq!(ab, ba);
        let answer = LedgerAnswer::of(ab, 0, 7_200_000);
        assert_eq!(answer.hours[0].hour, 3_600_000);
        assert_eq!((answer.total.received, answer.total.difference), (16, 0));
        assert_eq!(
            answer.total.sinks.get("http").expect("a sink").sum(),
            answer.total.accepted
        );
    }
}

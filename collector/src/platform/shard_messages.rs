//! What a shard remembers of items that have ids of their own: one small row each, for as long as a repeat may come.
//!
//! No index by day is kept, which would double what each item costs to write. Ids are hashes, so the neighbours of a
//! new one are picked by chance: each commit looks at some of them and lets go of those whose time is over. What is
//! over and still there counts as forgotten.

use std::collections::BTreeSet;

use hearback_shared::UnixMillis;
use hearback_shared::limits::MESSAGE_ID_DAYS;
use worker::{Error, Result};

use super::shard_memory::Memory;
use super::shard_store::ShardStore;
use super::store::number;
use crate::objects::append::Append;
use crate::objects::person::is_notice;

pub(super) const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, day INTEGER NOT NULL) WITHOUT ROWID";

/// Neighbours that are looked at for each id that is stored: with eight, of nine ids that are there one is over.
const NEIGHBOURS: u64 = 8;

/// Ids that each checkpoint looks at, from the first: where no more are stored, this empties the table.
const CHECKPOINT_IDS: u64 = 500;

const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

/// The first day whose ids still count.
fn first_day(now: UnixMillis) -> u64 {
    (now / DAY_MS).saturating_sub(u64::from(MESSAGE_ID_DAYS))
}

fn list<'a>(ids: impl Iterator<Item = &'a str>) -> Result<Option<String>> {
    let ids: Vec<&str> = ids.collect();
    Ok(if ids.is_empty() {
        None
    } else {
        Some(serde_json::to_string(&ids)?)
    })
}

impl ShardStore {
    /// Which of these ids are in the log.
    pub(super) fn known_messages<'a>(
        &self,
        ids: impl Iterator<Item = &'a str>,
        now: UnixMillis,
    ) -> Result<BTreeSet<String>> {
        let Some(ids) = list(ids)? else {
            return Ok(BTreeSet::new());
        };
        let rows = self.store.rows(
            "SELECT id FROM messages WHERE day >= ? AND id IN (SELECT value FROM json_each(?))",
            vec![number(first_day(now)), ids.into()],
        )?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// Notes that these are in the log from today on.
    pub(super) fn keep_messages(&self, ids: &[String], now: UnixMillis) -> Result<()> {
        let Some(first) = ids.first() else { return Ok(()) };
        if let Some(list) = list(ids.iter().map(String::as_str))? {
            self.store.run(
                "INSERT OR REPLACE INTO messages (id, day) SELECT value, ? FROM json_each(?)",
                vec![number(now / DAY_MS), list.into()],
            )?;
        }
        self.forget_messages(first, NEIGHBOURS * ids.len() as u64, now)
    }

    /// Lets go of ids that are over, as a part of a checkpoint.
    pub(super) fn forget_first_messages(&self, now: UnixMillis) -> Result<()> {
        self.forget_messages("", CHECKPOINT_IDS, now)
    }

    fn forget_messages(&self, from: &str, count: u64, now: UnixMillis) -> Result<()> {
        self.store.run(
            "DELETE FROM messages WHERE day < ? AND id IN (SELECT id FROM messages WHERE id >= ? ORDER BY id LIMIT ?)",
            vec![number(first_day(now)), from.into(), number(count)],
        )
    }
}

impl Memory {
    /// Which ids of these batches are in this shard's log or its parent's. Where the parent may have one and was not
    /// asked, nothing may be stored: the client sends it again.
    pub(super) fn known_messages(
        &self,
        store: &ShardStore,
        appends: &[Append],
        now: UnixMillis,
    ) -> Result<BTreeSet<String>> {
        let ids = || appends.iter().flat_map(Append::message_ids);
        let mut known = store.known_messages(ids(), now)?;
        known.extend(
            ids()
                .filter(|id| self.inherited_messages.contains(*id))
                .map(str::to_owned),
        );
        // A notice lies in the log of the item it speaks of, and in no other.
        let is_known = |id: &str| known.contains(id) || self.asked_messages.contains(id) || is_notice(id);
        if self.placement.is_some_and(|p| p.may_hold_messages(now)) && !ids().all(is_known) {
            return Err(not_asked());
        }
        Ok(known)
    }

    /// What the parent said of these batches' ids is needed no more once they are committed: what it has is noted
    /// here, too. Within the transaction of the commit.
    pub(super) fn settle_messages(
        &mut self,
        store: &ShardStore,
        appends: &[Append],
        now: UnixMillis,
    ) -> Result<()> {
        if self.asked_messages.is_empty() {
            return Ok(());
        }
        let mut inherited = Vec::new();
        for id in appends.iter().flat_map(Append::message_ids) {
            self.asked_messages.remove(id);
            inherited.extend(self.inherited_messages.take(id));
        }
        store.keep_messages(&inherited, now)
    }
}

pub(super) fn not_asked() -> Error {
    Error::RustError("the parent shard was not asked".into())
}

//! The windows of a shard's producers on disk. They are written from memory every few hundred rows of the log, many in
//! a row (`hearback_shared::window_leaf` says why); since then the rows of the log hold them.

use std::collections::BTreeMap;

use hearback_shared::UnixMillis;
use hearback_shared::ledger::Tally;
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::window::SeqWindow;
use hearback_shared::window_leaf::{self, FIRST_LEAF, LEAF_BYTES, Leaf};
use worker::{Error, Result, SqlStorageValue};

use super::shard_store::{Consumer, ShardStore};
use super::store::number;

/// The table: a leaf for all producers from `first` up to the next leaf's.
pub(super) const TABLES: [&str; 1] =
    ["CREATE TABLE IF NOT EXISTS window_leaves (first BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID"];

/// Leaves that one checkpoint gives up because all in them are too old: the rest waits for the next.
const EXPIRED_LEAVES: u64 = 100;

impl ShardStore {
    /// The windows written into rows after the last checkpoint (with the table, they are all there is), and how many
    /// rows those are.
    pub(super) fn windows_since_checkpoint(&self) -> Result<(BTreeMap<Producer, SeqWindow>, usize)> {
        let cursor = self.cursor(Consumer::Windows)?;
        let rows = self.store.rows(
            "SELECT windows FROM log WHERE first > ? ORDER BY first",
            vec![number(cursor)],
        )?;
        let mut windows = BTreeMap::new();
        for row in &rows {
            windows.extend(serde_json::from_str::<BTreeMap<Producer, SeqWindow>>(
                row.text(0),
            )?);
        }
        Ok((windows, rows.len()))
    }

    pub(super) fn window(&self, producer: &Producer) -> Result<Option<SeqWindow>> {
        let (_, body) = self.leaf_of(producer)?;
        window_leaf::find(&body, producer).map_err(broken)
    }

    /// Writes windows into their leaves and forgets those whose producers are too old to be heard again.
    pub(super) fn checkpoint<'a>(
        &self,
        windows: impl Iterator<Item = (&'a Producer, &'a SeqWindow)>,
        head: u64,
        now: UnixMillis,
    ) -> Result<()> {
        let oldest = oldest_minute(now);
        let mut lost = self.forget_leaves(oldest)?;
        let mut windows = windows.peekable();
        while let Some((producer, _)) = windows.peek() {
            let (key, body) = self.leaf_of(producer)?;
            let mut leaf = Leaf::from_bytes(&body).map_err(broken)?;
            let end = self.leaf_after(&key)?;
            let is_here =
                |producer: &Producer| end.as_ref().is_none_or(|end| producer.as_bytes()[..] < end[..]);
            while let Some((producer, window)) = windows.next_if(|(producer, _)| is_here(producer)) {
                leaf.put(*producer, window.clone());
            }
            lost += leaf.forget_born_before(oldest);
            for (key, body) in leaf.rows(&key, LEAF_BYTES) {
                self.store.run(
                    "INSERT OR REPLACE INTO window_leaves (first, body) VALUES (?, ?)",
                    vec![SqlStorageValue::Blob(key), SqlStorageValue::Blob(body)],
                )?;
            }
        }
        self.forget_first_messages(now)?;
        if lost > 0 {
            // What is missing in a window that no repeat can reach any more was lost.
            let tally = Tally {
                lost,
                ..Tally::default()
            };
            self.add_to_ledger(now, &tally)?;
        }
        self.set_cursor(Consumer::Windows, head)
    }

    /// Key and bytes of the leaf that a producer belongs to.
    fn leaf_of(&self, producer: &Producer) -> Result<(Vec<u8>, Vec<u8>)> {
        let row = self.store.row(
            "SELECT first, body FROM window_leaves WHERE first <= ? ORDER BY first DESC LIMIT 1",
            vec![SqlStorageValue::Blob(producer.as_bytes().to_vec())],
        )?;
        Ok(row.map_or_else(
            || (FIRST_LEAF.to_vec(), vec![]),
            |row| (row.bytes(0).to_vec(), row.bytes(1).to_vec()),
        ))
    }

    fn leaf_after(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let row = self.store.row(
            "SELECT first FROM window_leaves WHERE first > ? ORDER BY first LIMIT 1",
            vec![SqlStorageValue::Blob(key.to_vec())],
        )?;
        Ok(row.map(|row| row.bytes(0).to_vec()))
    }

    /// Gives up the leaves in which all producers were born before a minute: those that end where another such begins.
    fn forget_leaves(&self, minute: u32) -> Result<u64> {
        let rows = self.store.rows(
            "SELECT first FROM window_leaves WHERE first < ? ORDER BY first LIMIT ?",
            vec![
                SqlStorageValue::Blob(minute.to_be_bytes().to_vec()),
                number(EXPIRED_LEAVES + 1),
            ],
        )?;
        let mut lost = 0;
        for row in rows.iter().take(rows.len().saturating_sub(1)) {
            let key = || vec![SqlStorageValue::Blob(row.bytes(0).to_vec())];
            if let Some(row) = self
                .store
                .row("SELECT body FROM window_leaves WHERE first = ?", key())?
            {
                let leaf = Leaf::from_bytes(row.bytes(0));
                lost += leaf.map_err(broken)?.forget_born_before(minute);
            }
            self.store
                .run("DELETE FROM window_leaves WHERE first = ?", key())?;
        }
        Ok(lost)
    }
}

/// The minute before which no producer is heard any more.
fn oldest_minute(now: UnixMillis) -> u32 {
    let days = u64::from(limits::DEDUPLICATION_DAYS);
    u32::try_from((now / 60_000).saturating_sub(days * 24 * 60)).unwrap_or(u32::MAX)
}

fn broken(error: hearback_shared::codec::Malformed) -> Error {
    Error::RustError(format!("windows: {error}"))
}

//! What a shard keeps in memory of its storage: the windows that its pages may append to, and where its log ends. It is
//! read anew after every failed commit.

use std::collections::{BTreeMap, BTreeSet};

use hearback_shared::UnixMillis;
use hearback_shared::producer::Producer;
use hearback_shared::window::SeqWindow;
use worker::Result;

use super::shard_messages::not_asked;
use super::shard_store::ShardStore;
use crate::objects::append::Commit;
use crate::objects::placement::Placement;

/// Rows between two checkpoints of the windows: what a waking object has to read again at most, a few milliseconds.
/// Each checkpoint writes the leaves of all pages that are open, so fewer are cheaper.
const CHECKPOINT_ROWS: usize = 512;

/// Windows kept in memory beyond those that await a checkpoint.
const CACHED_WINDOWS: usize = 20_000;

/// What is rebuilt from storage when the object wakes.
pub(super) struct Memory {
    pub(super) head: u64,
    pub(super) windows: BTreeMap<Producer, SeqWindow>,
    /// Producers whose window is newer than its table row.
    dirty: BTreeSet<Producer>,
    rows_since_checkpoint: usize,
    /// Ids that the parent was asked for, whatever it said, by requests that are not committed yet.
    pub(super) asked_messages: BTreeSet<String>,
    /// Those of them that are in the parent's log.
    pub(super) inherited_messages: BTreeSet<String>,
    pub(super) placement: Option<Placement>,
}

impl Memory {
    pub(super) fn read(store: &ShardStore) -> Result<Self> {
        let (windows, rows) = store.windows_since_checkpoint()?;
        Ok(Self {
            head: store.head()?,
            dirty: windows.keys().copied().collect(),
            windows,
            // An object that sleeps often would otherwise never come to a checkpoint, and read ever more on waking.
            rows_since_checkpoint: rows,
            inherited_messages: BTreeSet::new(),
            asked_messages: BTreeSet::new(),
            placement: store.place()?.map(|(_, placement)| placement),
        })
    }

    /// A producer's window, if this shard has one.
    pub(super) fn window(&self, store: &ShardStore, producer: &Producer) -> Result<Option<SeqWindow>> {
        match self.windows.get(producer) {
            Some(window) => Ok(Some(window.clone())),
            None => store.window(producer),
        }
    }

    /// Its window as a commit takes it up. Where the parent may have one and was not asked in this memory's life,
    /// nothing may be stored: the client sends it again.
    pub(super) fn window_to_append_to(&self, store: &ShardStore, producer: &Producer) -> Result<SeqWindow> {
        let may_be_the_parents = || self.placement.is_some_and(|p| p.may_be_the_parents(producer));
        match self.window(store, producer)? {
            Some(window) => Ok(window),
            None if may_be_the_parents() => Err(not_asked()),
            None => Ok(SeqWindow::default()),
        }
    }

    /// Writes a commit, within a transaction.
    pub(super) fn keep(&mut self, store: &ShardStore, commit: &Commit, now: UnixMillis) -> Result<()> {
        let Some(last) = commit.rows.last() else {
            return store.add_to_ledger(now, &commit.tally);
        };
        self.dirty.extend(commit.changed.keys().copied());
        self.windows.extend(
            commit
                .changed
                .iter()
                .map(|(producer, window)| (*producer, window.clone())),
        );
        self.head = last.last();
        self.rows_since_checkpoint += commit.rows.len();
        store.keep_messages(&commit.messages, now)?;
        commit.rows.iter().try_for_each(|row| store.insert(row))?;
        if self.rows_since_checkpoint >= CHECKPOINT_ROWS {
            self.checkpoint(store, now)?;
        }
        Ok(())
    }

    pub(super) fn checkpoint(&mut self, store: &ShardStore, now: UnixMillis) -> Result<()> {
        let dirty = self
            .dirty
            .iter()
            .filter_map(|producer| self.windows.get_key_value(producer));
        store.checkpoint(dirty, self.head, now)?;
        if self.windows.len() > CACHED_WINDOWS {
            // Pages that sent since the last checkpoint are likely to send again.
            let dirty = &self.dirty;
            self.windows.retain(|producer, _| dirty.contains(producer));
        }
        self.dirty.clear();
        self.rows_since_checkpoint = 0;
        Ok(())
    }
}

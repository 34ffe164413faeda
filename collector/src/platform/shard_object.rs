//! A shard: the log of some of a project's producers. Requests that arrive together share one commit; each is
//! answered after it (the runtime holds answers back until what was written before them is on disk).

use std::cell::{Cell, RefCell};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use hearback_shared::UnixMillis;
use hearback_shared::producer::Producer;
use hearback_shared::project::ProjectId;
use hearback_shared::window::SeqWindow;
use worker::wasm_bindgen;
use worker::{
    Delay, DurableObject, Env, Error, Request, Response, Result, State, console_error, durable_object,
};

use super::shard_store::ShardStore;
use super::stubs::{answer, question};
use super::{clock, push};
use crate::objects::append::{Append, Commit, Outcome, group};

/// Rows between two checkpoints of the windows: what a waking object has to read again at most.
const CHECKPOINT_ROWS: usize = 64;

/// Windows kept in memory beyond those that await a checkpoint.
const CACHED_WINDOWS: usize = 20_000;

/// How soon after a commit the next request counts as load, and how long it then waits for company.
const BUSY_MS: UnixMillis = 20;
const COMPANY: Duration = Duration::from_millis(2);

#[durable_object]
pub struct ShardObject {
    shard: Rc<Shard>,
}

/// What requests, alarms and work after an answer share.
pub(super) struct Shard {
    pub(super) state: State,
    pub(super) env: Env,
    pub(super) store: Result<ShardStore>,
    memory: RefCell<Option<Memory>>,
    waiting: RefCell<Vec<Waiting>>,
    committed_at: Cell<UnixMillis>,
    pub(super) alarm_at: Cell<Option<UnixMillis>>,
    pub(super) is_pushing: Cell<bool>,
}

/// What is rebuilt from storage when the object wakes.
struct Memory {
    head: u64,
    windows: BTreeMap<Producer, SeqWindow>,
    /// Producers whose window is newer than its table row.
    dirty: BTreeSet<Producer>,
    rows_since_checkpoint: usize,
    has_place: bool,
}

struct Waiting {
    append: Append,
    answer: oneshot::Sender<Vec<Outcome>>,
}

impl DurableObject for ShardObject {
    fn new(state: State, env: Env) -> Self {
        let store = ShardStore::open(&state);
        let shard = Shard {
            state,
            env,
            store,
            memory: RefCell::new(None),
            waiting: RefCell::default(),
            committed_at: Cell::new(0),
            alarm_at: Cell::new(None),
            is_pushing: Cell::new(false),
        };
        Self {
            shard: Rc::new(shard),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let path = request.path();
        let mut parts = path.trim_start_matches('/').splitn(3, '/');
        let place = (
            parts.next().and_then(|text| text.parse().ok()),
            parts.next().and_then(|text| text.parse().ok()),
        );
        let (Some(project), Some(number)) = place else {
            return Response::error("no place in the path", 404);
        };
        match parts.next() {
            Some("append") => {
                let append: Append = question(&mut request).await?;
                let has_feedback = append.has_feedback();
                let outcomes = self.shard.append(append, &project, number).await?;
                if has_feedback {
                    let shard = Rc::clone(&self.shard);
                    self.shard
                        .state
                        .wait_until(async move { push::run(&shard).await });
                }
                answer(&outcomes)
            }
            Some("counts") => {
                let question = question(&mut request).await?;
                self.shard.roll_up_all()?;
                answer(&self.shard.store()?.counts(question)?)
            }
            _ => Response::error(format!("no command {path}"), 404),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        self.shard.on_alarm().await?;
        Response::empty()
    }
}

impl Shard {
    pub(super) fn store(&self) -> Result<&ShardStore> {
        self.store
            .as_ref()
            .map_err(|error| Error::RustError(format!("tables: {error}")))
    }

    async fn append(&self, append: Append, project: &ProjectId, number: u32) -> Result<Vec<Outcome>> {
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().push(Waiting {
            append,
            answer: sender,
        });
        let is_first = self.waiting.borrow().len() == 1;
        if is_first {
            let now = clock::now();
            if now.saturating_sub(self.committed_at.get()) < BUSY_MS {
                Delay::from(COMPANY).await;
            }
            let waiting = self.waiting.take();
            self.commit(waiting, project, number)?;
            self.arm_alarm().await?;
        }
        // The sender is dropped without an answer where the commit failed: the edge then says `retry`.
        receiver
            .await
            .map_err(|_| Error::RustError("the commit failed".into()))
    }

    /// Reads, applies and writes without an `await`, so nothing comes in between.
    fn commit(&self, waiting: Vec<Waiting>, project: &ProjectId, number: u32) -> Result<()> {
        let (appends, answers): (Vec<_>, Vec<_>) = waiting.into_iter().map(|w| (w.append, w.answer)).unzip();
        match self.try_commit(&appends, project, number) {
            Ok(outcomes) => {
                // A client that went away does not wait any more; its items are stored all the same.
                answers
                    .into_iter()
                    .zip(outcomes)
                    .for_each(|(answer, outcomes)| drop(answer.send(outcomes)));
                Ok(())
            }
            Err(error) => {
                // Memory may be ahead of storage: read it again before the next commit.
                self.memory.replace(None);
                console_error!("commit of {} batches: {error}", appends.len());
                Err(error)
            }
        }
    }

    fn try_commit(&self, appends: &[Append], project: &ProjectId, number: u32) -> Result<Vec<Vec<Outcome>>> {
        let store = self.store()?;
        let now = clock::now();
        let mut memory = self.memory.borrow_mut();
        let memory = match &mut *memory {
            Some(memory) => memory,
            none => none.insert(Memory::read(store)?),
        };
        let mut windows = BTreeMap::new();
        for append in appends {
            if let Entry::Vacant(entry) = windows.entry(append.producer) {
                entry.insert(memory.window(store, &append.producer)?);
            }
        }
        let Commit {
            rows,
            outcomes,
            changed,
        } = group(appends, windows, memory.head, now);
        if rows.is_empty() {
            return Ok(outcomes);
        }
        memory.dirty.extend(changed.keys().copied());
        memory.windows.extend(changed);
        memory.head = rows
            .last()
            .map_or(memory.head, crate::objects::append::LogRow::last);
        memory.rows_since_checkpoint += rows.len();
        store.transaction(|| {
            if !memory.has_place {
                store.set_place(project, number)?;
            }
            rows.iter().try_for_each(|row| store.insert(row))?;
            if memory.rows_since_checkpoint >= CHECKPOINT_ROWS {
                memory.checkpoint(store, now)?;
            }
            Ok(())
        })?;
        memory.has_place = true;
        self.committed_at.set(now);
        Ok(outcomes)
    }
}

impl Memory {
    fn read(store: &ShardStore) -> Result<Self> {
        let (windows, rows) = store.windows_since_checkpoint()?;
        Ok(Self {
            head: store.head()?,
            dirty: windows.keys().copied().collect(),
            windows,
            // An object that sleeps often would otherwise never come to a checkpoint, and read ever more on waking.
            rows_since_checkpoint: rows,
            has_place: store.place()?.is_some(),
        })
    }

    fn window(&self, store: &ShardStore, producer: &Producer) -> Result<SeqWindow> {
        match self.windows.get(producer) {
            Some(window) => Ok(window.clone()),
            None => Ok(store.window(producer)?.unwrap_or_default()),
        }
    }

    fn checkpoint(&mut self, store: &ShardStore, now: UnixMillis) -> Result<()> {
        let dirty = self
            .dirty
            .iter()
            .filter_map(|producer| self.windows.get_key_value(producer));
        store.checkpoint(dirty, self.head, now)?;
        self.dirty.clear();
        self.rows_since_checkpoint = 0;
        if self.windows.len() > CACHED_WINDOWS {
            self.windows.clear();
        }
        Ok(())
    }
}

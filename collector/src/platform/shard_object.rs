//! A shard: the log of some of a project's producers. Requests that arrive together share one commit; each is
//! answered after it (the runtime holds answers back until what was written before them is on disk).

use std::cell::{Cell, RefCell};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use hearback_shared::UnixMillis;
use hearback_shared::delivery::SinkState;
use hearback_shared::producer::Producer;
use hearback_shared::project::ProjectId;
use hearback_shared::query::Question;
use hearback_shared::window::SeqWindow;
use worker::wasm_bindgen;
use worker::{DurableObject, Env, Error, Request, Response, Result, State, console_error, durable_object};

use super::shard_messages::not_asked;
use super::shard_store::ShardStore;
use super::sleep::sleep;
use super::stubs::{answer, question};
use super::{clock, faults, meter, push, stubs};
use crate::objects::append::{Append, AppendAnswer, Commit, Known, Outcome, ROW_BYTES, group};
use crate::objects::company::{COMPANY, Company, GROUP_REQUESTS};
use crate::objects::placement::Placement;
use crate::objects::throttle::{HourCount, hour_start};

/// Rows between two checkpoints of the windows: what a waking object has to read again at most, a few milliseconds.
/// Each checkpoint writes the leaves of all pages that are open, so fewer are cheaper.
const CHECKPOINT_ROWS: usize = 512;

/// Windows kept in memory beyond those that await a checkpoint.
const CACHED_WINDOWS: usize = 20_000;

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
    group: RefCell<Group>,
    /// How many groups have gone to be committed: tells one that waits whether its own is still here.
    groups: Cell<u64>,
    company: RefCell<Company>,
    pub(super) alarm_at: Cell<Option<UnixMillis>>,
    /// Whether the project had webhooks of its own when the sinks were last asked for.
    pub(super) has_webhooks: Cell<bool>,
    pub(super) is_pushing: Cell<bool>,
    hour_count: Cell<Option<HourCount>>,
}

/// What is rebuilt from storage when the object wakes.
pub(super) struct Memory {
    head: u64,
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

/// Requests that will share a commit.
#[derive(Default)]
struct Group {
    waiting: Vec<Waiting>,
    /// Bytes of their lines.
    bytes: usize,
}

struct Waiting {
    append: Append,
    answer: oneshot::Sender<AppendAnswer>,
}

impl DurableObject for ShardObject {
    fn new(state: State, env: Env) -> Self {
        let store = ShardStore::open(&state);
        let shard = Shard {
            state,
            env,
            store,
            memory: RefCell::new(None),
            group: RefCell::default(),
            groups: Cell::new(0),
            company: RefCell::default(),
            alarm_at: Cell::new(None),
            has_webhooks: Cell::new(false),
            is_pushing: Cell::new(false),
            hour_count: Cell::new(None),
        };
        Self {
            shard: Rc::new(shard),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        meter::object_request();
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
                let append = stubs::asked_to_append(&mut request).await?;
                stubs::appended(&self.take(append, &project, number).await?)
            }
            Some("ledger") => {
                let (from, to) = question(&mut request).await?;
                let sinks = self.shard.sinks().await?;
                answer(&self.shard.store()?.ledger(from, to, &sinks)?)
            }
            Some("sinks") => {
                let names: Vec<String> = question(&mut request).await?;
                let store = self.shard.store()?;
                let states: Result<Vec<SinkState>> = names
                    .iter()
                    .map(|name| store.sink_state(name, clock::now()))
                    .collect();
                answer(&states?)
            }
            Some("resume") => {
                let sink: String = question(&mut request).await?;
                self.shard.store()?.resume_sink(&sink, clock::now())?;
                self.shard.arm_alarm().await?;
                answer(&())
            }
            Some("dead-letters") => {
                let (sink, position): (Option<String>, Option<u64>) = question(&mut request).await?;
                answer(
                    &self
                        .shard
                        .store()?
                        .dead_letters(number, sink.as_deref(), position)?,
                )
            }
            Some("replay") => {
                let (sink, position): (String, u64) = question(&mut request).await?;
                let is_there = self.shard.store()?.replay(&sink, position, clock::now())?;
                self.shard.arm_alarm().await?;
                answer(&is_there)
            }
            Some("replay-all") => {
                let sink: Option<String> = question(&mut request).await?;
                let count = self.shard.store()?.replay_all(sink.as_deref(), clock::now())?;
                self.shard.arm_alarm().await?;
                answer(&count)
            }
            Some("split-off") => {
                let place: Placement = question(&mut request).await?;
                let placement = self.shard.replace(&project, |_| place)?;
                self.shard.fault(faults::TOLD).await?;
                answer(&placement)
            }
            Some("raise") => {
                let count = question(&mut request).await?;
                let place = |placement: Placement| Placement {
                    shard: number,
                    ..placement.raised(count)
                };
                let placement = self.shard.replace(&project, place)?;
                self.shard.fault(faults::TOLD).await?;
                answer(&placement)
            }
            Some("export") => answer(&self.shard.export(&question(&mut request).await?)?),
            Some("erase") => {
                let step = question(&mut request).await?;
                answer(&self.shard.erase(&step, &project, number).await?)
            }
            Some("hand-over") => {
                let asked = question(&mut request).await?;
                answer(&self.shard.hand_over(&asked, &project, number).await?)
            }
            Some("mend") => answer(&self.shard.mend_alarm().await?),
            Some("query") => {
                let questions: Vec<Question> = question(&mut request).await?;
                answer(&self.shard.partials(&questions).await?)
            }
            _ => Response::error(format!("no command {path}"), 404),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        let _running = meter::alarm();
        self.shard.on_alarm().await?;
        Response::empty()
    }
}

impl ShardObject {
    /// Appends a batch where the quota lets it; feedback in it goes on to the project object after the answer.
    async fn take(&self, append: Append, project: &ProjectId, number: u32) -> Result<AppendAnswer> {
        let has_feedback = append.has_feedback();
        let valid = append.items.iter().filter(|item| item.is_valid()).count() as u64;
        if let Err(wait_s) = self.shard.admit(valid, append.quota)? {
            return Ok(AppendAnswer::Full(wait_s));
        }
        let answer = self.shard.append(append, project, number).await;
        self.shard.count_stored(valid, answer.as_ref().ok());
        let answer = answer?;
        if has_feedback {
            let shard = Rc::clone(&self.shard);
            self.shard
                .state
                .wait_until(async move { push::run(&shard).await });
        }
        Ok(answer)
    }
}

impl Group {
    /// Whether a further request would rather be in the next one.
    fn is_full(&self) -> bool {
        self.waiting.len() >= GROUP_REQUESTS || self.bytes >= ROW_BYTES
    }
}

impl Shard {
    pub(super) fn store(&self) -> Result<&ShardStore> {
        self.store
            .as_ref()
            .map_err(|error| Error::RustError(format!("tables: {error}")))
    }

    /// Lets a fault happen here that a test asked for.
    pub(super) async fn fault(&self, place: &str) -> Result<()> {
        faults::at(place, &self.state, &self.env).await
    }

    /// Whether a batch fits under the quota; it is counted as stored until [`Self::count_stored`] knows better, so that
    /// batches which arrive together do not pass together.
    fn admit(&self, valid: u64, quota: Option<u64>) -> Result<std::result::Result<(), u64>> {
        let now = clock::now();
        let mut count = match self.hour_count.get() {
            Some(count) => count,
            None => HourCount::of(self.store()?.stored_since(hour_start(now))?, now),
        };
        let verdict = count.admit(valid, quota.unwrap_or(u64::MAX), now);
        if verdict.is_ok() {
            count.add(valid);
        }
        self.hour_count.set(Some(count));
        Ok(verdict)
    }

    fn count_stored(&self, valid: u64, answer: Option<&AppendAnswer>) {
        let stored = match answer {
            Some(AppendAnswer::Done(outcomes)) => outcomes
                .iter()
                .filter(|outcome| **outcome == Outcome::Stored)
                .count() as u64,
            _ => 0,
        };
        if let Some(mut count) = self.hour_count.get() {
            count.give_back(valid.saturating_sub(stored));
            self.hour_count.set(Some(count));
        }
    }

    async fn append(&self, append: Append, project: &ProjectId, number: u32) -> Result<AppendAnswer> {
        self.fetch_from_parent(&append, project).await?;
        let (sender, mut receiver) = oneshot::channel();
        let number_of_group = self.groups.get();
        let (is_first, is_full) = {
            let mut group = self.group.borrow_mut();
            group.bytes += append.bytes();
            group.waiting.push(Waiting {
                append,
                answer: sender,
            });
            (group.waiting.len() == 1, group.is_full())
        };
        if !is_full && (!is_first || self.company.borrow_mut().is_expected(clock::now())) {
            // Whoever completes the group commits it, and this one's answer is there before the time is over. Each waits
            // for itself: the first may go away with its client, and the others must not wait for ever.
            if let Either::Left((answer, _)) = select(&mut receiver, sleep(COMPANY)).await {
                if is_first {
                    self.company.borrow_mut().came(GROUP_REQUESTS);
                }
                return answer.map_err(|_| commit_failed());
            }
            if is_first {
                self.company.borrow_mut().came(self.group.borrow().waiting.len());
            }
        }
        if self.groups.get() == number_of_group {
            self.fault(faults::COMPANY).await?;
        }
        if self.groups.get() == number_of_group {
            self.groups.set(number_of_group + 1);
            self.commit(self.group.take().waiting, project, number)?;
            self.fault(faults::COMMITTED).await?;
            self.arm_alarm().await?;
            self.fault(faults::ARMED).await?;
        }
        // The sender is dropped without an answer where the commit failed: the edge then says `retry`.
        receiver.await.map_err(|_| commit_failed())
    }

    /// Reads, applies and writes without an `await`, so nothing comes in between.
    fn commit(&self, waiting: Vec<Waiting>, project: &ProjectId, number: u32) -> Result<()> {
        let placement = self.placement()?;
        // What was moved to another shard while it waited here is sent on, not stored.
        let (here, moved): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|waiting| placement.holds(&waiting.append));
        for waiting in moved {
            drop(waiting.answer.send(AppendAnswer::Moved(placement.count)));
        }
        if here.is_empty() {
            return Ok(());
        }
        let (appends, answers): (Vec<_>, Vec<_>) = here.into_iter().map(|w| (w.append, w.answer)).unzip();
        match self.try_commit(&appends, project, number) {
            Ok(outcomes) => {
                // A client that went away does not wait any more; its items are stored all the same.
                answers
                    .into_iter()
                    .zip(outcomes)
                    .for_each(|(answer, outcomes)| drop(answer.send(AppendAnswer::Done(outcomes))));
                Ok(())
            }
            Err(error) => {
                console_error!("commit of {} batches: {error}", appends.len());
                Err(error)
            }
        }
    }

    pub(super) fn try_commit(
        &self,
        appends: &[Append],
        project: &ProjectId,
        number: u32,
    ) -> Result<Vec<Vec<Outcome>>> {
        let store = self.store()?;
        let now = clock::now();
        let committed = self.with_memory(|memory| {
            let mut windows = BTreeMap::new();
            let producers = appends.iter().filter_map(|append| append.producer);
            for producer in producers.filter(|_| faults::knows_repeats(&self.env)) {
                if let Entry::Vacant(entry) = windows.entry(producer) {
                    entry.insert(memory.window_to_append_to(store, &producer)?);
                }
            }
            let known = Known {
                windows,
                messages: memory.known_messages(store, appends, now)?,
                head: memory.head,
            };
            let commit = group(appends, known, now);
            store.transaction(|| {
                if memory.placement.is_none() {
                    let placement = Placement {
                        shard: number,
                        ..Placement::default()
                    };
                    store.set_place(project, &placement)?;
                    memory.placement = Some(placement);
                }
                memory.settle_messages(store, appends, now)?;
                memory.keep(store, &commit, now)
            })?;
            self.company.borrow_mut().committed(now);
            Ok(commit.outcomes)
        });
        if committed.is_err() {
            // Memory may be ahead of storage: read it again before the next commit.
            self.memory.replace(None);
        }
        committed
    }

    /// Lends what is in memory, read anew where that is needed. Not to be held over an `await`.
    pub(super) fn with_memory<T>(&self, work: impl FnOnce(&mut Memory) -> Result<T>) -> Result<T> {
        let mut memory = self.memory.borrow_mut();
        let memory = match &mut *memory {
            Some(memory) => memory,
            none => none.insert(Memory::read(self.store()?)?),
        };
        work(memory)
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
    fn window_to_append_to(&self, store: &ShardStore, producer: &Producer) -> Result<SeqWindow> {
        let may_be_the_parents = || self.placement.is_some_and(|p| p.may_be_the_parents(producer));
        match self.window(store, producer)? {
            Some(window) => Ok(window),
            None if may_be_the_parents() => Err(not_asked()),
            None => Ok(SeqWindow::default()),
        }
    }

    /// Writes a commit, within a transaction.
    fn keep(&mut self, store: &ShardStore, commit: &Commit, now: UnixMillis) -> Result<()> {
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

fn commit_failed() -> Error {
    Error::RustError("the commit failed".into())
}

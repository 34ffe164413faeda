//! The group commit: requests that arrive together share one row and one transaction, and each is answered after it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use hearback_shared::project::ProjectId;
use worker::{Error, Result, console_error};

use super::shard_object::Shard;
use super::sleep::sleep;
use super::{clock, faults};
use crate::objects::append::{Append, AppendAnswer, Known, Outcome, ROW_BYTES, group};
use crate::objects::company::{COMPANY, Company, GROUP_REQUESTS};
use crate::objects::placement::Placement;
use crate::objects::throttle::{HourCount, hour_start};

/// Requests on their way to a commit, and what is known of their load.
#[derive(Default)]
pub(super) struct Gathering {
    group: RefCell<Group>,
    /// How many groups have gone to be committed: tells one that waits whether its own is still here.
    gone: Cell<u64>,
    company: RefCell<Company>,
    hour_count: Cell<Option<HourCount>>,
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

impl Group {
    /// Whether a further request would rather be in the next one.
    fn is_full(&self) -> bool {
        self.waiting.len() >= GROUP_REQUESTS || self.bytes >= ROW_BYTES
    }
}

impl Shard {
    /// Whether a batch fits under the quota; it is counted as stored until [`Self::count_stored`] knows better, so that
    /// batches which arrive together do not pass together.
    pub(super) fn admit(&self, valid: u64, quota: Option<u64>) -> Result<std::result::Result<(), u64>> {
        let now = clock::now();
        let mut count = match self.gathering.hour_count.get() {
            Some(count) => count,
            None => HourCount::of(self.store()?.stored_since(hour_start(now))?, now),
        };
        let verdict = count.admit(valid, quota.unwrap_or(u64::MAX), now);
        if verdict.is_ok() {
            count.add(valid);
        }
        self.gathering.hour_count.set(Some(count));
        Ok(verdict)
    }

    pub(super) fn count_stored(&self, valid: u64, answer: Option<&AppendAnswer>) {
        let stored = match answer {
            Some(AppendAnswer::Done(outcomes)) => outcomes
                .iter()
                .filter(|outcome| **outcome == Outcome::Stored)
                .count() as u64,
            _ => 0,
        };
        if let Some(mut count) = self.gathering.hour_count.get() {
            count.give_back(valid.saturating_sub(stored));
            self.gathering.hour_count.set(Some(count));
        }
    }

    pub(super) async fn append(
        &self,
        append: Append,
        project: &ProjectId,
        number: u32,
    ) -> Result<AppendAnswer> {
        self.fetch_from_parent(&append, project).await?;
        let gathering = &self.gathering;
        let (sender, mut receiver) = oneshot::channel();
        let number_of_group = gathering.gone.get();
        let (is_first, is_full) = {
            let mut group = gathering.group.borrow_mut();
            group.bytes += append.bytes();
            group.waiting.push(Waiting {
                append,
                answer: sender,
            });
            (group.waiting.len() == 1, group.is_full())
        };
        if !is_full && (!is_first || gathering.company.borrow_mut().is_expected(clock::now())) {
            // Whoever completes the group commits it, and this one's answer is there before the time is over. Each waits
            // for itself: the first may go away with its client, and the others must not wait for ever.
            if let Either::Left((answer, _)) = select(&mut receiver, sleep(COMPANY)).await {
                if is_first {
                    gathering.company.borrow_mut().came(GROUP_REQUESTS);
                }
                return answer.map_err(|_| commit_failed());
            }
            if is_first {
                gathering
                    .company
                    .borrow_mut()
                    .came(gathering.group.borrow().waiting.len());
            }
        }
        if gathering.gone.get() == number_of_group {
            self.fault(faults::COMPANY).await?;
        }
        if gathering.gone.get() == number_of_group {
            gathering.gone.set(number_of_group + 1);
            self.commit(gathering.group.take().waiting, project, number)?;
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
            self.gathering.company.borrow_mut().committed(now);
            Ok(commit.outcomes)
        });
        if committed.is_err() {
            // Memory may be ahead of storage: read it again before the next commit.
            self.memory.replace(None);
        }
        committed
    }
}

fn commit_failed() -> Error {
    Error::RustError("the commit failed".into())
}

//! A shard: the log of some of a project's producers, and what it answers to its commands. Here stands what its parts
//! (the other files named `shard_…`) share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::delivery::SinkState;
use hearback_shared::project::ProjectId;
use hearback_shared::query::Question;
use worker::wasm_bindgen;
use worker::{DurableObject, Env, Error, Request, Response, Result, State, durable_object};

use super::shard_group::Gathering;
use super::shard_memory::Memory;
use super::shard_store::ShardStore;
use super::stubs::{answer, question};
use super::{clock, faults, meter, push, stubs};
use crate::objects::append::{Append, AppendAnswer};
use crate::objects::placement::Placement;

#[durable_object]
pub struct ShardObject {
    shard: Rc<Shard>,
}

/// What requests, alarms and work after an answer share.
pub(super) struct Shard {
    pub(super) state: State,
    pub(super) env: Env,
    pub(super) store: Result<ShardStore>,
    pub(super) memory: RefCell<Option<Memory>>,
    pub(super) gathering: Gathering,
    pub(super) alarm_at: Cell<Option<UnixMillis>>,
    /// Whether the project had webhooks of its own when the sinks were last asked for.
    pub(super) has_webhooks: Cell<bool>,
    pub(super) is_pushing: Cell<bool>,
}

impl DurableObject for ShardObject {
    fn new(state: State, env: Env) -> Self {
        let store = ShardStore::open(&state);
        let shard = Shard {
            state,
            env,
            store,
            memory: RefCell::new(None),
            gathering: Gathering::default(),
            alarm_at: Cell::new(None),
            has_webhooks: Cell::new(false),
            is_pushing: Cell::new(false),
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

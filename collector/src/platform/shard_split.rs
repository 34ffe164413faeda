//! A shard among its project's shards: told that there are more, asked by its child for what it knows, and asking
//! its parent.

use std::collections::BTreeMap;

use hearback_shared::project::ProjectId;
use worker::{Error, Result};

use super::shard_object::Shard;
use super::{clock, faults, stubs};
use crate::objects::append::Append;
use crate::objects::placement::{HandedOver, Handover, Placement, parent};

impl Shard {
    /// Where this shard stands, as far as it knows.
    pub(super) fn placement(&self) -> Result<Placement> {
        self.with_memory(|memory| Ok(memory.placement.unwrap_or_default()))
    }

    /// Writes down another place. From then on every commit keeps to it.
    pub(super) fn replace(
        &self,
        project: &ProjectId,
        change: impl FnOnce(Placement) -> Placement,
    ) -> Result<Placement> {
        let store = self.store()?;
        self.with_memory(|memory| {
            let placement = change(memory.placement.unwrap_or_default());
            store.set_place(project, &placement)?;
            memory.placement = Some(placement);
            Ok(placement)
        })
    }

    /// What this shard and those before it know of producers and ids that belong to a child now. The child may ask
    /// again: nothing changes here.
    pub(super) async fn hand_over(
        &self,
        asked: &Handover,
        project: &ProjectId,
        number: u32,
    ) -> Result<HandedOver> {
        let store = self.store()?;
        let mut handed = self.with_memory(|memory| {
            let mut windows = BTreeMap::new();
            for producer in &asked.producers {
                if let Some(window) = memory.window(store, producer)? {
                    windows.insert(*producer, window);
                }
            }
            let messages = store.known_messages(asked.messages.iter().map(String::as_str), clock::now())?;
            Ok(HandedOver { windows, messages })
        })?;
        let placement = self.placement()?;
        let further = Handover {
            producers: asked
                .producers
                .iter()
                .filter(|producer| {
                    !handed.windows.contains_key(producer) && placement.may_be_the_parents(producer)
                })
                .copied()
                .collect(),
            messages: asked
                .messages
                .iter()
                .filter(|id| !handed.messages.contains(*id) && placement.may_hold_messages(clock::now()))
                .cloned()
                .collect(),
        };
        let older = self.ask_parent(&further, project, number).await?;
        self.fault(faults::HAND_OVER).await?;
        handed.windows.extend(older.windows);
        handed.messages.extend(older.messages);
        Ok(handed)
    }

    /// Before a batch is stored here: what the parent stored of its producer or ids.
    pub(super) async fn fetch_from_parent(&self, append: &Append, project: &ProjectId) -> Result<()> {
        let store = self.store()?;
        let placement = self.placement()?;
        if placement.since == 0 {
            return Ok(());
        }
        let asked = self.with_memory(|memory| {
            let mut asked = Handover::default();
            if let Some(producer) = append.producer.filter(|p| placement.may_be_the_parents(p))
                && memory.window(store, &producer)?.is_none()
            {
                asked.producers.push(producer);
            }
            let now = clock::now();
            if placement.may_hold_messages(now) {
                let known = store.known_messages(append.message_ids(), now)?;
                asked.messages = append
                    .message_ids()
                    .filter(|id| !known.contains(*id))
                    .map(str::to_owned)
                    .collect();
            }
            Ok(asked)
        })?;
        let handed = self.ask_parent(&asked, project, placement.shard).await?;
        self.fault(faults::HANDED).await?;
        self.with_memory(|memory| {
            for producer in &asked.producers {
                // Another request may have asked, been answered and stored in the meantime.
                if memory.window(store, producer)?.is_none() {
                    let window = handed.windows.get(producer).cloned();
                    memory.windows.insert(*producer, window.unwrap_or_default());
                }
            }
            memory.asked_messages.extend(asked.messages);
            memory.inherited_messages.extend(handed.messages);
            Ok(())
        })
    }

    async fn ask_parent(&self, asked: &Handover, project: &ProjectId, number: u32) -> Result<HandedOver> {
        if asked.producers.is_empty() && asked.messages.is_empty() {
            return Ok(HandedOver::default());
        }
        let parent =
            parent(number).ok_or_else(|| Error::RustError("the first shard has no parent".into()))?;
        let stub = stubs::shard(&self.env, project, parent)?;
        stubs::ask(&stub, &format!("/{project}/{parent}/hand-over"), asked).await
    }
}

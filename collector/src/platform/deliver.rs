//! Deliveries to the sinks, from the alarm: what is due goes out, a few at a time, and what comes back is written down.

use futures_util::future::{join_all, try_join_all};
use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use worker::{Result, console_log};

use super::shard_object::Shard;
use super::{clock, faults, send, settings};
use crate::config::Config;
use crate::objects::delivery::Verdict;
use crate::objects::outbox::Loaded;
use crate::objects::placement::Placement;
use crate::sinks::{Parcel, Sink};

/// How long one alarm goes on delivering: the rest waits for the next, so that a slow sink holds up nothing else.
const BUSY_MS: UnixMillis = 20_000;

/// Delivers what is due to every sink; says when to come back, if there is more.
pub(super) async fn run(shard: &Shard) -> Result<Option<UnixMillis>> {
    let Ok(config) = settings::config(&shard.env) else {
        return Ok(None);
    };
    let Some((project, placement)) = shard.store()?.place()? else {
        return Ok(None);
    };
    let sinks = shard.sinks().await?;
    let drained = sinks
        .iter()
        .map(|sink| drain(shard, sink, &config, &project, placement));
    Ok(try_join_all(drained).await?.into_iter().flatten().min())
}

/// One sink: as long as it takes what it is given, and no longer than one alarm may last.
async fn drain(
    shard: &Shard,
    sink: &Sink,
    config: &Config,
    project: &ProjectId,
    placement: Placement,
) -> Result<Option<UnixMillis>> {
    let store = shard.store()?;
    let started = clock::now();
    loop {
        let now = clock::now();
        if now.saturating_sub(started) > BUSY_MS {
            return Ok(Some(now));
        }
        let next_seal = store.seal_deliveries(&sink.name, config.sink_delay_ms, now)?;
        let (due, next_due) = store.due_deliveries(&sink.name, now)?;
        if due.is_empty() {
            return Ok([next_seal, next_due].into_iter().flatten().min());
        }
        shard.fault(faults::DELIVER).await?;
        let attempts = due
            .iter()
            .map(|loaded| attempt(shard, sink, loaded, config, project, placement));
        let answers = join_all(attempts).await;
        shard.fault(faults::DELIVERED).await?;
        for (loaded, (verdict, answer)) in due.iter().zip(answers) {
            if verdict != Verdict::Delivered {
                let delivery = &loaded.open.delivery;
                console_log!(
                    "sink {}: items {} to {}, attempt {}: {answer}",
                    sink.name,
                    delivery.first,
                    delivery.last,
                    delivery.attempts + 1
                );
            }
            store.settle_delivery(
                &sink.name,
                loaded,
                (verdict, &answer),
                clock::now(),
                clock::chance(),
            )?;
        }
    }
}

async fn attempt(
    shard: &Shard,
    sink: &Sink,
    loaded: &Loaded,
    config: &Config,
    project: &ProjectId,
    placement: Placement,
) -> (Verdict, String) {
    // All of it was erased meanwhile: there is nothing to tell.
    if loaded.body.is_empty() {
        return (Verdict::Delivered, String::new());
    }
    let parcel = Parcel {
        id: loaded
            .open
            .delivery
            .id(project, placement.shard, config.restored_at),
        project: project.clone(),
        received_at: loaded.received_at,
        body: loaded.body.clone(),
    };
    send::run(&shard.env, sink, &parcel).await
}

//! Deliveries to the sinks, from the alarm: what is due goes out, a few at a time, and what comes back is written down.

use futures_util::future::{join_all, try_join_all};
use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use worker::{Result, console_log};

use super::shard_deliveries::Loaded;
use super::shard_object::Shard;
use super::{clock, faults, send, settings};
use crate::objects::delivery::{After, CREDENTIALS_PAUSE_MS, Verdict, after};
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
    let sinks = config
        .sinks
        .iter()
        .map(|sink| drain(shard, sink, config.sink_delay_ms, &project, placement));
    Ok(try_join_all(sinks).await?.into_iter().flatten().min())
}

/// One sink: as long as it takes what it is given, and no longer than one alarm may last.
async fn drain(
    shard: &Shard,
    sink: &Sink,
    delay_ms: u64,
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
        if let Some(until) = store.paused_until(&sink.name, now)? {
            return Ok(Some(until));
        }
        let next_seal = store.seal_deliveries(&sink.name, delay_ms, now)?;
        let (due, next_due) = store.due_deliveries(&sink.name, now)?;
        if due.is_empty() {
            return Ok([next_seal, next_due].into_iter().flatten().min());
        }
        shard.fault(faults::DELIVER).await?;
        let attempts = due
            .iter()
            .map(|loaded| attempt(shard, sink, loaded, project, placement));
        let answers = join_all(attempts).await;
        shard.fault(faults::DELIVERED).await?;
        for (loaded, (verdict, answer)) in due.iter().zip(answers) {
            settle(shard, sink, loaded, verdict, &answer)?;
        }
    }
}

async fn attempt(
    shard: &Shard,
    sink: &Sink,
    loaded: &Loaded,
    project: &ProjectId,
    placement: Placement,
) -> (Verdict, String) {
    // All of it was erased meanwhile: there is nothing to tell.
    if loaded.body.is_empty() {
        return (Verdict::Delivered, String::new());
    }
    let parcel = Parcel {
        id: loaded.delivery.id(project, placement.shard),
        project: project.clone(),
        received_at: loaded.received_at,
        body: loaded.body.clone(),
    };
    send::run(&shard.env, sink, &parcel).await
}

fn settle(shard: &Shard, sink: &Sink, loaded: &Loaded, verdict: Verdict, answer: &str) -> Result<()> {
    let store = shard.store()?;
    let now = clock::now();
    let after = after(&loaded.delivery, verdict, now, clock::chance());
    let reason = (verdict != Verdict::Delivered).then_some(answer);
    if let Some(reason) = reason {
        console_log!("sink {}: {reason}: {after:?}", sink.name);
    }
    // A dead letter that is refused once more stays one.
    let after = match after {
        After::Split(_) if loaded.is_replay => After::Dead,
        after => after,
    };
    store.settle_delivery(&sink.name, loaded, &after, reason, now)?;
    if verdict == Verdict::Credentials {
        store.pause_sink(&sink.name, now + CREDENTIALS_PAUSE_MS)?;
    }
    Ok(())
}

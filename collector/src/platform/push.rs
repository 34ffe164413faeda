//! Feedback on its way from a shard's log to the project object, right after the commit and again from the alarm.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use serde::Deserialize;
use worker::{Result, console_error};

use super::shard_object::Shard;
use super::shard_store::{Consumer, LogLines};
use super::sleep::sleep;
use super::{faults, stubs};
use crate::objects::feed::{FeedAnswer, FeedRange};

/// How long a push may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pushes all there is. What fails stays, and the alarm comes back to it.
pub(super) async fn run(shard: &Shard) {
    // One push at a time: a second would send the same ranges.
    if shard.is_pushing.replace(true) {
        return;
    }
    // A project object that never answers must not keep later pushes from starting.
    let pushing = pin!(push_all(shard));
    match select(pushing, pin!(sleep(PATIENCE))).await {
        Either::Left((Ok(()), _)) => {}
        Either::Left((Err(error), _)) => console_error!("push: {error}"),
        Either::Right(_) => console_error!("push: no answer within {} s", PATIENCE.as_secs()),
    }
    shard.is_pushing.set(false);
}

/// Whether any feedback is still to be pushed.
pub(super) fn is_pending(shard: &Shard) -> Result<bool> {
    let store = shard.store()?;
    store.has_feedback_after(store.cursor(Consumer::Project)?)
}

async fn push_all(shard: &Shard) -> Result<()> {
    let store = shard.store()?;
    let Some((project, placement)) = store.place()? else {
        return Ok(());
    };
    let stub = stubs::project(&shard.env, &project)?;
    loop {
        let after = store.cursor(Consumer::Project)?;
        let rows = store.feedback_after(after)?;
        let Some(last) = rows.last().map(LogLines::last) else {
            return Ok(());
        };
        let lines = rows.iter().flat_map(feedback_of).collect();
        shard.fault(faults::PUSH).await?;
        let answer: FeedAnswer = stubs::ask(
            &stub,
            "/absorb",
            &FeedRange {
                shard: placement.shard,
                after,
                last,
                lines,
            },
        )
        .await?;
        shard.fault(faults::PUSHED).await?;
        store.set_cursor(Consumer::Project, answer.cursor)?;
    }
}

/// Position and line of each piece of feedback in a row.
fn feedback_of(row: &LogLines) -> Vec<(u64, String)> {
    #[derive(Deserialize)]
    struct Typed<'a> {
        #[serde(rename = "type", borrow)]
        item_type: std::borrow::Cow<'a, str>,
    }
    let is_feedback =
        |line: &str| serde_json::from_str::<Typed<'_>>(line).is_ok_and(|typed| typed.item_type == "feedback");
    (row.first..)
        .zip(row.lines.lines())
        .filter(|(_, line)| is_feedback(line))
        .map(|(at, line)| (at, line.to_owned()))
        .collect()
}

//! Hands a judged batch to the shards that its items belong to. Where one fails, its valid items are answered `retry`:
//! none of them is known to be stored.

use futures_util::future::join_all;
use hearback_shared::project::ProjectId;
use hearback_shared::settings::EdgeView;
use hearback_shared::wire::IngestAnswer;
use worker::{Env, console_error};

use super::{apart, clock, guard, stubs};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::ingest::{JudgedBatch, Part, Spread};
use crate::objects::append::AppendAnswer;
use crate::objects::throttle::part;

pub(super) async fn append(
    batch: &mut JudgedBatch,
    env: &Env,
    config: &Config,
    view: &EdgeView,
) -> Result<IngestAnswer, Problem> {
    let mut append = batch.append();
    if append.items.is_empty() {
        return Ok(batch.answer(&[], &config.signing));
    }
    let project = &batch.project;
    let left_out = batch.left_out(&append);
    append.apart = apart::take(project);
    append.quota = view
        .settings
        .quota
        .items_per_hour
        .map(|quota| part(quota, view.shards));
    let mut spread = Spread::of(append, view.shards);
    loop {
        let parts = spread.next_parts();
        if parts.is_empty() {
            break;
        }
        let answers = join_all(parts.iter().map(|part| ask(env, project, part))).await;
        for (part, answer) in parts.into_iter().zip(answers) {
            spread.heard(part, answer);
        }
    }
    let gathered = spread.finish();
    for (reason, count) in &gathered.apart {
        apart::note(project, reason, *count);
    }
    if let Some(wait_s) = gathered.full_s {
        return Err(Problem::TooManyRequests { wait_s });
    }
    apart::note(project, "retry", left_out);
    Ok(batch.answer(&gathered.outcomes, &config.signing))
}

/// Asks one shard; none where it does not answer.
async fn ask(env: &Env, project: &ProjectId, part: &Part) -> Option<AppendAnswer> {
    let (shard, now) = (part.shard, clock::now());
    if let Some(wait_s) = guard::known_full(project, shard, now) {
        return Some(AppendAnswer::Full(wait_s));
    }
    let path = format!("/{project}/{shard}/append");
    let answer = match stubs::shard(env, project, shard) {
        Ok(stub) => stubs::append(&stub, &path, &part.append).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => {
            if let AppendAnswer::Full(wait_s) = answer {
                guard::remember_full(project, shard, wait_s, now);
            }
            Some(answer)
        }
        Err(error) => {
            console_error!("append to shard {shard} of {project}: {error}");
            None
        }
    }
}

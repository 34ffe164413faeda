//! The read API: ask the objects, merge, answer.

use futures_util::future::try_join_all;
use hearback_shared::UnixMillis;
use hearback_shared::ledger::{Ledger, LedgerAnswer};
use hearback_shared::project::ProjectId;
use hearback_shared::query::{FeedbackPage, FeedbackRow, ProjectAnswer};
use hearback_shared::rollup::HourCounts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use worker::{Env, Request};

use super::body::{header, query};
use super::entry::{unavailable, view_of};
use super::{clock, stubs};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::questions;
use crate::http::reply::Reply;
use crate::ingest;

/// The tenant whose token came with the request.
pub(super) fn tenant(request: &Request, config: &Config) -> Result<ProjectId, Problem> {
    let authorization = header(request, "authorization").ok_or(Problem::UnknownToken)?;
    let (scheme, token) = authorization.split_once(' ').ok_or(Problem::UnknownToken)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::UnknownToken);
    }
    config
        .signing
        .project_of_token(token.trim())
        .ok_or(Problem::UnknownToken)
}

/// Who the token speaks for, and the key that its pages carry.
pub(super) async fn project(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let generation = view_of(env, &project).await?.key_generation;
    let key = ingest::key_of_project(&project, generation, config);
    Ok(Reply::json(200, &ProjectAnswer { project, key }))
}

pub(super) async fn feedback(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let question = questions::feedback(&query(request))?;
    let failed = |error| unavailable("feedback", &error);
    let stub = stubs::project(env, &project).map_err(failed)?;
    let page: FeedbackPage = stubs::ask(&stub, "/feedback", &question).await.map_err(failed)?;
    Ok(Reply::json(200, &page))
}

pub(super) async fn series(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let question = questions::series(&query(request), clock::now())?.aligned();
    let failed = |error| unavailable("series", &error);
    let parts: Vec<Vec<(UnixMillis, String, u64)>> = ask_shards(
        env,
        &project,
        view_of(env, &project).await?.shards,
        "counts",
        &question,
    )
    .await
    .map_err(failed)?;
    let mut counts = HourCounts::default();
    for (hour, name, count) in parts.into_iter().flatten() {
        counts.add(hour, name, count);
    }
    Ok(Reply::json(200, &counts.answer(question)))
}

/// Asks all shards of a project the same.
pub(super) async fn ask_shards<Q: Serialize, A: DeserializeOwned>(
    env: &Env,
    project: &ProjectId,
    count: u32,
    command: &str,
    question: &Q,
) -> worker::Result<Vec<A>> {
    let asked = (0..count).map(async |shard| {
        let stub = stubs::shard(env, project, shard)?;
        stubs::ask(&stub, &format!("/{project}/{shard}/{command}"), question).await
    });
    try_join_all(asked).await
}

/// Where every item went.
pub(super) async fn ledger(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let (from, to) = questions::hours(&query(request), clock::now())?;
    let parts: Vec<Ledger> = ask_shards(
        env,
        &project,
        view_of(env, &project).await?.shards,
        "ledger",
        &(from, to),
    )
    .await
    .map_err(|error| unavailable("ledger", &error))?;
    let mut ledger = Ledger::default();
    parts.into_iter().for_each(|part| ledger.merge(part));
    Ok(Reply::json(200, &LedgerAnswer::of(ledger, from, to)))
}

/// What became of a piece of feedback, for whoever holds its receipt.
pub(super) async fn receipt(text: &str, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let receipt = config
        .signing
        .verify_receipt(text)
        .ok_or(Problem::UnknownReceipt)?;
    let id = hearback_shared::item::item_id(&receipt.producer, receipt.seq);
    let failed = |error| unavailable("receipt", &error);
    let stub = stubs::project(env, &receipt.project).map_err(failed)?;
    let row: Option<FeedbackRow> = stubs::ask(&stub, "/item", &id).await.map_err(failed)?;
    let row = row.ok_or(Problem::ReceiptNotFound)?;
    let body = serde_json::json!({"kind": row.kind, "at": row.at, "status": "received"});
    Ok(Reply::json(200, &body).header("access-control-allow-origin", "*"))
}

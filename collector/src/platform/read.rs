//! The read API: ask the objects, merge, answer.

use hearback_shared::ledger::{Ledger, LedgerAnswer};
use hearback_shared::project::ProjectId;
use hearback_shared::query::{Answer, FeedbackPage, Partial, ProjectAnswer, Question, Range, SeriesQuestion};
use worker::{Env, Request};

use super::body::{header, query};
use super::entry::{unavailable, view_of};
use super::stubs::{self, ask_shards};
use super::{body, clock};
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
    let SeriesQuestion { from, to, interval } = questions::series(&query(request), clock::now())?;
    let range = Range { from, to };
    let question = Question::Series {
        range,
        interval,
        name: None,
    };
    match ask_question(&question.aligned(), &project, env).await? {
        Answer::Series { answer, .. } => Ok(Reply::json(200, &answer)),
        _ => Err(Problem::Unavailable),
    }
}

/// Answers a question about events.
pub(super) async fn ask(request: &mut Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let body = body::read(request).await?;
    let question = questions::question(&body, clock::now())?;
    Ok(Reply::json(200, &ask_question(&question, &project, env).await?))
}

async fn ask_question(question: &Question, project: &ProjectId, env: &Env) -> Result<Answer, Problem> {
    let shards = view_of(env, project).await?.shards;
    let parts = question.parts();
    let answered: Vec<Vec<Partial>> = ask_shards(env, project, shards, "query", &parts)
        .await
        .map_err(|error| unavailable("query", &error))?;
    let mut sums = vec![Partial::default(); parts.len()];
    for shard in &answered {
        sums.iter_mut().zip(shard).for_each(|(sum, part)| sum.merge(part));
    }
    Ok(Answer::of(question, &sums))
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
    for part in parts {
        ledger.merge(part);
    }
    Ok(Reply::json(200, &LedgerAnswer::of(ledger, from, to)))
}

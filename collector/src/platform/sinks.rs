//! The API about sinks: how they are doing, what they refused for good, and whether one takes a delivery at all.

use hearback_shared::delivery::{
    DeadLetter, DeadLettersAnswer, ReplayAnswer, SinkState, SinksAnswer, TestAnswer,
};
use hearback_shared::project::ProjectId;
use worker::{Env, Request};

use super::body::query;
use super::entry::{unavailable, view_of};
use super::read::tenant;
use super::stubs::ask_shards;
use super::{clock, send, shard_sinks, stubs};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::questions;
use crate::http::reply::Reply;
use crate::objects::delivery::Verdict;
use crate::sinks::{Parcel, Sink};

pub(super) async fn states(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let sinks = sinks_of(env, &project, config).await?;
    let names: Vec<&str> = sinks.iter().map(|sink| sink.name.as_str()).collect();
    let count = view_of(env, &project).await?.shards;
    let parts: Vec<Vec<SinkState>> = ask_shards(env, &project, count, "sinks", &names)
        .await
        .map_err(|error| unavailable("sinks", &error))?;
    let state = |(index, sink): (usize, &Sink)| {
        let mut sum = SinkState {
            name: sink.name.clone(),
            kind: sink.kind.to_string(),
            ..SinkState::default()
        };
        for part in parts.iter().filter_map(|part| part.get(index)) {
            sum.merge(part);
        }
        sum
    };
    let sinks = sinks.iter().enumerate().map(state).collect();
    Ok(Reply::json(200, &SinksAnswer { sinks }))
}

pub(super) async fn test(
    name: &str,
    request: &Request,
    env: &Env,
    config: &Config,
) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let sinks = sinks_of(env, &project, config).await?;
    let sink = sinks
        .iter()
        .find(|sink| sink.name == name)
        .ok_or(Problem::NotFound)?;
    let now = clock::now();
    let id = format!("test_{}", clock::fresh_producer(now));
    let parcel = Parcel {
        body: format!(
            "{{\"id\":\"{id}\",\"project\":\"{project}\",\"at\":{now},\"client_at\":{now},\"received_at\":{now},\"context\":{{}},\"type\":\"event\",\"name\":\"hearback_test\"}}\n"
        ),
        id,
        project: project.clone(),
        received_at: now,
    };
    let (verdict, answer) = send::run(env, sink, &parcel).await;
    let delivered = verdict == Verdict::Delivered;
    if delivered {
        // Somebody mended it: what is paused or waits goes on now.
        let count = view_of(env, &project).await?.shards;
        let _: Vec<()> = ask_shards(env, &project, count, "resume", &sink.name)
            .await
            .map_err(|error| unavailable("resume", &error))?;
    }
    Ok(Reply::json(200, &TestAnswer { delivered, answer }))
}

pub(super) async fn dead_letters(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let sink = questions::sink(&query(request));
    let count = view_of(env, &project).await?.shards;
    let asked: (Option<String>, Option<u64>) = (sink, None);
    let parts: Vec<Vec<DeadLetter>> = ask_shards(env, &project, count, "dead-letters", &asked)
        .await
        .map_err(|error| unavailable("dead letters", &error))?;
    let mut letters: Vec<DeadLetter> = parts.into_iter().flatten().collect();
    letters.sort_by_key(|letter| std::cmp::Reverse(letter.at));
    Ok(Reply::json(200, &DeadLettersAnswer { letters }))
}

async fn sinks_of(env: &Env, project: &ProjectId, config: &Config) -> Result<Vec<Sink>, Problem> {
    shard_sinks::of(env, project, config)
        .await
        .map_err(|error| unavailable("sinks", &error))
}

/// Where a dead letter lies, read from its id: shard, position and sink.
fn place_of(id: &str) -> Result<(u32, u64, String), Problem> {
    let mut parts = id.splitn(3, '.');
    let place = (
        parts.next().and_then(|text| text.parse().ok()),
        parts.next().and_then(|text| text.parse().ok()),
        parts.next(),
    );
    match place {
        (Some(shard), Some(position), Some(sink)) => Ok((shard, position, sink.to_owned())),
        _ => Err(Problem::NotFound),
    }
}

pub(super) async fn dead_letter(
    id: &str,
    request: &Request,
    env: &Env,
    config: &Config,
) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let (shard, position, sink) = place_of(id)?;
    let asked = (Some(sink), Some(position));
    let letters: Vec<DeadLetter> = ask_one(env, &project, shard, "dead-letters", &asked).await?;
    let letter = letters.into_iter().next().ok_or(Problem::NotFound)?;
    Ok(Reply::json(200, &letter))
}

pub(super) async fn replay(
    id: &str,
    request: &Request,
    env: &Env,
    config: &Config,
) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let (shard, position, sink) = place_of(id)?;
    let is_there: bool = ask_one(env, &project, shard, "replay", &(sink, position)).await?;
    if is_there {
        Ok(Reply::json(202, &ReplayAnswer { replayed: 1 }))
    } else {
        Err(Problem::NotFound)
    }
}

pub(super) async fn replay_all(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let sink = questions::sink(&query(request));
    let count = view_of(env, &project).await?.shards;
    let parts: Vec<u64> = ask_shards(env, &project, count, "replay-all", &sink)
        .await
        .map_err(|error| unavailable("replay", &error))?;
    let replayed = parts.iter().sum();
    Ok(Reply::json(202, &ReplayAnswer { replayed }))
}

async fn ask_one<Q: serde::Serialize, A: serde::de::DeserializeOwned>(
    env: &Env,
    project: &ProjectId,
    shard: u32,
    command: &str,
    question: &Q,
) -> Result<A, Problem> {
    // A shard that the project does not have is not brought into being by asking for it.
    if shard >= view_of(env, project).await?.shards {
        return Err(Problem::NotFound);
    }
    let ask = async || {
        let stub = stubs::shard(env, project, shard)?;
        stubs::ask(&stub, &format!("/{project}/{shard}/{command}"), question).await
    };
    ask().await.map_err(|error| unavailable(command, &error))
}

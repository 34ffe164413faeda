//! Gives a project more shards while it runs. Every step can be repeated, so a raise that broke off is asked for again.
//!
//! Each doubling: the children are told that they are children, then the parents that there are twice as many shards
//! (from then on they send on what is their child's), then the project object, from which every edge learns it within
//! a minute. An edge that does not know yet is sent on by the parent.

use futures_util::future::try_join_all;
use hearback_shared::project::ProjectId;
use hearback_shared::settings::EdgeView;
use serde::{Deserialize, Serialize};
use worker::{Env, Request};

use super::entry::unavailable;
use super::read::tenant;
use super::{body, clock, edge_view, stubs};
use crate::config::{Config, MAX_SHARDS};
use crate::http::json;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::objects::placement::Placement;

/// `GET` and `PUT /api/v1/shards`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shards {
    shards: u32,
}

pub(super) async fn shards(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let shards = count(env, &project).await?;
    Ok(Reply::json(200, &Shards { shards }))
}

pub(super) async fn raise(request: &mut Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let asked: Shards = json::read(&body::read(request).await?)?;
    let mut count = count(env, &project).await?;
    let is_reachable = asked.shards.is_power_of_two() && asked.shards <= MAX_SHARDS && asked.shards >= count;
    if !is_reachable {
        return Err(Problem::BadParameter {
            name: "shards",
            expected: "a power of two, at most 64 and no fewer than there are",
        });
    }
    while count < asked.shards {
        double(env, &project, count)
            .await
            .map_err(|error| unavailable("raise", &error))?;
        count *= 2;
    }
    edge_view::forget(&project);
    Ok(Reply::json(200, &asked))
}

/// As the project object has it, not as this edge remembers it.
async fn count(env: &Env, project: &ProjectId) -> Result<u32, Problem> {
    let ask = async || {
        let stub = stubs::project(env, project)?;
        stubs::ask::<_, EdgeView>(&stub, "/edge-view", &()).await
    };
    let view = ask().await.map_err(|error| unavailable("shards", &error))?;
    Ok(view.shards)
}

async fn double(env: &Env, project: &ProjectId, count: u32) -> worker::Result<()> {
    let twice = count * 2;
    let place = |shard| Placement {
        shard,
        count: twice,
        since: clock::now(),
    };
    try_join_all((count..twice).map(|child| tell(env, project, child, "split-off", place(child)))).await?;
    try_join_all((0..count).map(|parent| tell(env, project, parent, "raise", twice))).await?;
    stubs::ask::<_, ()>(&stubs::project(env, project)?, "/set-shards", &twice).await
}

async fn tell(
    env: &Env,
    project: &ProjectId,
    shard: u32,
    command: &str,
    what: impl Serialize,
) -> worker::Result<()> {
    let stub = stubs::shard(env, project, shard)?;
    let _: Placement = stubs::ask(&stub, &format!("/{project}/{shard}/{command}"), &what).await?;
    Ok(())
}

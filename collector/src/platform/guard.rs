//! Who may send, and how much: keys, origins and limits, before anything is judged. What is refused here is counted
//! apart and told to the ledger with the project's next batch.

use std::cell::RefCell;
use std::net::IpAddr;

use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use hearback_shared::settings::EdgeView;
use litemap::LiteMap;
use worker::{Env, console_error};

use super::apart;
use crate::http::problem::Problem;
use crate::objects::throttle::Throttle;
use crate::sender::{Sender, may_send, network};

/// Projects whose quota is known to be used up. A bound on memory.
const PROJECTS: usize = 10_000;

/// How long an edge goes by what a shard said of a used-up quota before it asks again: the quota may have been raised.
const FULL_MS: UnixMillis = 10_000;

thread_local! {
    static THROTTLE: RefCell<Throttle<(ProjectId, IpAddr)>> = RefCell::default();
    static NOT_BOUND: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    static FULL: RefCell<LiteMap<(ProjectId, u32), UnixMillis>> = const { RefCell::new(LiteMap::new()) };
}

/// Whether a request with this key, from this sender, may go on.
pub(super) async fn admit(
    env: &Env,
    project: &ProjectId,
    generation: u32,
    sender: &Sender,
    view: &EdgeView,
    now: UnixMillis,
) -> Result<(), Problem> {
    let verdict = admitted(env, project, generation, sender, view, now).await;
    if let Err(problem) = &verdict {
        apart::note(project, problem.name(), 1);
    }
    verdict
}

async fn admitted(
    env: &Env,
    project: &ProjectId,
    generation: u32,
    sender: &Sender,
    view: &EdgeView,
    now: UnixMillis,
) -> Result<(), Problem> {
    if view.revoked_keys.contains(&generation) {
        return Err(Problem::UnknownKey);
    }
    if !may_send(sender.origin.as_deref(), view, sender.has_token) {
        return Err(Problem::OriginNotAllowed);
    }
    // A peer on this machine is a proxy in front, or the operator: all of its visitors would share one limit.
    if let Some(address) = sender.address.filter(|address| !address.is_loopback()) {
        let network = network(address);
        let limit = view.settings.quota.requests_per_minute_per_address;
        THROTTLE
            .with_borrow_mut(|throttle| throttle.admit((project.clone(), network), limit, now))
            .map_err(|wait_s| Problem::TooManyRequests { wait_s })?;
        limit_by(env, "RATE_LIMIT", format!("{project}/{network}")).await?;
    }
    limit_by(env, "RATE_LIMIT_KEY", format!("{project}/{generation}")).await
}

/// The platform's own limiter, where the operator bound one. Where it does not answer, nobody is refused for it.
async fn limit_by(env: &Env, binding: &'static str, key: String) -> Result<(), Problem> {
    if NOT_BOUND.with_borrow(|names| names.contains(&binding)) {
        return Ok(());
    }
    let Ok(limiter) = env.rate_limiter(binding) else {
        NOT_BOUND.with_borrow_mut(|names| names.push(binding));
        return Ok(());
    };
    match limiter.limit(key).await {
        Ok(outcome) if !outcome.success => Err(Problem::TooManyRequests { wait_s: 60 }),
        Ok(_) => Ok(()),
        Err(error) => {
            console_error!("{binding}: {error}");
            Ok(())
        }
    }
}

/// Whether a shard said a moment ago that its part of the quota is used up.
pub(super) fn known_full(project: &ProjectId, shard: u32, now: UnixMillis) -> Option<u64> {
    FULL.with_borrow(|full| {
        let until = *full.get(&(project.clone(), shard))?;
        (now < until && until - now <= FULL_MS).then(|| (until - now).div_ceil(1000).max(1))
    })
}

/// Remembers that a shard's part of the quota is used up.
pub(super) fn remember_full(project: &ProjectId, shard: u32, wait_s: u64, now: UnixMillis) {
    FULL.with_borrow_mut(|full| {
        if full.len() >= PROJECTS {
            full.clear();
        }
        full.insert((project.clone(), shard), now + (wait_s * 1000).min(FULL_MS));
    });
}

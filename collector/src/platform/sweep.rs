//! The sweep: looks after objects that nobody calls. An alarm that went missing would leave what a quiet project sent
//! undelivered for ever; ingestion mends the alarm of a shard that is written to, the sweep that of every other.
//!
//! On Cloudflare it is the cron of `wrangler.toml` and goes through all projects, which a directory object lists. On
//! one machine a timer posts to `/api/v1/sweep` with a project's token.

use futures_util::future::join_all;
use hearback_shared::project::ProjectId;
use serde::{Deserialize, Serialize};
use worker::{Env, Request, Result, ScheduleContext, ScheduledEvent, console_error, event};

use super::read::tenant;
use super::shard_alarm::SAFETY_MS;
use super::shard_object::Shard;
use super::shard_store::Consumer;
use super::store::Store;
use super::stubs::ask_shards;
use super::{clock, edge_view, faults, push, stubs};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::reply::Reply;

/// The object that lists the projects is of the projects' class, under a name that no project can have.
pub(super) const DIRECTORY: &str = "~projects";
/// Its table; every project's object has it, and only the directory's is filled.
pub(super) const DIRECTORY_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS directory (project TEXT PRIMARY KEY) WITHOUT ROWID";
/// Where a shard notes that its project is listed.
pub(super) const SHARD_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS listed (only INTEGER PRIMARY KEY CHECK (only = 1))";

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Swept {
    /// Shards that were looked at.
    shards: u32,
    /// Shards whose alarm was missing or long past, and is set now.
    mended: u32,
}

/// `POST /api/v1/sweep`: the shards of the token's project.
pub(super) async fn post(
    request: &Request,
    env: &Env,
    config: &Config,
) -> std::result::Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let swept = sweep(env, &project)
        .await
        .map_err(|error| super::entry::unavailable("sweep", &error))?;
    Ok(Reply::json(200, &swept))
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let projects = match listed(&env).await {
        Ok(projects) => projects,
        Err(error) => return console_error!("sweep: {error}"),
    };
    let swept = projects.iter().map(async |project| {
        if let Err(error) = sweep(&env, project).await {
            console_error!("sweep of {project}: {error}");
        }
    });
    join_all(swept).await;
}

async fn sweep(env: &Env, project: &ProjectId) -> Result<Swept> {
    let shards = edge_view::of(env, project).await?.shards;
    let mended: Vec<bool> = ask_shards(env, project, shards, "mend", &()).await?;
    let mended = mended.into_iter().filter(|is_mended| *is_mended).count();
    Ok(Swept {
        shards,
        mended: u32::try_from(mended).unwrap_or(u32::MAX),
    })
}

impl Shard {
    /// Sets an alarm where there is work and no alarm, or one that should have rung long ago; true where it did.
    pub(super) async fn mend_alarm(&self) -> Result<bool> {
        let now = clock::now();
        let kept = self.state.storage().get_alarm().await?;
        let rings = kept.and_then(|at| u64::try_from(at).ok());
        if rings.is_some_and(|at| at + SAFETY_MS >= now) || !self.has_work().await? {
            return Ok(false);
        }
        self.fault(faults::MEND).await?;
        self.set_alarm(now).await?;
        Ok(true)
    }

    /// Whether a consumer of the log is behind.
    async fn has_work(&self) -> Result<bool> {
        let sinks = self.sinks().await?;
        let store = self.store()?;
        let head = store.head()?;
        for sink in &sinks {
            if store.delivered_up_to(&sink.name)? < head {
                return Ok(true);
            }
        }
        Ok(store.cursor(Consumer::Rollup)? < head
            || store.cursor(Consumer::Ledger)? < head
            || push::is_pending(self)?)
    }

    /// Has the directory list the shard's project, once in the shard's life.
    pub(super) async fn enlist(&self) -> Result<()> {
        let store = self.store()?;
        let Some((project, _)) = store.place()? else {
            return Ok(());
        };
        if store.store.row("SELECT 1 FROM listed", vec![])?.is_some() {
            return Ok(());
        }
        stubs::ask::<_, ()>(&stubs::directory(&self.env)?, "/list", &project).await?;
        store
            .store
            .run("INSERT OR IGNORE INTO listed (only) VALUES (1)", vec![])
    }
}

async fn listed(env: &Env) -> Result<Vec<ProjectId>> {
    let names: Vec<String> = stubs::ask(&stubs::directory(env)?, "/listed", &()).await?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// In the directory: writes a project down.
pub(super) fn list(store: &Store, project: &ProjectId) -> Result<()> {
    store.run(
        "INSERT OR IGNORE INTO directory (project) VALUES (?)",
        vec![project.as_str().into()],
    )
}

/// In the directory: all projects.
pub(super) fn all(store: &Store) -> Result<Vec<String>> {
    let rows = store.rows("SELECT project FROM directory ORDER BY project", vec![])?;
    Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
}

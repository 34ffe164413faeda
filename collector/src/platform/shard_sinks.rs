//! Where a shard delivers: the operator's sinks, and what the project's team set up itself.

use hearback_shared::project::ProjectId;
use worker::{Env, Error, Result};

use super::shard_object::Shard;
use super::{edge_view, settings};
use crate::config::Config;
use crate::sinks::{self, Sink};

/// The sinks of a project.
pub(super) async fn of(env: &Env, project: &ProjectId, config: &Config) -> Result<Vec<Sink>> {
    let view = edge_view::of(env, project).await?;
    Ok(sinks::of_project(
        &config.sinks,
        &view.settings.webhooks,
        config.webhook_reach,
    ))
}

impl Shard {
    /// The sinks of the shard's project. An error where they cannot be known: going on with fewer would let the log
    /// forget what one of them still needs.
    pub(super) async fn sinks(&self) -> Result<Vec<Sink>> {
        let config = settings::config(&self.env)
            .map_err(|_| Error::RustError("the settings are not right: see /healthz".into()))?;
        let Some((project, _)) = self.store()?.place()? else {
            return Ok(Vec::new());
        };
        let sinks = of(&self.env, &project, &config).await?;
        self.has_webhooks.set(sinks.len() > config.sinks.len());
        Ok(sinks)
    }
}

//! The part of the API that changes a project: its settings.

use hearback_shared::project::ProjectId;
use worker::{Env, Request};

use super::body::{self, header};
use super::entry::unavailable;
use super::read::tenant;
use super::{edge_view, stubs};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::settings as http_settings;
use crate::objects::settings::{SaveSettings, Saved, VersionedSettings};

pub(super) async fn settings(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let kept: VersionedSettings = ask(env, &project, "/settings", &()).await?;
    Ok(http_settings::reply(&kept))
}

pub(super) async fn save_settings(
    request: &mut Request,
    env: &Env,
    config: &Config,
) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let expected = http_settings::if_match(header(request, "if-match").as_deref())?;
    let settings = http_settings::read(&body::read(request).await?)?;
    let save = SaveSettings { expected, settings };
    match ask(env, &project, "/save-settings", &save).await? {
        Saved::Kept(version) => {
            edge_view::forget(&project);
            Ok(http_settings::reply(&VersionedSettings {
                version,
                settings: save.settings,
            }))
        }
        Saved::Changed(_) => Err(Problem::ChangedMeanwhile),
    }
}

async fn ask<Q: serde::Serialize, A: serde::de::DeserializeOwned>(
    env: &Env,
    project: &ProjectId,
    command: &str,
    question: &Q,
) -> Result<A, Problem> {
    let failed = |error| unavailable(command, &error);
    let stub = stubs::project(env, project).map_err(failed)?;
    stubs::ask(&stub, command, question).await.map_err(failed)
}

//! The part of the API that changes a project: its settings and its keys.

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
use crate::ingest;
use crate::objects::settings::{KeyGeneration, Revoked, SaveSettings, Saved, VersionedSettings};

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
    let settings = http_settings::read(&body::read(request).await?, &config.sinks, config.webhook_reach)?;
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

pub(super) async fn release(
    request: &Request,
    id: &str,
    env: &Env,
    config: &Config,
) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    if ask(env, &project, "/release", &id).await? {
        Ok(Reply::empty(204))
    } else {
        Err(Problem::FeedbackNotFound)
    }
}

/// All generations of the key, with the key that each is.
pub(super) async fn keys(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let generations: Vec<KeyGeneration> = ask(env, &project, "/keys", &()).await?;
    let keys: Vec<_> = generations
        .iter()
        .map(|kept| {
            serde_json::json!({
                "generation": kept.generation,
                "key": ingest::key_of_project(&project, kept.generation, config),
                "made_at": kept.made_at,
                "revoked_at": kept.revoked_at,
            })
        })
        .collect();
    Ok(Reply::json(200, &serde_json::json!({"keys": keys})))
}

pub(super) async fn rotate_key(request: &Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let generation: u32 = ask(env, &project, "/rotate-key", &()).await?;
    edge_view::forget(&project);
    let key = ingest::key_of_project(&project, generation, config);
    Ok(Reply::json(
        201,
        &serde_json::json!({"generation": generation, "key": key}),
    ))
}

pub(super) async fn revoke_key(
    request: &Request,
    generation: &str,
    env: &Env,
    config: &Config,
) -> Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let generation: u32 = generation.parse().map_err(|_| Problem::UnknownGeneration)?;
    match ask(env, &project, "/revoke-key", &generation).await? {
        Revoked::Done => {
            edge_view::forget(&project);
            Ok(Reply::empty(204))
        }
        Revoked::InUse => Err(Problem::KeyInUse),
        Revoked::Unknown => Err(Problem::UnknownGeneration),
    }
}

pub(super) async fn ask<Q: serde::Serialize, A: serde::de::DeserializeOwned>(
    env: &Env,
    project: &ProjectId,
    command: &str,
    question: &Q,
) -> Result<A, Problem> {
    let failed = |error| unavailable(command, &error);
    let stub = stubs::project(env, project).map_err(failed)?;
    stubs::ask(&stub, command, question).await.map_err(failed)
}

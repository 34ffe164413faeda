//! Every request enters here: find the route, read what it needs, call the pure part, answer.

use std::rc::Rc;

use hearback_shared::project::ProjectId;
use hearback_shared::settings::EdgeView;
use worker::{Env, Request, Response, Result, console_error, event};

use super::body::header;
use super::{
    append, asset, attachments, body, clock, edge_view, export, fates, forms, guard, live, manage, meter,
    raise, read, respond, sender, settings, sinks, sweep,
};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::http::routes::{Route, route};
use crate::http::widget;
use crate::ingest;

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: worker::Context) -> Result<Response> {
    match answer(request, &env).await {
        Ok(response) => Ok(response),
        Err(problem) => respond(problem.reply()),
    }
}

async fn answer(mut request: Request, env: &Env) -> std::result::Result<Response, Problem> {
    let config = settings::config(env)?;
    #[cfg(feature = "bench")]
    if let Some(reply) = super::bench::answer(&mut request, &config).await? {
        return respond(reply).map_err(|error| unavailable("answer", &error));
    }
    #[cfg(feature = "faults")]
    if let Some(reply) = super::faults::answer(&request, env) {
        return respond(reply).map_err(|error| unavailable("answer", &error));
    }
    meter::request();
    let route = route(request.method().as_ref(), &request.path())?;
    let reply = match route {
        Route::Health => Reply::json(
            200,
            &serde_json::json!({
                "status": "ok",
                "shards": config.shards,
                "sinks": config.sinks.len(),
                "bindings": settings::optional_bindings(env),
            }),
        ),
        Route::Preflight => Reply::preflight(),
        Route::Redirect(to) => Reply::empty(302).header("location", to),
        Route::Ingest => ingest(&mut request, env, &config).await?,
        Route::Form(key) => forms::answer(&mut request, &key, env, &config).await,
        Route::Receipt(receipt) => fates::json(&receipt, env, &config).await?,
        Route::Fate(receipt) => fates::page(&request, &receipt, env, &config).await,
        Route::DeleteFate(receipt) => fates::delete(&request, &receipt, env, &config).await,
        Route::Config(key) => config_of(&request, &key, env, &config).await?,
        Route::Project => read::project(&request, env, &config).await?,
        Route::Feedback => read::feedback(&request, env, &config).await?,
        Route::Series => read::series(&request, env, &config).await?,
        Route::Query => read::ask(&mut request, env, &config).await?,
        Route::Settings => manage::settings(&request, env, &config).await?,
        Route::SaveSettings => manage::save_settings(&mut request, env, &config).await?,
        Route::Shards => raise::shards(&request, env, &config).await?,
        Route::RaiseShards => raise::raise(&mut request, env, &config).await?,
        Route::Sinks => sinks::states(&request, env, &config).await?,
        Route::TestSink(name) => sinks::test(&name, &request, env, &config).await?,
        Route::DeadLetters => sinks::dead_letters(&request, env, &config).await?,
        Route::DeadLetter(id) => sinks::dead_letter(&id, &request, env, &config).await?,
        Route::Replay(id) => sinks::replay(&id, &request, env, &config).await?,
        Route::ReplayAll => sinks::replay_all(&request, env, &config).await?,
        Route::Ledger => read::ledger(&request, env, &config).await?,
        Route::Export => return export::export(&request, env, &config).await,
        Route::Erase => export::erase(&mut request, env, &config).await?,
        Route::Attach => attachments::take(&mut request, env, &config).await?,
        Route::Attachment(name) => return attachments::serve(&request, &name, env, &config).await,
        Route::Release(id) => manage::release(&request, &id, env, &config).await?,
        Route::Keys => manage::keys(&request, env, &config).await?,
        Route::RotateKey => manage::rotate_key(&request, env, &config).await?,
        Route::RevokeKey(generation) => manage::revoke_key(&request, &generation, env, &config).await?,
        Route::Sweep => sweep::post(&request, env, &config).await?,
        Route::Live => return live::open(request, env, &config).await,
        Route::Asset(path) => {
            return asset::serve(&request, env, &path)
                .await
                .map_err(|error| unavailable("asset", &error));
        }
    };
    respond(reply).map_err(|error| unavailable("answer", &error))
}

/// Notes what failed for the operator; the client learns only that it may try again.
pub(super) fn unavailable(what: &str, error: &worker::Error) -> Problem {
    console_error!("{what}: {error}");
    Problem::Unavailable
}

async fn ingest(request: &mut Request, env: &Env, config: &Config) -> std::result::Result<Reply, Problem> {
    let body = batch_body(request).await?;
    let now = clock::now();
    let opened = ingest::open(&body, config, now)?;
    let view = view_of(env, &opened.project).await?;
    let mut sender = sender::of(request, config);
    sender.has_token = read::tenant(request, config).is_ok_and(|tenant| tenant == opened.project);
    sender.is_server = sender.has_token && opened.producer.is_none();
    guard::admit(env, &opened.project, opened.generation, &sender, &view, now).await?;
    let sender = sender.known_to(&opened.project, &view, now);
    let mut batch = opened.judge(&view, &sender, &config.signing, now);
    let answer = append::append(&mut batch, env, config, &view).await?;
    let reply = Reply::json_text(202, answer.json());
    Ok(match sender.origin {
        Some(origin) if !view.settings.origins.is_empty() => reply
            .header("access-control-allow-origin", origin)
            .header("vary", "origin"),
        _ => reply.header("access-control-allow-origin", "*"),
    })
}

/// The body of a batch, decoded.
pub(super) async fn batch_body(request: &mut Request) -> std::result::Result<Vec<u8>, Problem> {
    let content_type = header(request, "content-type").unwrap_or_default();
    if !["text/plain", "application/json"].contains(&media_type(&content_type).as_str()) {
        return Err(Problem::UnsupportedType);
    }
    let encoding = header(request, "content-encoding");
    ingest::decoded(body::read(request).await?, encoding.as_deref())
}

/// What the project's team has set. Without it nothing may be stored: an item would escape redaction.
pub(super) async fn view_of(env: &Env, project: &ProjectId) -> std::result::Result<Rc<EdgeView>, Problem> {
    edge_view::of(env, project)
        .await
        .map_err(|error| unavailable("edge view", &error))
}

/// The part of a content type before its parameters, in lower case.
pub(super) fn media_type(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

async fn config_of(
    request: &Request,
    key: &str,
    env: &Env,
    config: &Config,
) -> std::result::Result<Reply, Problem> {
    let (project, generation) = ingest::project_of_key(key, config)?;
    let view = view_of(env, &project).await?;
    if view.revoked_keys.contains(&generation) {
        return Err(Problem::UnknownKey);
    }
    let known = header(request, "if-none-match");
    Ok(widget::config(&view.settings.widget, known.as_deref()))
}

//! Pictures on their way in and out. In: whoever may send feedback. Out: who has the project's token, as a download
//! that no page can run or frame.

use hearback_shared::limits;
use hearback_shared::project::ProjectId;
use wasm_bindgen::JsValue;
use worker::js_sys::Uint8Array;
use worker::{Bucket, Env, Headers, Request, Response, ResponseBuilder};

use super::body::{self, query};
use super::entry::{unavailable, view_of};
use super::read::tenant;
use super::{clock, guard, outgoing, random, sender, stubs};
use crate::attachments::{PictureType, stripped};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::questions;
use crate::http::reply::Reply;
use crate::ingest;

/// The R2 bucket for attachments, where the operator bound one.
pub(super) fn bucket(env: &Env) -> Option<Bucket> {
    env.bucket("ATTACHMENTS").ok()
}

/// `POST /v1/attachments?key=pk_…`
pub(super) async fn take(request: &mut Request, env: &Env, config: &Config) -> Result<Reply, Problem> {
    let key = questions::key(&query(request)).ok_or(Problem::UnknownKey)?;
    let (project, generation) = ingest::project_of_key(&key, config)?;
    let view = view_of(env, &project).await?;
    let now = clock::now();
    let mut sender = sender::of(request, config);
    sender.has_token = tenant(request, config).is_ok_and(|tenant| tenant == project);
    guard::admit(env, &project, generation, &sender, &view, now).await?;
    let bytes = body::read_up_to(request, limits::ATTACHMENT_BYTES)
        .await
        .map_err(|problem| match problem {
            Problem::BodyTooLarge => Problem::AttachmentTooLarge,
            other => other,
        })?;
    let (_, bytes) = stripped(&bytes).ok_or(Problem::NotAPicture)?;
    let name = config.signing.attachment(&project, random::bytes());
    store(env, &project, &name, bytes)
        .await
        .map_err(|error| unavailable("attachment", &error))?;
    Ok(Reply::json(201, &serde_json::json!({"id": name})).header("access-control-allow-origin", "*"))
}

/// Keeps a picture under its name.
pub(super) async fn store(env: &Env, project: &ProjectId, name: &str, bytes: Vec<u8>) -> worker::Result<()> {
    let here = if let Some(bucket) = bucket(env) {
        bucket.put(name, bytes).execute().await?;
        Vec::new()
    } else {
        bytes
    };
    let body = JsValue::from(Uint8Array::from(here.as_slice()));
    let request = outgoing::post(&format!("https://object/keep-attachment/{name}"), &body)?;
    let response = stubs::project(env, project)?.fetch_with_request(request).await?;
    if response.status_code() == 200 {
        Ok(())
    } else {
        Err(worker::Error::RustError(format!(
            "answered {}",
            response.status_code()
        )))
    }
}

/// `GET /api/v1/attachments/<id>`
pub(super) async fn serve(
    request: &Request,
    name: &str,
    env: &Env,
    config: &Config,
) -> Result<Response, Problem> {
    let project = tenant(request, config)?;
    if config.signing.project_of_attachment(name).as_ref() != Some(&project) {
        return Err(Problem::AttachmentNotFound);
    }
    let failed = |error: worker::Error| unavailable("attachment", &error);
    let bytes = load(env, &project, name).await.map_err(failed)?;
    let picture_type = PictureType::of(&bytes).ok_or(Problem::AttachmentNotFound)?;
    let headers = Headers::new();
    let file = format!("attachment; filename=\"attachment.{}\"", picture_type.ending());
    for (header, value) in [
        ("content-type", picture_type.content_type()),
        ("content-disposition", &file),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-store"),
    ] {
        headers.set(header, value).map_err(failed)?;
    }
    Ok(ResponseBuilder::new().with_headers(headers).fixed(bytes))
}

async fn load(env: &Env, project: &ProjectId, name: &str) -> worker::Result<Vec<u8>> {
    if let Some(bucket) = bucket(env) {
        let found = bucket.get(name).execute().await?;
        if let Some(body) = found.as_ref().and_then(worker::Object::body) {
            return body.bytes().await;
        }
    }
    let request = outgoing::get(&format!("https://object/attachment/{name}"))?;
    let mut response = stubs::project(env, project)?.fetch_with_request(request).await?;
    response.bytes().await
}

//! How the edge and the objects speak with each other: JSON over `fetch`, but for appending.

use futures_util::future::{LocalBoxFuture, try_join_all};
use hearback_shared::project::ProjectId;
use js_sys::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use worker::{Env, Error, Request, Response, Result, Stub};

use super::outgoing;
use crate::objects::append::{Append, AppendAnswer};
use crate::objects::append_wire;

/// The object that holds shard `shard` of a project's log.
pub(super) fn shard(env: &Env, project: &ProjectId, shard: u32) -> Result<Stub> {
    env.durable_object("SHARD")?
        .id_from_name(&format!("{project}/{shard}"))?
        .get_stub()
}

/// The object that holds a project's feedback.
pub(super) fn project(env: &Env, project: &ProjectId) -> Result<Stub> {
    env.durable_object("PROJECT")?
        .id_from_name(project.as_str())?
        .get_stub()
}

/// The object that lists all projects.
pub(super) fn directory(env: &Env) -> Result<Stub> {
    env.durable_object("PROJECT")?
        .id_from_name(super::sweep::DIRECTORY)?
        .get_stub()
}

/// Asks an object. `path` begins with `/` and names the object's place, so that it knows itself.
pub(super) async fn ask<Q: Serialize, A: DeserializeOwned>(
    stub: &Stub,
    path: &str,
    question: &Q,
) -> Result<A> {
    let answer = asked(stub, path, serde_json::to_string(question)?).await?;
    Ok(serde_json::from_str(&answer)?)
}

/// The part of asking that is the same whatever is asked, so that it is compiled once.
fn asked<'a>(stub: &'a Stub, path: &'a str, question: String) -> LocalBoxFuture<'a, Result<String>> {
    Box::pin(async move { sent(stub, path, JsValue::from_str(&question)).await?.text().await })
}

/// Asks all shards of a project the same.
pub(super) async fn ask_shards<Q: Serialize, A: DeserializeOwned>(
    env: &Env,
    project: &ProjectId,
    count: u32,
    command: &str,
    question: &Q,
) -> Result<Vec<A>> {
    let answers = asked_of_shards(env, project, count, command, serde_json::to_string(question)?).await?;
    answers
        .iter()
        .map(|answer| Ok(serde_json::from_str(answer)?))
        .collect()
}

fn asked_of_shards<'a>(
    env: &'a Env,
    project: &'a ProjectId,
    count: u32,
    command: &'a str,
    question: String,
) -> LocalBoxFuture<'a, Result<Vec<String>>> {
    Box::pin(async move {
        let asked = (0..count).map(async |number| {
            let path = format!("/{project}/{number}/{command}");
            asked(&shard(env, project, number)?, &path, question.clone()).await
        });
        try_join_all(asked).await
    })
}

/// Asks a shard to append. Its own form of writing, as bytes: this is what happens most.
pub(super) async fn append(stub: &Stub, path: &str, append: &Append) -> Result<AppendAnswer> {
    let question = append_wire::question(append);
    let mut response = sent(stub, path, Uint8Array::from(question.as_bytes()).into()).await?;
    append_wire::read_answer(&response.text().await?)
        .ok_or_else(|| Error::RustError(format!("{path} answered something else")))
}

async fn sent(stub: &Stub, path: &str, body: JsValue) -> Result<Response> {
    let request = outgoing::post(&format!("https://object{path}"), &body)?;
    let response = stub.fetch_with_request(request).await?;
    if response.status_code() != 200 {
        return Err(Error::RustError(format!(
            "{path} answered {}",
            response.status_code()
        )));
    }
    Ok(response)
}

/// Reads a question that [`append`] sent.
pub(super) async fn asked_to_append(request: &mut Request) -> Result<Append> {
    let bytes = request.bytes().await?;
    std::str::from_utf8(&bytes)
        .ok()
        .and_then(append_wire::read_question)
        .ok_or_else(|| Error::RustError("not a question to append".into()))
}

/// Answers it.
pub(super) fn appended(answer: &AppendAnswer) -> Result<Response> {
    Response::ok(append_wire::answer(answer))
}

/// Reads a question that [`ask`] sent.
pub(super) async fn question<Q: DeserializeOwned>(request: &mut Request) -> Result<Q> {
    Ok(serde_json::from_str(&request.text().await?)?)
}

/// Answers it.
pub(super) fn answer<A: Serialize>(answer: &A) -> Result<Response> {
    Response::ok(serde_json::to_string(answer)?)
}

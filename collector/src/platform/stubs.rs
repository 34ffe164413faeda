//! How the edge and the objects speak with each other: JSON over `fetch`.

use hearback_shared::project::ProjectId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use worker::{Env, Error, Method, Request, RequestInit, Response, Result, Stub};

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

/// Asks an object. `path` begins with `/` and names the object's place, so that it knows itself.
pub(super) async fn ask<Q: Serialize, A: DeserializeOwned>(
    stub: &Stub,
    path: &str,
    question: &Q,
) -> Result<A> {
    let body = written(question)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(JsValue::from_str(&body)));
    let request = Request::new_with_init(&format!("https://object{path}"), &init)?;
    let mut response = stub.fetch_with_request(request).await?;
    if response.status_code() != 200 {
        return Err(Error::RustError(format!(
            "{path} answered {}",
            response.status_code()
        )));
    }
    Ok(serde_json::from_str(&response.text().await?)?)
}

/// A question as it travels.
pub(super) fn written<Q: Serialize>(question: &Q) -> Result<String> {
    Ok(serde_json::to_string(question)?)
}

/// Reads a question that [`ask`] sent.
pub(super) async fn question<Q: DeserializeOwned>(request: &mut Request) -> Result<Q> {
    Ok(serde_json::from_str(&request.text().await?)?)
}

/// Answers it.
pub(super) fn answer<A: Serialize>(answer: &A) -> Result<Response> {
    Response::ok(serde_json::to_string(answer)?)
}

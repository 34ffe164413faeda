//! Hands a delivery to a sink and reads what it answers.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::StreamExt;
use worker::{
    AbortController, AbortSignal, ByteStream, Env, Fetch, Headers, Method, Request, RequestInit,
    RequestRedirect, Result,
};

use super::sleep::sleep;
use super::{bound, clock};
use crate::objects::delivery::Verdict;
use crate::sinks::answer::{READ_BYTES, SinkAnswer};
use crate::sinks::{Parcel, Sink, SinkKind, SinkRequest, TIMEOUT_MS, clickhouse, s3};

/// One attempt: what it means, and what came back in words that hold no user data and no secret.
pub(super) async fn run(env: &Env, sink: &Sink, parcel: &Parcel) -> (Verdict, String) {
    let abort = AbortController::default();
    let signal = abort.signal();
    let sending = pin!(hand_over(env, sink, parcel, &signal));
    match select(sending, pin!(sleep(Duration::from_millis(TIMEOUT_MS)))).await {
        Either::Left((Ok(answer), _)) => answer,
        // The message may hold the address, and an address may hold a secret.
        Either::Left((Err(_), _)) => (Verdict::Failed, "no connection, or a broken one".to_owned()),
        Either::Right(_) => {
            abort.abort();
            (
                Verdict::Failed,
                format!("no answer within {} s", TIMEOUT_MS / 1000),
            )
        }
    }
}

async fn hand_over(
    env: &Env,
    sink: &Sink,
    parcel: &Parcel,
    signal: &AbortSignal,
) -> Result<(Verdict, String)> {
    let now = clock::now();
    match &sink.kind {
        SinkKind::Http(http) => Ok(fetch(http.request(parcel, now), signal).await?.by_status()),
        SinkKind::ClickHouse(table) => Ok(clickhouse::judge(&fetch(table.request(parcel), signal).await?)),
        SinkKind::S3(bucket) => Ok(s3::judge(&fetch(bucket.request(parcel, now), signal).await?)),
        SinkKind::R2 { binding } => bound::store(env, binding, parcel).await,
        SinkKind::Queue { binding } => bound::queue(env, binding, parcel).await,
    }
}

/// Sends a request, and reads of the answer what is needed: of a refusal its beginning, else no more than the status.
async fn fetch(request: SinkRequest, signal: &AbortSignal) -> Result<SinkAnswer> {
    let fetch = Fetch::Request(build(&request)?);
    let mut response = fetch.send_with_signal(signal).await?;
    let mut answer = SinkAnswer {
        status: response.status_code(),
        exception_code: response.headers().get("x-clickhouse-exception-code")?,
        body: String::new(),
    };
    // An answer without a body has no stream.
    if let (false, Ok(stream)) = ((200..300).contains(&answer.status), response.stream()) {
        answer.body = beginning(stream).await?;
    }
    Ok(answer)
}

async fn beginning(mut stream: ByteStream) -> Result<String> {
    let mut bytes = Vec::new();
    while bytes.len() < READ_BYTES
        && let Some(part) = stream.next().await
    {
        bytes.extend(part?);
    }
    bytes.truncate(READ_BYTES);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn build(request: &SinkRequest) -> Result<Request> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let body = js_sys::Uint8Array::from(request.body.as_slice());
    let mut init = RequestInit::new();
    init.with_method(if request.method == "PUT" {
        Method::Put
    } else {
        Method::Post
    })
    .with_headers(headers)
    .with_redirect(RequestRedirect::Manual)
    .with_body(Some(body.into()));
    Request::new_with_init(&request.url, &init)
}

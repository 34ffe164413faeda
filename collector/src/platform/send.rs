//! Hands a delivery to a sink and reads what it answers.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::StreamExt;
use worker::web_sys::{RequestInit, RequestRedirect};
use worker::{AbortController, AbortSignal, ByteStream, Env, Fetch, Headers, Request, Response, Result};

use super::sleep::sleep;
use super::{bound, clock, outgoing, postgres};
use crate::objects::delivery::Verdict;
use crate::sinks::answer::{READ_BYTES, SinkAnswer};
use crate::sinks::{Outlet, Parcel, Sink, SinkKind, SinkRequest, TIMEOUT_MS, clickhouse, s3};

/// The network that reaches public addresses only, where the operator bound one. On Cloudflare every request leaves
/// by such a network (`global_fetch_strictly_public` in wrangler.toml).
const PUBLIC: &str = "PUBLIC";

/// One attempt: what it means, and what came back in words that hold no user data and no secret.
pub(super) async fn run(env: &Env, sink: &Sink, parcel: &Parcel) -> (Verdict, String) {
    let abort = AbortController::default();
    let signal = abort.signal();
    let sending = pin!(hand_over(env, sink, parcel, &signal));
    let answer = match select(sending, pin!(sleep(Duration::from_millis(TIMEOUT_MS)))).await {
        Either::Left((Ok(answer), _)) => answer,
        // The message may hold the address, and an address may hold a secret.
        Either::Left((Err(_), _)) => (Verdict::Failed, "no connection, or a broken one".to_owned()),
        Either::Right(_) => (
            Verdict::Failed,
            format!("no answer within {} s", TIMEOUT_MS / 1000),
        ),
    };
    // What is still to come of an answer is read by nobody; the connection ends with it.
    abort.abort();
    answer
}

async fn hand_over(
    env: &Env,
    sink: &Sink,
    parcel: &Parcel,
    signal: &AbortSignal,
) -> Result<(Verdict, String)> {
    let now = clock::now();
    let fetch = async |request| fetch(env, &request, signal).await;
    Ok(match &sink.kind {
        SinkKind::Http(http) => match http.request(parcel, now) {
            Ok(request) => SinkAnswer::of_status(fetch(request).await?.status_code()).by_status(),
            Err(refusal) => (Verdict::Failed, format!("not sent: {refusal}")),
        },
        SinkKind::ClickHouse(table) => clickhouse::judge(&read(fetch(table.request(parcel)).await?).await?),
        SinkKind::S3(bucket) => s3::judge(&read(fetch(bucket.request(parcel, now)).await?).await?),
        SinkKind::Postgres(table) => postgres::send(env, table, parcel).await?,
        SinkKind::R2 { binding } => bound::store(env, binding, parcel).await?,
        SinkKind::Queue { binding } => bound::queue(env, binding, parcel).await?,
    })
}

/// Reads of a store's answer what is needed: of a refusal its beginning, else no more than the status.
async fn read(mut response: Response) -> Result<SinkAnswer> {
    let mut answer = SinkAnswer {
        exception_code: response.headers().get("x-clickhouse-exception-code")?,
        ..SinkAnswer::of_status(response.status_code())
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

async fn fetch(env: &Env, request: &SinkRequest, signal: &AbortSignal) -> Result<Response> {
    let built = build(request, signal)?;
    match (request.outlet, env.service(PUBLIC)) {
        (Outlet::Public, Ok(public)) => public.fetch_request(built).await,
        _ => Fetch::Request(built).send().await,
    }
}

fn build(request: &SinkRequest, signal: &AbortSignal) -> Result<Request> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_headers(&headers.0);
    init.set_redirect(RequestRedirect::Manual);
    init.set_body(&js_sys::Uint8Array::from(request.body.as_slice()));
    init.set_signal(Some(&**signal));
    outgoing::request(&request.url, &init)
}

//! Hands a delivery to a sink and reads what it answers.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use worker::{
    AbortController, AbortSignal, Env, Fetch, Headers, Method, Request, RequestInit, RequestRedirect,
    Response, Result, web_sys,
};

use super::sleep::sleep;
use super::{clock, queue};
use crate::objects::delivery::{Verdict, verdict};
use crate::sinks::{Outlet, Parcel, Sink, SinkKind, SinkRequest, TIMEOUT_MS};

/// One attempt: what it means, and what came back in words that hold no user data and no secret.
pub(super) async fn run(env: &Env, sink: &Sink, parcel: &Parcel) -> (Verdict, String) {
    let sending = pin!(hand_over(env, sink, parcel));
    let patience = pin!(sleep(Duration::from_millis(TIMEOUT_MS + 1_000)));
    match select(sending, patience).await {
        Either::Left((Ok(answer), _)) => answer,
        // The message may hold the address, and an address may hold a secret.
        Either::Left((Err(_), _)) => (Verdict::Failed, "no connection, or a broken one".to_owned()),
        Either::Right(_) => (
            Verdict::Failed,
            format!("no answer within {} s", TIMEOUT_MS / 1000),
        ),
    }
}

async fn hand_over(env: &Env, sink: &Sink, parcel: &Parcel) -> Result<(Verdict, String)> {
    match &sink.kind {
        SinkKind::Http(http) => match http.request(parcel, clock::now()) {
            Ok(request) => fetch(env, request).await,
            Err(refusal) => Ok((Verdict::Failed, format!("not sent: {refusal}"))),
        },
        SinkKind::ClickHouse(clickhouse) => fetch(env, clickhouse.request(parcel)).await,
        SinkKind::R2 { binding } => {
            let bucket = env.bucket(binding)?;
            bucket
                .put(parcel.object_name(), parcel.gzipped())
                .execute()
                .await?;
            Ok((Verdict::Delivered, "stored".to_owned()))
        }
        SinkKind::Queue { binding } => queue::send(env, binding, parcel).await,
    }
}

/// The network that reaches public addresses only, where the operator bound one. On Cloudflare every request leaves
/// by such a network (`global_fetch_strictly_public` in wrangler.toml).
const PUBLIC: &str = "PUBLIC";

async fn fetch(env: &Env, request: SinkRequest) -> Result<(Verdict, String)> {
    let abort = AbortController::default();
    let signal = abort.signal();
    let sending = pin!(send(env, &request, &signal));
    match select(sending, pin!(sleep(Duration::from_millis(TIMEOUT_MS)))).await {
        Either::Left((response, _)) => {
            let status = response?.status_code();
            // The status says all we ask for. Nobody reads the body, and the connection ends with it.
            abort.abort();
            Ok((verdict(status), in_words(status)))
        }
        Either::Right(_) => {
            abort.abort();
            Ok((
                Verdict::Failed,
                format!("no answer within {} s", TIMEOUT_MS / 1000),
            ))
        }
    }
}

fn in_words(status: u16) -> String {
    if (300..400).contains(&status) {
        return format!("it answered {status}: redirects are not followed");
    }
    format!("it answered {status}")
}

async fn send(env: &Env, request: &SinkRequest, signal: &AbortSignal) -> Result<Response> {
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
    let init = web_sys::RequestInit::from(&init);
    init.set_signal(Some(&**signal));
    Ok(web_sys::Request::new_with_str_and_init(&request.url, &init)?.into())
}

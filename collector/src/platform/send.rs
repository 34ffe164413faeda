//! Hands a delivery to a sink and reads what it answers.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use worker::{AbortController, Env, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Result};

use super::sleep::sleep;
use super::{clock, postgres, queue};
use crate::objects::delivery::{Verdict, verdict};
use crate::sinks::{Parcel, Sink, SinkKind, SinkRequest, TIMEOUT_MS};

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
        SinkKind::Http(http) => fetch(http.request(parcel, clock::now())).await,
        SinkKind::ClickHouse(clickhouse) => fetch(clickhouse.request(parcel)).await,
        SinkKind::Postgres(table) => postgres::send(env, table, parcel).await,
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

async fn fetch(request: SinkRequest) -> Result<(Verdict, String)> {
    let abort = AbortController::default();
    let signal = abort.signal();
    let fetch = Fetch::Request(build(&request)?);
    let sending = pin!(fetch.send_with_signal(&signal));
    match select(sending, pin!(sleep(Duration::from_millis(TIMEOUT_MS)))).await {
        Either::Left((response, _)) => {
            let status = response?.status_code();
            Ok((verdict(status), format!("it answered {status}")))
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

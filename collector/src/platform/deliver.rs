//! The HTTP sink: sealed ranges of the log, one at a time, until each has a 2xx.

use std::time::Duration;

use futures_util::future::{Either, select};
use hearback_shared::UnixMillis;
use wasm_bindgen::JsValue;
use worker::{
    AbortController, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Result, console_log,
};

use super::shard_object::Shard;
use super::shard_store::{Consumer, ShardStore};
use super::sleep::sleep;
use super::{clock, faults, settings};
use crate::config::HttpSink;
use crate::objects::delivery::{SealedDelivery, seal};
use crate::sinks::http;

const SINK: &str = "http";

/// How long one alarm goes on delivering: the rest waits for the next, so that a slow sink holds up nothing else.
const BUSY_MS: UnixMillis = 20_000;

/// Delivers what is due; says when to come back, if there is more.
pub(super) async fn run(shard: &Shard) -> Result<Option<UnixMillis>> {
    let Ok(config) = settings::config(&shard.env) else {
        return Ok(None);
    };
    let Some(sink) = &config.sink else { return Ok(None) };
    let store = shard.store()?;
    let Some((project, placement)) = store.place()? else {
        return Ok(None);
    };
    let started = clock::now();
    loop {
        let now = clock::now();
        if now.saturating_sub(started) > BUSY_MS {
            return Ok(Some(now));
        }
        let delivery = match next(store, config.sink_delay_ms, now)? {
            Next::Nothing => return Ok(None),
            Next::Later(at) => return Ok(Some(at)),
            Next::Due(delivery) => delivery,
        };
        shard.fault(faults::DELIVER).await?;
        let sent = send(
            sink,
            &delivery.id(&project, placement.shard),
            &body(store, &delivery)?,
        )
        .await;
        shard.fault(faults::DELIVERED).await?;
        match sent {
            Ok(()) => store.transaction(|| {
                store.set_cursor(Consumer::HttpSink, delivery.last)?;
                store.drop_delivery(SINK)
            })?,
            Err(why) => {
                let failed = delivery.after_failure(clock::now(), clock::chance());
                console_log!(
                    "delivery {}: {why}; attempt {}",
                    delivery.id(&project, placement.shard),
                    failed.attempts
                );
                store.keep_delivery(SINK, &failed)?;
                return Ok(Some(failed.next_at));
            }
        }
    }
}

enum Next {
    Nothing,
    Later(UnixMillis),
    Due(SealedDelivery),
}

/// The delivery that was sealed before, or a new one; it is kept before it is sent, so that a retry sends the same.
fn next(store: &ShardStore, delay_ms: u64, now: UnixMillis) -> Result<Next> {
    if let Some(delivery) = store.delivery(SINK)? {
        return Ok(delivery
            .waits_until(now)
            .map_or_else(|| Next::Due(delivery), Next::Later));
    }
    let (extents, oldest) = store.extents_after(store.cursor(Consumer::HttpSink)?)?;
    let Some(delivery) = seal(extents, now) else {
        return Ok(Next::Nothing);
    };
    // A clock that stepped back must not hold a delivery for longer than the delay.
    if now >= oldest && now - oldest < delay_ms {
        return Ok(Next::Later(oldest + delay_ms));
    }
    store.keep_delivery(SINK, &delivery)?;
    Ok(Next::Due(delivery))
}

fn body(store: &ShardStore, delivery: &SealedDelivery) -> Result<String> {
    Ok(store
        .lines_between(delivery.first, delivery.last)?
        .iter()
        .map(|row| row.lines.as_str())
        .collect())
}

async fn send(sink: &HttpSink, id: &str, body: &str) -> std::result::Result<(), String> {
    let request = request(sink, id, body).map_err(|error| error.to_string())?;
    let abort = AbortController::default();
    let signal = abort.signal();
    let fetch = Fetch::Request(request);
    let sending = std::pin::pin!(fetch.send_with_signal(&signal));
    let timeout = std::pin::pin!(sleep(Duration::from_millis(http::TIMEOUT_MS)));
    match select(sending, timeout).await {
        Either::Left((Ok(response), _)) if http::is_delivered(response.status_code()) => Ok(()),
        Either::Left((Ok(response), _)) => Err(format!("the sink answered {}", response.status_code())),
        Either::Left((Err(error), _)) => Err(error.to_string()),
        Either::Right(_) => {
            abort.abort();
            Err(format!("no answer within {} s", http::TIMEOUT_MS / 1000))
        }
    }
}

fn request(sink: &HttpSink, id: &str, body: &str) -> Result<Request> {
    let headers = Headers::new();
    for (name, value) in http::headers(&sink.secret, id, clock::now(), body) {
        headers.set(name, &value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(JsValue::from_str(body)));
    Request::new_with_init(&sink.url, &init)
}

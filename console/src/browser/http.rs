//! Questions to the collector.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use crate::failure::{self, Failure};
use crate::session::Token;

/// Milliseconds after which an answer is no longer waited for. Questions that fan out to many shards take seconds.
const PATIENCE_MS: u32 = 20_000;

/// Milliseconds after which something to be done is given up: a sink may take 30 s to answer a test delivery.
const PATIENCE_TO_DO_MS: u32 = 35_000;

/// Asks for what is at a path, and hands on the answer or why there is none.
pub(crate) fn get<T: serde::de::DeserializeOwned + 'static>(
    path: String,
    token: &Token,
    then: impl FnOnce(Result<T, Failure>) + 'static,
) {
    request("GET", PATIENCE_MS, path, token, then);
}

/// Has something done that needs no more words than its path.
pub(crate) fn post<T: serde::de::DeserializeOwned + 'static>(
    path: String,
    token: &Token,
    then: impl FnOnce(Result<T, Failure>) + 'static,
) {
    request("POST", PATIENCE_TO_DO_MS, path, token, then);
}

fn request<T: serde::de::DeserializeOwned + 'static>(
    method: &'static str,
    patience_ms: u32,
    path: String,
    token: &Token,
    then: impl FnOnce(Result<T, Failure>) + 'static,
) {
    let token = token.clone();
    spawn_local(async move {
        let answer = ask(method, patience_ms, &path, &token).await;
        then(
            answer
                .map_err(|_| Failure::Unreachable)
                .and_then(|(status, body)| failure::decode(status, &body)),
        );
    });
}

/// The status and the body of an answer.
async fn ask(method: &str, patience_ms: u32, path: &str, token: &Token) -> Result<(u16, String), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let headers = Headers::new()?;
    headers.set("authorization", &format!("Bearer {}", token.secret()))?;
    headers.set("accept", "application/json")?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&headers);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(patience_ms)));
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(path, &init))
        .await?
        .dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.status(), body.as_string().unwrap_or_default()))
}

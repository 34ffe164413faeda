//! Requests that go out: to objects, to the assets, to sinks. They are made by the runtime's own `RequestInit`: the one
//! of the `worker` crate brings along a serializer for options that nothing here sets.

use wasm_bindgen::JsValue;
use worker::web_sys::RequestInit;
use worker::{Request, Result};

/// A request as `init` says.
pub(super) fn request(url: &str, init: &RequestInit) -> Result<Request> {
    Ok(worker::web_sys::Request::new_with_str_and_init(url, init)?.into())
}

/// A `GET`.
pub(super) fn get(url: &str) -> Result<Request> {
    Ok(worker::web_sys::Request::new_with_str(url)?.into())
}

/// A `POST` of a text or of bytes.
pub(super) fn post(url: &str, body: &JsValue) -> Result<Request> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    request(url, &init)
}

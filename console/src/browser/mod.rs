//! The one room in which the platform is named: `web_sys`, `js_sys`, `gloo` and `wasm_bindgen` appear nowhere else.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "this is the room"
)]

pub(crate) mod chart;
pub(crate) mod clipboard;
pub(crate) mod dates;
pub(crate) mod http;
pub(crate) mod live;
pub(crate) mod page;
pub(crate) mod start;
pub(crate) mod storage;
pub(crate) mod timer;

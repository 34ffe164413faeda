//! Where the panel touches the page: the only module that names `web_sys` and `js_sys`.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "this is the room they are kept to"
)]

mod bridge;
mod dialog;
pub mod sheet;

pub use bridge::Bridge;
pub use dialog::Dialog;

use wasm_bindgen::JsCast;
use yew::{Event, InputEvent, MouseEvent, TargetCast};

/// The element that the loader gives the panel to live in.
pub type Container = web_sys::Element;

/// What now stands in the field that an event is about.
pub fn value_of(event: &InputEvent) -> String {
    // An input has the same property; reading it by one name keeps the code small.
    event
        .target_unchecked_into::<web_sys::HtmlTextAreaElement>()
        .value()
}

/// Whether a click is the first of its place; the second half of a double-click must not press what has just
/// appeared under it.
pub fn is_single(click: &MouseEvent) -> bool {
    click.unchecked_ref::<web_sys::UiEvent>().detail() < 2
}

/// Keeps the browser from doing what it does of its own accord.
pub fn prevent_default(event: &Event) {
    event.prevent_default();
}

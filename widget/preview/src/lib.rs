//! What redacts in the visitor's page: the very code of the edge, in a module of its own, because most visitors never
//! open the preview and would pay for it with a third more of the panel. See `browser/page.js` in the panel.

use hearback_shared::item::PropValue;
use hearback_shared::redact;
use wasm_bindgen::prelude::*;

/// Constant time and little code, as in the panel.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A text without secrets.
#[wasm_bindgen]
pub fn text(text: &str) -> String {
    redact::text(text).into_owned()
}

/// An address without secrets.
#[wasm_bindgen]
pub fn address(url: &str) -> String {
    redact::address(url)
}

/// A release without secrets; the hash of a commit is none.
#[wasm_bindgen]
pub fn release(release: &str) -> String {
    redact::release(release).into_owned()
}

/// The value of a property without secrets: texts and numbers can be ones.
#[wasm_bindgen]
pub fn prop(name: &str, value: JsValue) -> JsValue {
    let given = match (value.as_string(), value.as_f64()) {
        (Some(text), _) => PropValue::Text(text),
        (None, Some(number)) => PropValue::Number(number),
        (None, None) => return value,
    };
    match redact::prop(name, given) {
        PropValue::Text(text) => text.into(),
        _ => value,
    }
}

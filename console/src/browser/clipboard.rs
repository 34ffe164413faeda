//! Copying.

use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Copies a text, and tells whether that worked: on plain http, and where it is forbidden, it does not.
pub(crate) fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    // On plain http `navigator.clipboard` is undefined, and calling into it would throw.
    let clipboard = web_sys::window()
        .map(|window| window.navigator())
        .and_then(|navigator| {
            let clipboard = js_sys::Reflect::get(&navigator, &"clipboard".into()).ok()?;
            (!clipboard.is_undefined() && !clipboard.is_null()).then(|| navigator.clipboard())
        });
    let Some(clipboard) = clipboard else {
        return then(false);
    };
    let written = clipboard.write_text(text);
    spawn_local(async move { then(JsFuture::from(written).await.is_ok()) });
}

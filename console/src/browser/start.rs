//! Where the browser begins to run the console.

use wasm_bindgen::prelude::wasm_bindgen;

use super::page;
use crate::app::App;

/// Shows the console in the page's `#app`, in place of the note that it is being loaded.
#[wasm_bindgen(start)]
pub(crate) fn start() {
    let Some(root) = page::document().and_then(|document| document.get_element_by_id("app")) else {
        return;
    };
    root.set_text_content(None);
    yew::Renderer::<App>::with_root(root).render();
}

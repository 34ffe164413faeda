//! Where the panel touches the page: by the errands of `page.js`, and nowhere else.
//!
//! They are JavaScript, because a line there is an import with its glue and code in every visitor's module here: the
//! panel's budget is spent on what people look at. What is passed are texts in records of units ([`rows`]).
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "this is the room they are kept to"
)]

use wasm_bindgen::prelude::*;

/// The element that the loader gives the panel to live in.
pub type Container = web_sys::Element;

/// Hears of something by a name and a value.
pub type Told = Closure<dyn Fn(String, String)>;

#[wasm_bindgen]
extern "C" {
    /// The object that the loader hands over at mounting.
    #[derive(Clone, Debug, PartialEq)]
    pub type Bridge;
}

#[wasm_bindgen(module = "/src/browser/page.js")]
extern "C" {
    /// Takes the place over, and tells of all that happens in it.
    #[wasm_bindgen(catch)]
    pub fn settle(container: &Container, css: &str, told: &JsValue) -> Result<(), JsValue>;

    /// Shows the dialog.
    pub fn open();

    /// Closes the dialog; `closed` is told afterwards.
    pub fn close();

    /// Puts the focus on what a selector finds in the dialog.
    #[wasm_bindgen(js_name = focus)]
    pub fn focus(selector: &str, always: bool);

    /// What the project asks for.
    pub fn form(bridge: &Bridge) -> String;

    /// Tells the visitor's `words` once they are there.
    pub fn words(bridge: &Bridge, told: &JsValue);

    /// The form of a text for a number.
    pub fn plural(text: &str, lang: &str, number: usize) -> String;

    /// What goes along.
    pub fn about(bridge: &Bridge) -> String;

    /// Hands feedback to the loader's queue; `told` hears how far it comes. Fails if the loader could not take it.
    #[wasm_bindgen(catch)]
    pub fn send(bridge: &Bridge, said: &str, left_out: &str, told: JsValue) -> Result<(), JsValue>;

    /// Tells what would be sent as `previewed`.
    pub fn preview(bridge: &Bridge, said: &str, left_out: &str, told: &JsValue);

    /// Keeps a draft over a reload; an empty one is forgotten.
    pub fn keep(draft: &str);

    /// The draft that was kept.
    pub fn kept() -> String;

    /// Lets the visitor add a picture, and tells `pictured`.
    pub fn picture(bridge: &Bridge, how: &str, told: &JsValue);

    /// Puts a text on the clipboard, and tells `copied`.
    pub fn copy(text: &str, told: &JsValue);

    /// Tells the loader that the visitor closed the panel, so that it puts the focus back where it came from.
    #[wasm_bindgen(catch)]
    pub fn closed(bridge: &Bridge) -> Result<(), JsValue>;
}

//! The loader, as the panel sees it.

use hearback_shared::item::Feedback;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::progress::Progress;

#[wasm_bindgen]
extern "C" {
    /// The object that the loader hands over at mounting.
    #[derive(Clone, Debug, PartialEq)]
    pub type Bridge;

    #[wasm_bindgen(method, structural, catch, js_name = send)]
    fn js_send(this: &Bridge, item: &Object, on_state: JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = closed)]
    fn js_closed(this: &Bridge) -> Result<(), JsValue>;

    /// The page's or browser's language, a BCP 47 tag.
    #[wasm_bindgen(method, structural, getter)]
    pub fn lang(this: &Bridge) -> String;
}

impl Bridge {
    /// Hands feedback to the loader's queue; `told` hears how far it comes. False if the loader could not take it.
    pub fn send(&self, feedback: &Feedback, told: impl Fn(Progress) + 'static) -> bool {
        let on_state = Closure::<dyn Fn(String, String)>::new(move |state: String, detail: String| {
            if let Some(progress) = Progress::read(&state, &detail) {
                told(progress);
            }
        });
        // Given away for good, because the loader may call it as long as the page lives.
        self.js_send(&item(feedback), on_state.into_js_value()).is_ok()
    }

    /// Tells the loader that the visitor closed the panel, so that it puts the focus back where it came from.
    pub fn closed(&self) {
        // A loader that fails here is its own concern; the page must not hear of it.
        let _ = self.js_closed();
    }
}

/// The item in the wire's words. Made by hand: a serialiser would weigh more than the rest of the panel.
fn item(feedback: &Feedback) -> Object {
    let item = object(&[
        ("type", "feedback".into()),
        ("kind", feedback.kind.as_str().into()),
        ("text", feedback.text.as_str().into()),
    ]);
    if let Some(rating) = feedback.rating {
        set(&item, "rating", &rating.into());
    }
    if let Some(contact) = &feedback.contact {
        set(
            &item,
            "contact",
            &object(&[("email", contact.email.as_str().into())]),
        );
    }
    item
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a property of an object just made cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

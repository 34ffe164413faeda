//! The native dialog: it keeps the rest of the page out of reach, closes on Escape and on the back gesture, and lies
//! above everything the page has.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};
use yew::{KeyboardEvent, NodeRef};

use crate::state::Spot;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Element)]
    type DialogElement;

    #[wasm_bindgen(method, structural, catch, js_name = showModal)]
    fn show_modal(this: &DialogElement) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch)]
    fn close(this: &DialogElement) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, getter)]
    fn open(this: &DialogElement) -> bool;
}

/// The panel's dialog in the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dialog {
    /// For the component that renders it.
    pub node: NodeRef,
}

impl Dialog {
    /// Shows it.
    pub fn open(&self) {
        if let Some(element) = self.element() {
            // Fails only where it is shown already.
            let _ = element.show_modal();
        }
    }

    /// Closes it.
    pub fn close(&self) {
        if let Some(element) = self.element() {
            let _ = element.close();
        }
    }

    /// Whether it is closed. The browser tells of closing a little later, when it may be open again.
    pub fn is_closed(&self) -> bool {
        self.element().is_none_or(|element| !element.open())
    }

    /// Puts the focus on a place in it.
    pub fn focus(&self, spot: Spot) {
        focus(self.find(match spot {
            Spot::Heading => "h2",
            Spot::Kind => "[name=kind]:checked",
            Spot::Text => "[name=text]",
            Spot::Rating => "[name=rating]",
            Spot::Email => "[name=email]",
        }));
    }

    /// Leads Tab from the last button to the first and back. Browsers would lead it through their own controls, where
    /// people who cannot see them lose their way.
    pub fn keep_tab_inside(&self, event: &KeyboardEvent) {
        if event.key() != "Tab" {
            return;
        }
        let at = |element: &Option<Element>| event.target().as_ref() == element.as_ref().map(AsRef::as_ref);
        let (first, last) = (self.find(".hb-x"), self.find(".hb-foot button:last-child"));
        let other = if event.shift_key() {
            // The heading has the focus after the form made way for a message.
            (at(&first) || at(&self.find("h2"))).then_some(last)
        } else {
            at(&last).then_some(first)
        };
        if let Some(other) = other {
            event.prevent_default();
            focus(other);
        }
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.element()?.query_selector(selector).ok()?
    }

    fn element(&self) -> Option<DialogElement> {
        self.node.get().map(JsCast::unchecked_into)
    }
}

fn focus(element: Option<Element>) {
    if let Some(element) = element {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

//! The kept chart library, bound by `console/chart/chart.ts`.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;
use yew::NodeRef;

use crate::charts::Spec;

#[wasm_bindgen(raw_module = "./chart.js")]
extern "C" {
    /// A chart within an element.
    type Chart;

    #[wasm_bindgen(constructor)]
    fn new(container: &Element) -> Chart;

    #[wasm_bindgen(method)]
    fn show(this: &Chart, spec: &str);

    #[wasm_bindgen(method)]
    fn destroy(this: &Chart);
}

/// A picture on the page; dropping it takes it away.
pub(crate) struct Drawing(Chart);

impl Drawing {
    /// An empty picture within an element, if that is on the page.
    pub(crate) fn within(place: &NodeRef) -> Option<Self> {
        place.cast::<Element>().map(|element| Self(Chart::new(&element)))
    }

    /// Shows a picture in place of the last one.
    pub(crate) fn show(&self, spec: &Spec) {
        if let Ok(json) = serde_json::to_string(spec) {
            self.0.show(&json);
        }
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.0.destroy();
    }
}

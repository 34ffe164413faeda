//! The style sheet, adopted rather than written into the page: a `style-src` without `'unsafe-inline'` allows it.

use wasm_bindgen::prelude::*;

use super::Container;

#[wasm_bindgen]
extern "C" {
    type CSSStyleSheet;

    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<CSSStyleSheet, JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = replaceSync)]
    fn replace_sync(this: &CSSStyleSheet, css: &str) -> Result<(), JsValue>;

    type Root;

    #[wasm_bindgen(method, structural, getter, js_name = adoptedStyleSheets)]
    fn adopted(this: &Root) -> Sheets;

    type Sheets;

    #[wasm_bindgen(method, structural, catch)]
    fn push(this: &Sheets, sheet: &CSSStyleSheet) -> Result<u32, JsValue>;
}

/// Adds the panel's sheet to those of the root it lives in, where the launcher has one already.
pub fn adopt(container: &Container) -> Result<(), JsValue> {
    let root: Root = container.get_root_node().unchecked_into();
    let sheet = CSSStyleSheet::new()?;
    sheet.replace_sync(include_str!(concat!(env!("OUT_DIR"), "/panel.css")))?;
    root.adopted().push(&sheet)?;
    Ok(())
}

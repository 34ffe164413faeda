//! Hearback's panel: the form that a visitor fills in, and what became of what they sent.
//!
//! The loader fetches this module when somebody goes for the launcher, and hands it a place in its shadow root and a
//! bridge to its queue. [`state`] decides, [`components`] show, [`browser`] touches the page: nothing else does.

pub mod browser;
pub mod components;
pub mod draft;
pub mod form;
pub mod progress;
pub mod state;
pub mod text;
pub mod words;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use yew::{AppHandle, Renderer};

use browser::{Bridge, Container, Told};
use components::panel::{Message, Panel, PanelProps};
use state::Action;

/// Constant time, and a tenth of the code of std's own, which is a tenth of the panel.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

thread_local! {
    static PANEL: RefCell<Option<AppHandle<Panel>>> = const { RefCell::new(None) };
}

/// Puts the panel into `container` and shows it as soon as its words are there. Fails where the browser cannot style
/// it; the loader then shows the plain form instead.
#[wasm_bindgen]
pub fn mount(container: Container, bridge: Bridge) -> Result<(), JsValue> {
    let told = Told::new(|name, value| tell(Message::Heard(name, value))).into_js_value();
    browser::settle(
        &container,
        include_str!(concat!(env!("OUT_DIR"), "/panel.css")),
        &told,
    )?;
    let props = PanelProps { bridge, told };
    let handle = Renderer::<Panel>::with_root_and_props(container, props).render();
    PANEL.with(|panel| panel.replace(Some(handle)));
    Ok(())
}

/// Shows the panel again. What was written in it is still there.
#[wasm_bindgen]
pub fn show() {
    tell(Message::Do(Action::Show));
}

/// Hides the panel without telling the loader, who asked for it.
#[wasm_bindgen]
pub fn hide() {
    tell(Message::Do(Action::Hide));
}

fn tell(message: Message) {
    PANEL.with_borrow(|panel| {
        if let Some(handle) = panel {
            handle.send_message(message);
        }
    });
}

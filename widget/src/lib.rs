//! Hearback's panel: the form that a visitor fills in, and what became of what they sent.
//!
//! The loader fetches this module when somebody goes for the launcher, and hands it a place in its shadow root and a
//! bridge to its queue. [`state`] decides, [`components`] show, [`browser`] touches the page: nothing else does.

pub mod browser;
pub mod components;
pub mod feedback;
pub mod i18n;
pub mod progress;
pub mod state;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use yew::{AppHandle, Renderer};

use browser::{Bridge, Container, sheet};
use components::panel::{Panel, PanelProps};
use state::Action;

thread_local! {
    static PANEL: RefCell<Option<AppHandle<Panel>>> = const { RefCell::new(None) };
}

/// Puts the panel into `container` and shows it. Fails where the browser cannot style it; the loader then shows the
/// plain form instead.
#[wasm_bindgen]
pub fn mount(container: Container, bridge: Bridge) -> Result<(), JsValue> {
    sheet::adopt(&container)?;
    let handle = Renderer::<Panel>::with_root_and_props(container, PanelProps { bridge }).render();
    PANEL.with(|panel| panel.replace(Some(handle)));
    Ok(())
}

/// Shows the panel again. What was written in it is still there.
#[wasm_bindgen]
pub fn show() {
    tell(Action::Show);
}

/// Hides the panel without telling the loader, who asked for it.
#[wasm_bindgen]
pub fn hide() {
    tell(Action::Hide);
}

fn tell(action: Action) {
    PANEL.with_borrow(|panel| {
        if let Some(handle) = panel {
            handle.send_message(action);
        }
    });
}

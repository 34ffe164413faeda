//! The page itself: its address, its title, what has the focus, and whether somebody is looking.

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event, HtmlElement, HtmlInputElement, VisibilityState, Window};

use crate::route::Route;

/// Listeners that are held; dropping them ends them.
pub(crate) type Listeners = Vec<EventListener>;

/// The document.
pub(super) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The view that the address names.
pub(crate) fn route() -> Route {
    let location = web_sys::window().map(|window| window.location());
    let path = location
        .as_ref()
        .and_then(|location| location.pathname().ok())
        .unwrap_or_default();
    let query = location
        .as_ref()
        .and_then(|location| location.search().ok())
        .unwrap_or_default();
    Route::parse(&path, &query)
}

/// Puts a view's address into the address bar: as a new entry of the history, or in place of the current one.
pub(crate) fn set_route(route: Route, replace: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else {
        return;
    };
    let address = route.address();
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    };
}

/// Tells when the person goes back or forward.
pub(crate) fn on_history(then: impl Fn(Route) + 'static) -> Listeners {
    web_sys::window()
        .map(|window| EventListener::new(&window, "popstate", move |_| then(route())))
        .into_iter()
        .collect()
}

/// The address of the collector that serves this page: scheme, host and port.
pub(crate) fn origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// Sets the window's title.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Moves the focus to an element, which screen readers then read out.
pub(crate) fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Moves the focus to an element where what had it is gone; elsewhere it stays.
pub(crate) fn focus_if_lost(id: &str) {
    let active = document().and_then(|document| document.active_element());
    if active.is_none_or(|element| element.tag_name().eq_ignore_ascii_case("body")) {
        focus(id);
    }
}

/// Scrolls to the top, as a new page would stand.
pub(crate) fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// What stands in the field that an event came from.
pub(crate) fn field_value(event: &Event) -> String {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

/// Whether a click should be left to the browser: it opens a new tab or window, or was taken already.
pub(crate) fn is_for_browser(click: &yew::MouseEvent) -> bool {
    let modified = click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key();
    modified || click.button() != 0 || click.default_prevented()
}

/// Whether somebody can see the page.
pub(crate) fn is_visible() -> bool {
    document().is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Tells when the page comes before somebody's eyes or leaves them.
pub(crate) fn on_visibility(then: impl Fn(bool) + 'static) -> Listeners {
    document()
        .map(|document| EventListener::new(&document, "visibilitychange", move |_| then(is_visible())))
        .into_iter()
        .collect()
}

/// Tells when the browser loses (`false`) or finds (`true`) the network.
pub(crate) fn on_network(then: impl Fn(bool) + Clone + 'static) -> Listeners {
    let listen = |window: &Window, name: &'static str, online: bool| {
        let then = then.clone();
        EventListener::new(window, name, move |_| then(online))
    };
    web_sys::window()
        .map(|window| vec![listen(&window, "online", true), listen(&window, "offline", false)])
        .unwrap_or_default()
}

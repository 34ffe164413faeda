//! The live connection itself: a WebSocket that carries the token as a subprotocol, because a browser lets no
//! header be set on one.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, WebSocket};
use yew::Callback;

use super::timer::{self, Later};
use crate::api;
use crate::session::Token;

/// Milliseconds in which a connection must stand. Some proxies swallow the attempt without an answer.
const PATIENCE_MS: u32 = 10_000;

/// What a connection tells.
pub(crate) enum Event {
    /// The attempt begins.
    Connecting,
    /// It stands.
    Opened,
    /// A message came.
    Told(String),
    /// It is lost, after so many milliseconds of standing; with a random number from 0 to 1.
    Lost(f64, f64),
}

/// A connection, or the wait for the next attempt. Dropping it ends either.
pub(crate) struct Connection {
    _wait: Later,
    socket: Rc<RefCell<Option<Socket>>>,
}

struct Socket {
    inner: WebSocket,
    listeners: [EventListener; 3],
    patience: Later,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(Socket {
            inner,
            listeners,
            patience,
        }) = self.socket.borrow_mut().take()
        {
            // The listeners go first: an end that was asked for is not a loss.
            drop((listeners, patience));
            let _ = inner.close();
        }
    }
}

/// Connects after so many milliseconds.
pub(crate) fn connect(after_ms: u32, token: &Token, on: Callback<Event>) -> Connection {
    let place: Rc<RefCell<Option<Socket>>> = Rc::default();
    let (token, in_wait) = (token.clone(), Rc::clone(&place));
    let wait = timer::after(after_ms, move || {
        on.emit(Event::Connecting);
        match open(&token, &on) {
            Ok(socket) => *in_wait.borrow_mut() = Some(socket),
            Err(_) => on.emit(Event::Lost(0.0, js_sys::Math::random())),
        }
    });
    Connection {
        _wait: wait,
        socket: place,
    }
}

fn open(token: &Token, on: &Callback<Event>) -> Result<Socket, JsValue> {
    let location = web_sys::window().ok_or(JsValue::NULL)?.location();
    let scheme = if location.protocol()? == "https:" {
        "wss:"
    } else {
        "ws:"
    };
    let protocols = Array::of2(
        &JsValue::from_str("hearback.v1"),
        &JsValue::from_str(token.secret()),
    );
    let address = format!("{scheme}//{}{}", location.host()?, api::LIVE);
    let socket = WebSocket::new_with_str_sequence(&address, &protocols)?;

    let opened_at: Rc<RefCell<Option<f64>>> = Rc::default();
    let opened = EventListener::new(&socket, "open", {
        let (on, opened_at) = (on.clone(), Rc::clone(&opened_at));
        move |_| {
            *opened_at.borrow_mut() = Some(js_sys::Date::now());
            on.emit(Event::Opened);
        }
    });
    let told = EventListener::new(&socket, "message", {
        let on = on.clone();
        move |event| {
            let text = event
                .dyn_ref::<MessageEvent>()
                .and_then(|event| event.data().as_string());
            if let Some(text) = text {
                on.emit(Event::Told(text));
            }
        }
    });
    // A failed attempt tells `error` and then `close`; one of them is enough.
    let lost = EventListener::new(&socket, "close", {
        let (on, opened_at) = (on.clone(), Rc::clone(&opened_at));
        move |_| {
            let stood_ms = opened_at.borrow().map_or(0.0, |at| js_sys::Date::now() - at);
            on.emit(Event::Lost(stood_ms, js_sys::Math::random()));
        }
    });
    let patience = timer::after(PATIENCE_MS, {
        let socket = socket.clone();
        move || {
            if socket.ready_state() == WebSocket::CONNECTING {
                // Tells `close`, which tells of the loss.
                let _ = socket.close();
            }
        }
    });
    Ok(Socket {
        inner: socket,
        listeners: [opened, told, lost],
        patience,
    })
}

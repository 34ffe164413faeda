//! Waiting. `worker::Delay` takes the timer's handle for a number, which it is not in this runtime: it could never
//! end a timer that nobody waits for any more, and traps in a debug build.
#![allow(unsafe_code, reason = "generated bindings")]

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use js_sys::futures::JsFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, delay_ms: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
}

/// Ends after a while. Dropped before, it leaves no timer behind, which would keep an object awake.
pub(super) struct Sleep {
    fired: JsFuture,
    timer: JsValue,
}

/// Starts to wait.
pub(super) fn sleep(duration: Duration) -> Sleep {
    let mut timer = JsValue::UNDEFINED;
    let fired = Promise::new(&mut |resolve: Function, _| {
        timer = set_timeout(&resolve, duration.as_secs_f64() * 1000.0);
    });
    Sleep {
        fired: fired.into(),
        timer,
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.fired).poll(context).map(|_| ())
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
    }
}

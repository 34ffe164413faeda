//! Faults on demand, for tests: which, the setting `FAULTS` says. They exist only in a build with the feature
//! `faults`, which no bundle and no deployment has; in every other build what stands here is nothing.
//!
//! `FAULTS` is a list of `name` or `name=times`, parted by commas:
//!
//! - `no-deduplication`: the shard knows no repeats.
//! - `clock`: what the collector takes for the time can be moved, by `POST /faults/clock?by=<seconds>`.
//! - `throw@<place>`, `trap@<place>`, `evict@<place>`: an error, a panic, or the end of the object at a place in the
//!   code, the first `times` times that it is passed (by an object's own count where it traps).

use worker::{Env, Result, State};

/// Places where a fault can be asked for: before or after each `await` of a shard and of the project object.
pub(super) const HAND_OVER: &str = "hand-over";
pub(super) const HANDED: &str = "handed";
pub(super) const COMPANY: &str = "company";
pub(super) const COMMITTED: &str = "committed";
pub(super) const ARMED: &str = "armed";
pub(super) const ALARM: &str = "alarm";
pub(super) const PUSH: &str = "push";
pub(super) const PUSHED: &str = "pushed";
pub(super) const DELIVER: &str = "deliver";
pub(super) const DELIVERED: &str = "delivered";
pub(super) const COUNT: &str = "count";
pub(super) const ENLISTED: &str = "enlisted";
pub(super) const FORGET: &str = "forget";
pub(super) const REARM: &str = "rearm";
pub(super) const TOLD: &str = "told";
pub(super) const ERASE: &str = "erase";
pub(super) const ERASED: &str = "erased";
pub(super) const MEND: &str = "mend";
pub(super) const VIEWED: &str = "viewed";
pub(super) const ABSORBED: &str = "absorbed";
pub(super) const FORGETTING: &str = "forgetting";

#[cfg(not(feature = "faults"))]
mod on_demand {
    use super::{Env, Result, State};

    pub(in super::super) fn knows_repeats(_env: &Env) -> bool {
        true
    }

    pub(in super::super) fn clock_ahead_ms() -> i64 {
        0
    }

    pub(in super::super) async fn at(_place: &str, _state: &State, _env: &Env) -> Result<()> {
        Ok(())
    }
}

#[cfg(feature = "faults")]
#[allow(unsafe_code, reason = "generated bindings")]
mod on_demand {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;
    use std::time::Duration;

    use js_sys::Function;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen::{JsCast, JsValue};
    use worker::{Error, Request, console_error, wasm_bindgen};

    use crate::http::reply::Reply;

    use super::super::body::query;
    use super::super::sleep::sleep;
    use super::{Env, Result, State};

    #[wasm_bindgen]
    extern "C" {
        type RawState;

        /// What ends the object.
        #[wasm_bindgen(method, getter)]
        fn abort(this: &RawState) -> Function;

        #[wasm_bindgen(js_name = setTimeout)]
        fn set_timeout(callback: &JsValue, delay_ms: u32) -> JsValue;
    }

    thread_local! {
        /// How often each fault is still to happen.
        static LEFT: RefCell<Option<BTreeMap<String, u32>>> = const { RefCell::new(None) };

        /// By how much the clock is ahead of the machine's.
        static AHEAD_MS: Cell<i64> = const { Cell::new(0) };
    }

    fn read(env: &Env) -> BTreeMap<String, u32> {
        let text = env.var("FAULTS").map(|text| text.to_string()).unwrap_or_default();
        let fault = |part: &str| match part.split_once('=') {
            Some((name, times)) => (name.to_owned(), times.parse().unwrap_or(1)),
            None => (part.to_owned(), 1),
        };
        text.split(',')
            .filter(|part| !part.is_empty())
            .map(fault)
            .collect()
    }

    fn is_asked_for(env: &Env, name: &str) -> bool {
        LEFT.with_borrow_mut(|left| left.get_or_insert_with(|| read(env)).contains_key(name))
    }

    fn is_due(env: &Env, name: &str) -> bool {
        LEFT.with_borrow_mut(|left| match left.get_or_insert_with(|| read(env)).get_mut(name) {
            Some(times @ 1..) => {
                *times -= 1;
                console_error!("fault: {name}, {times} more");
                true
            }
            _ => false,
        })
    }

    pub(in super::super) fn knows_repeats(env: &Env) -> bool {
        !is_asked_for(env, "no-deduplication")
    }

    pub(in super::super) fn clock_ahead_ms() -> i64 {
        AHEAD_MS.get()
    }

    /// `POST /faults/clock?by=<seconds>` moves the clock, forwards or back, for the edge and all objects: they share
    /// this memory. Any other request is none of ours.
    pub(in super::super) fn answer(request: &Request, env: &Env) -> Option<Reply> {
        if request.path() != "/faults/clock" || !is_asked_for(env, "clock") {
            return None;
        }
        let by = query(request);
        let by_s: i64 = by.strip_prefix("by=")?.parse().ok()?;
        AHEAD_MS.set(AHEAD_MS.get() + by_s * 1000);
        Some(Reply::empty(204))
    }

    pub(in super::super) async fn at(place: &str, state: &State, env: &Env) -> Result<()> {
        if is_due(env, &format!("throw@{place}")) {
            return Err(Error::RustError(format!("asked to throw at {place}")));
        }
        trap(place, state, env).await?;
        if is_due(env, &format!("evict@{place}")) {
            let raw: JsValue = state.as_raw().into();
            let raw = raw.unchecked_into::<RawState>();
            // An eviction finds the object waiting. From in here it would break off the whole module's executor.
            set_timeout(&raw.abort().bind1(&raw, &JsValue::from_str(place)), 0);
            // What comes after is not reached: the object is over.
            sleep(Duration::from_mins(1)).await;
        }
        Ok(())
    }

    /// A trap takes the isolate's memory with it, so how often it happened is written down first.
    async fn trap(place: &str, state: &State, env: &Env) -> Result<()> {
        let name = format!("trap@{place}");
        if !is_asked_for(env, &name) {
            return Ok(());
        }
        let times = LEFT.with_borrow(|left| left.as_ref().and_then(|left| left.get(&name).copied()));
        let storage = state.storage();
        let before: u32 = storage.get(&name).await?.unwrap_or(0);
        if before < times.unwrap_or(0) {
            storage.put(&name, before + 1).await?;
            storage.sync().await?;
            panic!("asked to trap at {place}");
        }
        Ok(())
    }
}

#[cfg(feature = "faults")]
pub(super) use on_demand::answer;
pub(super) use on_demand::{at, clock_ahead_ms, knows_repeats};

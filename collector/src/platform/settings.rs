//! Settings and bindings, read once per isolate; every mistake is named.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::Env;

use super::bound;
use crate::config::{Config, OPTIONAL_BINDINGS, REQUIRED_BINDINGS};
use crate::http::problem::Problem;
use crate::sinks::Sink;

thread_local! {
    static CONFIG: RefCell<Option<Rc<Config>>> = const { RefCell::new(None) };
}

/// The settings. Mistakes are looked for again on every request until there are none.
pub(super) fn config(env: &Env) -> Result<Rc<Config>, Problem> {
    if let Some(config) = CONFIG.with_borrow(Clone::clone) {
        return Ok(config);
    }
    let mut mistakes: Vec<String> = REQUIRED_BINDINGS
        .iter()
        .filter(|name| !is_bound(env, name))
        .map(|name| format!("{name} is missing: bind it as docs/deploy.md says"))
        .collect();
    let lookup = |name: &str| env.var(name).ok().map(|value| value.to_string());
    let read = Config::read(lookup);
    if let Ok(config) = &read {
        let unbound = config.sinks.iter().filter(|sink| !bound::is_bound(env, sink));
        mistakes.extend(unbound.filter_map(Sink::is_not_bound));
    }
    match read {
        Ok(config) if mistakes.is_empty() => {
            let config = Rc::new(config);
            CONFIG.set(Some(Rc::clone(&config)));
            return Ok(config);
        }
        Ok(_) => {}
        Err(errors) => mistakes.extend(errors.iter().map(ToString::to_string)),
    }
    Err(Problem::NotConfigured { mistakes })
}

/// Which of the bindings are there that nothing depends on.
pub(super) fn optional_bindings(env: &Env) -> Vec<&'static str> {
    let is_there = |name: &&str| {
        Reflect::get(env.as_ref(), &JsValue::from_str(name))
            .is_ok_and(|binding| !binding.is_undefined() && !binding.is_null())
    };
    OPTIONAL_BINDINGS.into_iter().filter(is_there).collect()
}

fn is_bound(env: &Env, name: &str) -> bool {
    match name {
        "ASSETS" => env.assets(name).is_ok(),
        _ => env.durable_object(name).is_ok(),
    }
}

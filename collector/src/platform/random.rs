//! Secrets are made of the platform's random bytes, never of `Math.random`.
#![allow(unsafe_code, reason = "generated bindings")]

use worker::wasm_bindgen;
use worker::wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]);
}

/// Bytes that nobody can guess.
pub(super) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    get_random_values(&mut bytes);
    bytes
}

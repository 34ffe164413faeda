//! Marks on a picture before it is sent: highlight, cover, arrow, crop, and taking them back.
//!
//! A module of its own, because few visitors who open the panel take a picture. What goes back and forth is numbers:
//! [`act`] tells what happened, [`scene`] gives what there is to draw. `browser/` makes elements and pixels of it and
//! decides nothing; [`state`] decides, and is tested natively.

mod geometry;
mod scene;
mod state;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use geometry::Point;
use state::{Action, State, reduce};

/// Constant time and little code, as in the panel.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State::default());
}

/// Something happened: which of the [`Action`]s, by its place, and its two numbers. Returns what is to be said, by its
/// place in [`state::Said`].
#[wasm_bindgen]
pub fn act(what: u32, a: f64, b: f64) -> u32 {
    let Some(action) = Action::read(what, Point { x: a, y: b }) else {
        return 0;
    };
    STATE.with_borrow_mut(|state| {
        let said;
        (*state, said) = reduce(std::mem::take(state), action);
        said as u32
    })
}

/// What there is to draw, on the screen or for the picture that is sent: see [`scene::numbers`].
#[wasm_bindgen]
pub fn scene(to_send: bool) -> Vec<f64> {
    STATE.with_borrow(|state| scene::numbers(state, to_send))
}

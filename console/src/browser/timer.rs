//! Things done later.

use gloo::timers::callback::{Interval, Timeout};

/// Runs something once, unless it is dropped before.
pub(crate) struct Later(#[expect(dead_code, reason = "held: dropping it cancels")] Timeout);

/// Runs something again and again until it is dropped.
pub(crate) struct Every(#[expect(dead_code, reason = "held: dropping it cancels")] Interval);

/// Runs `then` after so many milliseconds.
pub(crate) fn after(ms: u32, then: impl FnOnce() + 'static) -> Later {
    Later(Timeout::new(ms, then))
}

/// Runs `then` after so many milliseconds, whatever becomes of the caller.
pub(crate) fn surely_after(ms: u32, then: impl FnOnce() + 'static) {
    Timeout::new(ms, then).forget();
}

/// Runs `then` every so many milliseconds.
pub(crate) fn every(ms: u32, then: impl FnMut() + 'static) -> Every {
    Every(Interval::new(ms, then))
}

//! Time and chance, as values.

use hearback_shared::UnixMillis;
use hearback_shared::producer::Producer;

/// Milliseconds since 1970.
pub(super) fn now() -> UnixMillis {
    worker::Date::now()
        .as_millis()
        .saturating_add_signed(super::faults::clock_ahead_ms())
}

/// A number from 0 to 1, for jitter. Not for secrets.
pub(super) fn chance() -> f64 {
    js_sys::Math::random()
}

/// A producer for a form that has no page of its own to number its items.
pub(super) fn fresh_producer(now: UnixMillis) -> Producer {
    // The producer is no secret: it only has to differ from others.
    let mut random = [0; 12];
    for byte in &mut random {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
        let value = (chance() * 256.0) as u8;
        *byte = value;
    }
    Producer::new(now, random)
}

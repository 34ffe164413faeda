//! The clock and the time zone.

use hearback_shared::UnixMillis;

use crate::words::Moment;

/// The time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a positive whole number below 2^53"
)]
pub(crate) fn now() -> UnixMillis {
    js_sys::Date::now() as UnixMillis
}

/// A moment in the zone of the person who looks, with the offset that was in force then.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "milliseconds and minutes are small"
)]
pub(crate) fn local(at: UnixMillis) -> Moment {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(at as f64));
    let offset = date.get_timezone_offset();
    Moment::of(at, if offset.is_finite() { -offset as i64 } else { 0 })
}

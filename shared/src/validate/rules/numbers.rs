//! A number is stored as a 64-bit float. Beyond 2^53 that is another number than was sent (an order number off by
//! one), so it is refused and its sender told to use a text. Small and subnormal fractions are kept as they are.

use crate::item::{ItemBody, PropValue};
use crate::limits::INTEGER_MAX;
use crate::rejection::Rejection;
use crate::validate::explain::number_out_of_range;

/// `INTEGER_MAX` as the float that it exactly is.
#[allow(clippy::cast_precision_loss, reason = "2^53 - 1 is a float")]
const NUMBER_MAX: f64 = INTEGER_MAX as f64;

pub(super) fn numbers(body: &ItemBody) -> Result<(), Rejection> {
    let is_beyond = |value: &PropValue| {
        // Not `>`, which would let a NaN pass.
        matches!(value, PropValue::Number(number) if !(-NUMBER_MAX..=NUMBER_MAX).contains(number))
    };
    for (field, props) in body.props() {
        if let Some((name, _)) = props.iter().find(|(_, value)| is_beyond(value)) {
            return Err(number_out_of_range(&format!("{field}.{name}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Event;

    #[test]
    fn what_a_float_counts_exactly_is_kept_and_nothing_beyond() {
        for (number, fits) in [
            (0.0, true),
            (f64::MIN_POSITIVE / 2.0, true),
            (9_007_199_254_740_991.0, true),
            (-9_007_199_254_740_991.0, true),
            (9_007_199_254_740_992.0, false),
            (1e300, false),
            (f64::INFINITY, false),
            (f64::NAN, false),
        ] {
            let event = Event {
                name: "a".into(),
                props: std::iter::once(("n".to_owned(), PropValue::Number(number))).collect(),
            };
            assert_eq!(numbers(&ItemBody::Event(event)).is_ok(), fits, "{number}");
        }
    }
}

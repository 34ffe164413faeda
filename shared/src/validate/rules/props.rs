//! An event says a few things about itself; a list of them belongs into several events.

use crate::item::ItemBody;
use crate::limits::PROPS;
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn props(body: &ItemBody) -> Result<(), Rejection> {
    match body.props().find(|(_, props)| props.len() > PROPS) {
        Some((field, _)) => Err(Rejection::field(
            RejectionCode::TooManyProps,
            field,
            format!("At most {PROPS} properties"),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Event, PropValue};

    #[test]
    fn an_event_has_32_properties_and_not_33() {
        for (count, fits) in [(0, true), (32, true), (33, false)] {
            let event = Event {
                name: "a".into(),
                props: (0..count).map(|n| (n.to_string(), PropValue::Null)).collect(),
            };
            assert_eq!(props(&ItemBody::Event(event)).is_ok(), fits, "{count}");
        }
    }
}

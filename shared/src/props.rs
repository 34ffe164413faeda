//! Properties of an event: flat, each name once.
//!
//! Read by hand rather than by derived code, for two reasons: derived maps keep the last of two values under one
//! name without a word, and an untagged enum copies every value before it looks at it.

use litemap::Entry;
use litemap::LiteMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::limits::INTEGER_MAX;

/// A property's value: what JSON can carry flat.
#[derive(Clone, Debug, PartialEq)]
pub enum PropValue {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite number, never −0.
    Number(f64),
    /// A text.
    Text(String),
}

/// Properties of an event, by name.
pub type Props = LiteMap<String, PropValue>;

impl PropValue {
    /// A number; −0 becomes 0, so that nobody counts two zeroes.
    pub fn number(value: f64) -> Self {
        Self::Number(if value == 0.0 { 0.0 } else { value })
    }
}

impl Serialize for PropValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => match whole(*value) {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(*value),
            },
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

/// The number as an integer, where it is one that a float counts exactly: every reader then keeps every digit, also
/// those that read `9007199254740991.0` as one less.
fn whole(value: f64) -> Option<i64> {
    #[allow(clippy::cast_precision_loss, reason = "2^53 - 1 is a float")]
    let max = INTEGER_MAX as f64;
    #[allow(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    (value.fract() == 0.0 && value.abs() <= max).then_some(value as i64)
}

impl<'de> Deserialize<'de> for PropValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl Visitor<'_> for ValueVisitor {
    type Value = PropValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true, false or null")
    }

    fn visit_unit<E>(self) -> Result<PropValue, E> {
        Ok(PropValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<PropValue, E> {
        Ok(PropValue::Bool(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<PropValue, E> {
        Ok(PropValue::number(value))
    }

    // Beyond 2^53 a float is not the number that was sent; the rule `numbers` then refuses it.
    #[allow(clippy::cast_precision_loss, reason = "what loses precision is refused")]
    fn visit_u64<E>(self, value: u64) -> Result<PropValue, E> {
        Ok(PropValue::number(value as f64))
    }

    #[allow(clippy::cast_precision_loss, reason = "what loses precision is refused")]
    fn visit_i64<E>(self, value: i64) -> Result<PropValue, E> {
        Ok(PropValue::number(value as f64))
    }

    fn visit_str<E>(self, value: &str) -> Result<PropValue, E> {
        Ok(PropValue::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<PropValue, E> {
        Ok(PropValue::Text(value))
    }
}

/// Properties in which a name that occurs twice is an error: `deserialize_with` of what comes from outside.
pub(crate) fn each_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Props>, D::Error> {
    deserializer.deserialize_option(EachOnce)
}

struct EachOnce;

impl<'de> Visitor<'de> for EachOnce {
    type Value = Option<Props>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut props = Props::new();
        while let Some(name) = map.next_key()? {
            match props.entry(name) {
                Entry::Vacant(entry) => drop(entry.insert(map.next_value()?)),
                Entry::Occupied(_) => return Err(A::Error::custom("a property occurs twice")),
            }
        }
        Ok(Some(props))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flat_value_reads_back_as_it_was_written() {
        for json in [
            "null",
            "true",
            "1.5",
            "-3",
            "9007199254740991",
            "0.1234567890123456",
            "\"a\"",
        ] {
            let value: PropValue = serde_json::from_str(json).expect(json);
            assert_eq!(serde_json::to_string(&value).expect(json), json);
        }
        assert!(serde_json::from_str::<PropValue>("[1]").is_err());
        assert!(serde_json::from_str::<PropValue>("{}").is_err());
    }

    #[test]
    fn there_is_one_zero() {
        let value: PropValue = serde_json::from_str("-0.0").expect("a number");
        assert!(matches!(value, PropValue::Number(zero) if zero.is_sign_positive()));
    }

    #[test]
    fn a_name_that_occurs_twice_is_an_error_however_it_is_written() {
        for json in [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#] {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            assert!(each_once(&mut deserializer).is_err(), "{json}");
        }
    }
}

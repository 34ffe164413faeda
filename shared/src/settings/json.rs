//! Settings from JSON and to it, by one table of fields for each of their parts. Derived code would be a reader and a
//! writer for each, of about a kilobyte in the collector; this is one of both for all. A mistake is named by its path, as
//! a form needs it.

use std::collections::BTreeSet;
use std::fmt;

use litemap::LiteMap;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::Mistake;

/// What is found wrong first.
pub(crate) type Read = Result<(), Mistake>;

/// A part of the settings, or a value in it. Reading changes the default into what was set.
pub(crate) trait Setting {
    /// Its fields, if it is an object: all that such a part has to say of itself.
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(0, Vec::new())
    }

    /// Takes what the JSON says.
    fn read(&mut self, value: Value) -> Read {
        self.fields().read(value)
    }

    /// The JSON that says this. It changes nothing; a table of fields can only be had for both directions.
    fn write(&mut self) -> Value {
        self.fields().write()
    }
}

/// The fields of an object.
pub(crate) struct Fields<'a> {
    /// How many of the first have to be there.
    needed: usize,
    /// Each field's name, and where its value is.
    all: Vec<(&'static str, &'a mut dyn Setting)>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(needed: usize, all: Vec<(&'static str, &'a mut dyn Setting)>) -> Self {
        Self { needed, all }
    }

    /// What is none of the fields is refused.
    pub(crate) fn read(mut self, value: Value) -> Read {
        let Value::Object(given) = value else {
            return Err(wrong("an object"));
        };
        let mut needed = self.all[..self.needed].iter();
        if let Some((name, _)) = needed.find(|(name, _)| !given.contains_key(*name)) {
            return Err(wrong(format!("missing field `{name}`")));
        }
        for (name, value) in given {
            let read = match self.all.iter_mut().find(|(known, _)| *known == name) {
                Some((_, field)) => field.read(value),
                None => Err(wrong(format!(
                    "unknown field, expected one of {}",
                    named(self.all.iter().map(|(known, _)| *known))
                ))),
            };
            read.map_err(|mistake| mistake.below(&name))?;
        }
        Ok(())
    }

    fn write(self) -> Value {
        let fields = self.all.into_iter();
        Value::Object(
            fields
                .map(|(name, field)| (name.to_owned(), field.write()))
                .collect(),
        )
    }
}

/// A type that is one of a few words.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// Each of them, as it stands in JSON.
    const WORDS: &'static [(&'static str, Self)];
}

impl<W: Word> Setting for W {
    fn read(&mut self, value: Value) -> Read {
        let at = word(&value, W::WORDS.iter().map(|(word, _)| *word).collect())?;
        *self = W::WORDS[at].1;
        Ok(())
    }

    fn write(&mut self) -> Value {
        let found = W::WORDS.iter().find(|(_, value)| value == self);
        found.map_or(Value::Null, |(word, _)| (*word).into())
    }
}

/// Which of the words it is.
fn word(value: &Value, words: Vec<&'static str>) -> Result<usize, Mistake> {
    let said = value.as_str();
    let found = words.iter().position(|word| Some(*word) == said);
    found.ok_or_else(|| wrong(format!("one of {}", named(words))))
}

fn named(names: impl IntoIterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn wrong(message: impl Into<String>) -> Mistake {
    Mistake {
        path: String::new(),
        message: message.into(),
    }
}

impl Mistake {
    /// The same, seen from outside of what is called this.
    fn below(self, name: &str) -> Self {
        let name = Self::shown(name);
        let path = match self.path.as_str() {
            "" => name,
            inner if inner.starts_with('[') => name + inner,
            inner => name + "." + inner,
        };
        Self { path, ..self }
    }

    fn at(self, place: usize) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        Self {
            path: format!("[{place}]{dot}{}", self.path),
            ..self
        }
    }
}

impl Setting for bool {
    fn read(&mut self, value: Value) -> Read {
        *self = value.as_bool().ok_or_else(|| wrong("true or false"))?;
        Ok(())
    }

    fn write(&mut self) -> Value {
        (*self).into()
    }
}

impl Setting for String {
    fn read(&mut self, value: Value) -> Read {
        let Value::String(text) = value else {
            return Err(wrong("a text"));
        };
        *self = text;
        Ok(())
    }

    fn write(&mut self) -> Value {
        self.as_str().into()
    }
}

/// A whole number up to `most`.
fn whole(value: &Value, most: u64) -> Result<u64, Mistake> {
    let number = value.as_u64().filter(|number| *number <= most);
    number.ok_or_else(|| wrong(format!("a whole number from 0 to {most}")))
}

impl Setting for u8 {
    #[expect(clippy::cast_possible_truncation, reason = "at most its maximum")]
    fn read(&mut self, value: Value) -> Read {
        *self = whole(&value, Self::MAX.into())? as Self;
        Ok(())
    }

    fn write(&mut self) -> Value {
        (*self).into()
    }
}

impl Setting for u32 {
    #[expect(clippy::cast_possible_truncation, reason = "at most its maximum")]
    fn read(&mut self, value: Value) -> Read {
        *self = whole(&value, Self::MAX.into())? as Self;
        Ok(())
    }

    fn write(&mut self) -> Value {
        (*self).into()
    }
}

impl Setting for (u16, u16) {
    #[expect(clippy::cast_possible_truncation, reason = "at most its maximum")]
    fn read(&mut self, value: Value) -> Read {
        let Some([first, second]) = value.as_array().map(Vec::as_slice) else {
            return Err(wrong("two numbers"));
        };
        let number = |value, place| {
            let number = whole(value, u16::MAX.into());
            number
                .map(|number| number as u16)
                .map_err(|mistake| mistake.at(place))
        };
        *self = (number(first, 0)?, number(second, 1)?);
        Ok(())
    }

    fn write(&mut self) -> Value {
        Value::Array(vec![self.0.into(), self.1.into()])
    }
}

impl Setting for Option<u32> {
    fn read(&mut self, value: Value) -> Read {
        *self = None;
        if value.is_null() {
            return Ok(());
        }
        self.insert(0).read(value)
    }

    fn write(&mut self) -> Value {
        self.map_or(Value::Null, Value::from)
    }
}

impl Setting for Option<u64> {
    fn read(&mut self, value: Value) -> Read {
        *self = if value.is_null() {
            None
        } else {
            Some(whole(&value, u64::MAX)?)
        };
        Ok(())
    }

    fn write(&mut self) -> Value {
        self.map_or(Value::Null, Value::from)
    }
}

impl<T: Setting + Default> Setting for Vec<T> {
    fn read(&mut self, value: Value) -> Read {
        self.clear();
        each(value, &mut |value| {
            let mut one = T::default();
            one.read(value)?;
            self.push(one);
            Ok(())
        })
    }

    fn write(&mut self) -> Value {
        Value::Array(self.iter_mut().map(Setting::write).collect())
    }
}

impl Setting for BTreeSet<String> {
    fn read(&mut self, value: Value) -> Read {
        let mut list = Vec::new();
        list.read(value)?;
        *self = list.into_iter().collect();
        Ok(())
    }

    fn write(&mut self) -> Value {
        Value::Array(self.iter().map(|one| one.as_str().into()).collect())
    }
}

impl<T: Setting + Default> Setting for LiteMap<String, T> {
    fn read(&mut self, value: Value) -> Read {
        self.clear();
        each_named(value, &mut |name, value| {
            let mut one = T::default();
            one.read(value)?;
            self.insert(name, one);
            Ok(())
        })
    }

    fn write(&mut self) -> Value {
        let fields = self.iter_mut();
        Value::Object(
            fields
                .map(|(name, value)| (name.clone(), value.write()))
                .collect(),
        )
    }
}

/// Each value of a list; a mistake is named by its place.
fn each(value: Value, read: &mut dyn FnMut(Value) -> Read) -> Read {
    let Value::Array(values) = value else {
        return Err(wrong("a list"));
    };
    let mut values = values.into_iter().enumerate();
    values.try_for_each(|(at, value)| read(value).map_err(|mistake| mistake.at(at)))
}

/// Each value of an object whose names are anybody's.
fn each_named(value: Value, read: &mut dyn FnMut(String, Value) -> Read) -> Read {
    let values = match value {
        Value::Object(values) => values,
        // So what is empty was written once.
        Value::Array(none) if none.is_empty() => return Ok(()),
        _ => return Err(wrong("an object")),
    };
    let mut values = values.into_iter();
    values.try_for_each(|(name, value)| {
        let shown = Mistake::shown(&name);
        read(name, value).map_err(|mistake| mistake.below(&shown))
    })
}

/// From a serde format; a mistake becomes an error that begins with the path.
pub(crate) fn deserialize<'de, T: Setting + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let EachOnce(value) = EachOnce::deserialize(deserializer)?;
    let mut setting = T::default();
    let said = |mistake: Mistake| D::Error::custom(format_args!("{}: {}", mistake.path, mistake.message));
    setting.read(value).map_err(said)?;
    Ok(setting)
}

/// To a serde format.
pub(crate) fn serialize<T: Setting + Clone, S: Serializer>(
    setting: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    setting.clone().write().serialize(serializer)
}

/// JSON in which no name stands twice in an object: the second would replace the first without a word.
pub struct EachOnce(pub Value);

impl<'de> Deserialize<'de> for EachOnce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Json).map(Self)
    }
}

struct Json;

impl<'de> Visitor<'de> for Json {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(EachOnce(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            let EachOnce(value) = object.next_value()?;
            if values.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            values.insert(name, value);
        }
        Ok(Value::Object(values))
    }
}

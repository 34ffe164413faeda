//! A JSON object whose fields are taken one by one: what is missing or left over is named, and no value is repeated.

use serde_json::{Map, Value};

/// What is written down of one sink.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Of an object.
    pub fn new(fields: Map<String, Value>) -> Self {
        Self(fields)
    }

    /// A text, where it is there.
    pub fn text(&mut self, field: &str) -> Result<Option<String>, String> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("{field} is a text")),
        }
    }

    /// A text that has to be there.
    pub fn needed(&mut self, field: &str) -> Result<String, String> {
        self.text(field)?.ok_or_else(|| format!("{field} is missing"))
    }

    /// `true` or `false`, where it is there.
    pub fn switch(&mut self, field: &str) -> Result<Option<bool>, String> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(is_on)) => Ok(Some(is_on)),
            Some(_) => Err(format!("{field} is true or false")),
        }
    }

    /// Nothing else may be there: a typo must not pass for a field that was left out.
    pub fn end(self) -> Result<(), String> {
        match self.0.keys().next() {
            // Of a field that nobody knows, the name may be anything.
            Some(name) if name.len() <= 32 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => {
                Err(format!("{name} is no field of this kind of sink"))
            }
            Some(_) => Err("it has a field that is unknown".to_owned()),
            None => Ok(()),
        }
    }
}

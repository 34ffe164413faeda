//! Optional event schemas: what a project's events may be called and hold.

mod check;
mod mistakes;

pub(super) use check::check;

use litemap::LiteMap;

use serde::{Deserialize, Deserializer};

/// A project's event schemas and how strictly they are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSchemas {
    /// How strictly.
    pub mode: SchemaMode,
    /// The events that are known, by name. `page_view`, which the loader sends by itself, is always known.
    pub events: LiteMap<String, EventSchema>,
}

impl<'de> Deserialize<'de> for EventSchemas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::settings::json::deserialize(deserializer)
    }
}

/// How strictly schemas are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SchemaMode {
    /// They are not looked at.
    #[default]
    Off,
    /// What does not fit is kept and flagged.
    Warn,
    /// What does not fit is rejected.
    Enforce,
}

/// What one event may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSchema {
    /// Its properties, by name. Others do not fit.
    pub props: LiteMap<String, PropSchema>,
}

/// What one property may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropSchema {
    /// Its type.
    pub prop_type: PropType,
    /// Whether every such event has it.
    pub required: bool,
    /// The texts it may be; empty allows every text. Only for texts.
    pub choices: Vec<String>,
}

/// The type of a property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PropType {
    /// A text.
    #[default]
    Text,
    /// A finite number.
    Number,
    /// `true` or `false`.
    Bool,
}

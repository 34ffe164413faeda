//! Optional event schemas: what a project's events may be called and hold.

mod check;
mod mistakes;

pub(super) use check::check;

use litemap::LiteMap;

use serde::{Deserialize, Serialize};

/// A project's event schemas and how strictly they are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventSchemas {
    /// How strictly.
    pub mode: SchemaMode,
    /// The events that are known, by name. `page_view`, which the loader sends by itself, is always known.
    pub events: LiteMap<String, EventSchema>,
}

/// How strictly schemas are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventSchema {
    /// Its properties, by name. Others do not fit.
    pub props: LiteMap<String, PropSchema>,
}

/// What one property may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropSchema {
    /// Its type.
    #[serde(rename = "type")]
    pub prop_type: PropType,
    /// Whether every such event has it.
    #[serde(default)]
    pub required: bool,
    /// The texts it may be; empty allows every text. Only for texts.
    #[serde(default, rename = "enum")]
    pub choices: Vec<String>,
}

/// The type of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PropType {
    /// A text.
    Text,
    /// A finite number.
    Number,
    /// `true` or `false`.
    Bool,
}

//! What a project's team sets: read by the edge (at most a minute old there), the shards and the console.
//!
//! Everything has a default, so a project that was never set up works. Unknown names are refused: a typo must not
//! switch a protection off.

mod check;
mod check_widget;
pub(crate) mod json;
mod tables;
mod widget;

pub use check::Mistake;
pub use json::EachOnce;
pub use widget::{
    Asked, ConsentLevel, Corner, Field, FieldType, FormSettings, FormStyle, LauncherSettings, RatingStyle,
    UsagePart, UsageSettings, WidgetSettings,
};

use std::collections::BTreeSet;

use litemap::LiteMap;

use json::Setting;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::UnixMillis;
use crate::redact::RedactionRules;
use crate::validate::EventSchemas;

/// `GET` and `PUT /api/v1/settings`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectSettings {
    /// Origins whose pages may send, such as `https://shop.example`; empty lets every origin send.
    pub origins: Vec<String>,
    /// What events may be called and hold.
    pub schemas: EventSchemas,
    /// What is taken out beyond what is always taken out.
    pub redaction: RedactionRules,
    /// Query parameters that addresses keep; all others are dropped.
    pub keep_query: BTreeSet<String>,
    /// Properties by whose values events are broken down.
    pub breakdowns: BTreeSet<String>,
    /// Numeric properties whose percentiles are kept, beside the web vitals.
    pub percentiles: BTreeSet<String>,
    /// How much may be sent.
    pub quota: Quota,
    /// How long items are kept.
    pub retention: Retention,
    /// Where the project's own deliveries go, beside the operator's sinks.
    pub webhooks: Vec<Webhook>,
    /// What the widget looks like and does. Public.
    pub widget: WidgetSettings,
    /// The secret with which the team's servers sign who a visitor is (HS256); empty where they do not.
    pub identity_secret: String,
}

impl ProjectSettings {
    /// From JSON, or what does not fit first, by its path.
    pub fn read_json(EachOnce(json): EachOnce) -> Result<Self, Mistake> {
        let mut settings = Self::default();
        settings.read(json)?;
        Ok(settings)
    }
}

impl Serialize for ProjectSettings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for ProjectSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize(deserializer)
    }
}

impl Serialize for WidgetSettings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for WidgetSettings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize(deserializer)
    }
}

/// How much a project may be sent before its senders are asked to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Items an hour from all senders together; `null` for no bound.
    pub items_per_hour: Option<u64>,
    /// Requests a minute from one network address.
    pub requests_per_minute_per_address: u32,
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            items_per_hour: None,
            requests_per_minute_per_address: 600,
        }
    }
}

/// Days for which items are kept, by kind; `null` keeps them until they are erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Events in the logs. What was counted of them stays.
    pub events_days: Option<u32>,
    /// Feedback in the inbox, and its attachments.
    pub feedback_days: Option<u32>,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            events_days: Some(90),
            feedback_days: None,
        }
    }
}

/// A sink that the project's team set up itself: always public https.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Webhook {
    /// Its name, unique among the project's sinks.
    pub name: String,
    /// `https://…`
    pub url: String,
    /// `whsec_…`, which signs deliveries.
    pub secret: String,
}

/// What the edge and the shards need to know of a project, given by the project object and kept for a minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeView {
    /// The settings.
    pub settings: ProjectSettings,
    /// Generations of the public key that are refused.
    pub revoked_keys: Vec<u32>,
    /// Generation of the key that the console shows.
    pub key_generation: u32,
    /// Shards of the project, a power of two.
    pub shards: u32,
    /// The daily salts of the visitor hash, in hexadecimal, by the day's first millisecond: today's and yesterday's.
    pub salts: LiteMap<UnixMillis, String>,
}

//! Questions and answers of the read API, the same types at the edge and in the console.
//!
//! A [`Question`] is a value. Each shard answers it with a [`Partial`] from its rollups; partials merge, and the merged
//! one is turned into the [`Answer`].

mod answer;
mod partial;
mod question;
mod read;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Other, PercentilePoint, QuantileValue, Step, UniquesPoint, ValueCount};
pub use partial::{Partial, StoredRow};
pub use question::{BadQuestion, Bodies, Question, Range, Span};

use serde::{Deserialize, Serialize};

use crate::UnixMillis;
use crate::item::{FeedbackKind, ItemBody, Props, StoredItem};
use crate::project::ProjectId;

/// `GET /api/v1/project`: who the token speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectAnswer {
    /// The project.
    pub project: ProjectId,
    /// The public key that its pages carry.
    pub key: String,
}

/// One piece of feedback as the API shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedbackRow {
    /// The item's id.
    pub id: String,
    /// What the visitor says it is.
    pub kind: FeedbackKind,
    /// Their words. Text, never HTML.
    pub text: String,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// Where an answer may go.
    pub email: Option<String>,
    /// The page it was sent from.
    pub url: Option<String>,
    /// The language of the page or browser.
    pub lang: Option<String>,
    /// Viewport in CSS pixels.
    pub screen: Option<(u32, u32)>,
    /// The host application's release.
    pub release: Option<String>,
    /// The host application's environment.
    pub env: Option<String>,
    /// When it was said (clock-corrected).
    pub at: UnixMillis,
    /// When it reached the edge.
    pub received_at: UnixMillis,
    /// Names of the pictures sent with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// Answers to the project's own questions.
    #[serde(default, skip_serializing_if = "Props::is_empty")]
    pub answers: Props,
    /// What the page said of itself.
    #[serde(default, skip_serializing_if = "Props::is_empty")]
    pub props: Props,
    /// What the visitor pointed at.
    #[serde(default, skip_serializing_if = "Props::is_empty")]
    pub element: Props,
    /// What happened before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breadcrumbs: Vec<String>,
    /// Who sent it, as the page says or its server signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether the team's server signed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub user_verified: bool,
    /// Who sent it, for the length of that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// Why it is to be looked at before it stands among the rest; empty for most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quarantine: Vec<String>,
}

impl FeedbackRow {
    /// The row of an item, if it is feedback.
    pub fn of(item: StoredItem) -> Option<Self> {
        let ItemBody::Feedback(feedback) = item.body else {
            return None;
        };
        Some(Self {
            id: item.id,
            kind: feedback.kind,
            text: feedback.text,
            rating: feedback.rating,
            email: feedback.contact.map(|contact| contact.email),
            url: item.context.url,
            lang: item.context.lang,
            screen: item.context.screen,
            release: item.context.release,
            env: item.context.env,
            at: item.at,
            received_at: item.received_at,
            attachments: feedback.attachments,
            answers: feedback.answers,
            props: feedback.props,
            element: feedback.element,
            breadcrumbs: feedback.breadcrumbs,
            user: item.edge.user,
            user_verified: item.edge.user_verified,
            visitor: item.edge.visitor,
            quarantine: Vec::new(),
        })
    }
}

/// `GET /api/v1/feedback?limit=&before=`: newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedbackPage {
    /// The rows, newest first.
    pub items: Vec<FeedbackRow>,
    /// How many there are in all.
    pub total: u64,
    /// Give this as `before` to get the next page; null on the last.
    pub next: Option<String>,
}

/// Width of a point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// 60 minutes, from the full hour UTC.
    Hour,
    /// 24 hours, from midnight UTC.
    Day,
}

impl Interval {
    /// Its width.
    pub fn width_ms(self) -> UnixMillis {
        match self {
            Self::Hour => 60 * 60 * 1000,
            Self::Day => 24 * 60 * 60 * 1000,
        }
    }

    /// The start of the interval that holds `at`.
    pub fn start(self, at: UnixMillis) -> UnixMillis {
        at - at % self.width_ms()
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The interval with this name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "hour" => Some(Self::Hour),
            "day" => Some(Self::Day),
            _ => None,
        }
    }
}

/// `GET /api/v1/events/series?from=&to=&interval=`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesQuestion {
    /// Start, inclusive; rounded down to the interval.
    pub from: UnixMillis,
    /// End, exclusive; rounded up to the interval.
    pub to: UnixMillis,
    /// Width of a point.
    pub interval: Interval,
}

impl SeriesQuestion {
    /// The question from the start of its first point to the end of its last.
    #[must_use]
    pub fn aligned(self) -> Self {
        let width = self.interval.width_ms();
        Self {
            from: self.interval.start(self.from),
            to: self.to.div_ceil(width).saturating_mul(width),
            ..self
        }
    }

    /// How many points the answer has.
    pub fn points(self) -> u64 {
        let aligned = self.aligned();
        aligned.to.saturating_sub(aligned.from) / self.interval.width_ms()
    }
}

/// Counts of one event name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The event's name, or `null` for *other*: all names beyond the most frequent.
    pub name: Option<String>,
    /// Sum of `counts`.
    pub total: u64,
    /// One count a point, the first at `from`.
    pub counts: Vec<u64>,
}

/// The answer to a [`SeriesQuestion`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesAnswer {
    /// Start of the first point.
    pub from: UnixMillis,
    /// End of the last point.
    pub to: UnixMillis,
    /// Width of a point.
    pub interval: Interval,
    /// Most frequent first, *other* last.
    pub series: Vec<Series>,
}

/// What `/api/v1/live` (WebSocket) sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum LiveMessage {
    /// New feedback, in the order of arrival.
    Feedback {
        /// The rows, oldest first.
        items: Vec<FeedbackRow>,
        /// How many there are in all now.
        total: u64,
    },
}

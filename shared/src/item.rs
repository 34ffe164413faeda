//! What a page sends: events and feedback, after decoding and judging.

use litemap::LiteMap;

use serde::{Deserialize, Serialize};

use crate::UnixMillis;
use crate::item_line::Line;
pub use crate::message_id::MessageId;
use crate::producer::Producer;
use crate::project::ProjectId;
pub use crate::props::{PropValue, Props};

/// The event that the loader sends for every view of a page, at load and at each in-page navigation.
pub const PAGE_VIEW: &str = "page_view";

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// What happened, such as `signup`.
    pub name: String,
    /// Details, flat.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    pub props: Props,
}

/// What the visitor says their feedback is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedbackKind {
    /// Something does not work. What forms begin with.
    #[default]
    Bug,
    /// Something is missing or could be better.
    Idea,
    /// Something is good.
    Praise,
    /// Something is unclear.
    Question,
}

impl FeedbackKind {
    /// All kinds, in the order in which forms offer them.
    pub const ALL: [Self; 4] = [Self::Bug, Self::Idea, Self::Praise, Self::Question];

    /// The kind as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bug => "bug",
            Self::Idea => "idea",
            Self::Praise => "praise",
            Self::Question => "question",
        }
    }

    /// The kind with this name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How the team may answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// An e-mail address, given by the visitor for this purpose.
    pub email: String,
}

/// What a visitor said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Feedback {
    /// What the visitor says it is.
    pub kind: FeedbackKind,
    /// Their words. Text, never HTML.
    pub text: String,
    /// 1 (bad) to 5 (good).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// How the team may answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Names of pictures that were sent before, as `POST /v1/attachments` gave them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
    /// Answers to the project's own questions, by the field's name. Several choices stand in one text, a line each.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    pub answers: Props,
    /// What the page said of itself or of the visitor with `hearback('context', …)`.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    pub props: Props,
    /// What the visitor pointed at: `selector`, `role`, `name`, and `x`, `y`, `width`, `height` in CSS pixels.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    pub element: Props,
    /// What happened before, oldest first: seconds before sending, what it was, and its name, such as
    /// `12 click button Pay`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breadcrumbs: Vec<String>,
}

impl Feedback {
    /// Words of one kind, and nothing else.
    pub fn new(kind: FeedbackKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            rating: None,
            contact: None,
            attachments: Vec::new(),
            answers: Props::new(),
            props: Props::new(),
            element: Props::new(),
            breadcrumbs: Vec::new(),
        }
    }

    /// Its properties of all sorts, with the name of the field they stand in.
    pub fn all_props(&self) -> [(&'static str, &Props); 3] {
        [
            ("answers", &self.answers),
            ("props", &self.props),
            ("element", &self.element),
        ]
    }

    /// The same, to be changed.
    pub fn all_props_mut(&mut self) -> [&mut Props; 3] {
        [&mut self.answers, &mut self.props, &mut self.element]
    }
}

/// The two types of item.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ItemBody {
    /// Something happened.
    Event(Event),
    /// Somebody said something.
    Feedback(Feedback),
}

impl ItemBody {
    /// Its properties of all sorts, with the name of the field they stand in.
    pub fn props(&self) -> impl Iterator<Item = (&'static str, &Props)> {
        let (one, more) = match self {
            Self::Event(event) => (Some(("props", &event.props)), None),
            Self::Feedback(feedback) => (None, Some(feedback.all_props())),
        };
        one.into_iter().chain(more.into_iter().flatten())
    }

    /// The same, to be changed.
    pub fn props_mut(&mut self) -> impl Iterator<Item = &mut Props> {
        let (one, more) = match self {
            Self::Event(event) => (Some(&mut event.props), None),
            Self::Feedback(feedback) => (None, Some(feedback.all_props_mut())),
        };
        one.into_iter().chain(more.into_iter().flatten())
    }
}

/// Where and in what an item arose, as the page tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// Address of the page, without query and hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Address the visitor came from, without query and hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// The page's or browser's language, a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Viewport in CSS pixels: width, height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<(u32, u32)>,
    /// The host application's release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The host application's environment, such as `prod`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// What the link that led here says of itself. The loader reads it before it drops the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm: Option<Utm>,
    /// The visitor by a number that their browser keeps; only with their consent. The edge takes it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// Who the page says the visitor is; only with their consent. The edge takes it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The same, signed by the team's server: a JWT (HS256) whose `sub` is the user. The edge takes it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_token: Option<String>,
}

/// The `utm_…` parameters of the address at which a visit began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Utm {
    /// `utm_source`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `utm_medium`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// `utm_campaign`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
}

/// What only the edge knows of an item: from the platform and the request's headers, never from the body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EdgeFacts {
    /// ISO 3166-1 alpha-2 code, where the platform tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The platform's name of the region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The platform's name of the data centre that took the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colo: Option<String>,
    /// The user agent as sent, shortened. Device, browser and system are read from it by consumers of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The visitor for the length of a day: a salted hash, 22 characters. The address it was made of is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// Who the visitor is, as the page says or its server signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether the team's server signed it: nobody else can have claimed to be them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub user_verified: bool,
    /// Where the visit came from, such as `google`; from `utm_source` or the referrer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How it came, such as `organic`, `social`, `email`; from `utm_medium` or the referrer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// `utm_campaign`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// What is doubtful about it, such as `bot:agent`, `datacentre`, `schema:unknown_event`. Nothing is dropped for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
}

impl EdgeFacts {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// By what a sender tells its items apart, so that a repeat is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ItemKey {
    /// The item's number within its producer, from 1.
    Seq(u64),
    /// Its own name, from a sender without a producer.
    Message(MessageId),
}

impl ItemKey {
    /// The seq, where it is one.
    pub fn seq(&self) -> Option<u64> {
        match self {
            Self::Seq(seq) => Some(*seq),
            Self::Message(_) => None,
        }
    }

    /// The message id, where it is one.
    pub fn message(&self) -> Option<&MessageId> {
        match self {
            Self::Seq(_) => None,
            Self::Message(id) => Some(id),
        }
    }
}

/// An item as it came, decoded and within its limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// By what its sender tells it apart.
    pub key: ItemKey,
    /// When it happened, by the visitor's clock.
    pub at: UnixMillis,
    /// The page it happened on, where that is not the batch's.
    pub url: Option<String>,
    /// What it says.
    pub body: ItemBody,
}

/// An item as the log keeps it and as sinks receive it: one line of NDJSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Line")]
pub struct StoredItem {
    /// `<producer>-<seq>`, or `msg-<digest>` for items with an id of their own: the same however often it was sent.
    pub id: String,
    /// The project it belongs to.
    pub project: ProjectId,
    /// When it happened, corrected by the difference between the visitor's clock and ours.
    pub at: UnixMillis,
    /// When it happened, by the visitor's clock.
    pub client_at: UnixMillis,
    /// When it reached the edge.
    pub received_at: UnixMillis,
    /// Where and in what it arose.
    pub context: Context,
    /// What only the edge knows.
    #[serde(default, skip_serializing_if = "EdgeFacts::is_empty")]
    pub edge: EdgeFacts,
    /// What it says.
    #[serde(flatten)]
    pub body: ItemBody,
}

/// The id of a page's item: the same in the log, in the console and at every sink. See also [`MessageId::item_id`].
pub fn item_id(producer: &Producer, seq: u64) -> String {
    format!("{producer}-{seq}")
}

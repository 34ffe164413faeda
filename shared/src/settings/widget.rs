//! What the widget looks like and does on a project's pages. All of it is public: `GET /v1/config/<key>` is this as JSON.

use crate::item::FeedbackKind;
use litemap::LiteMap;

/// Look and behaviour of the widget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WidgetSettings {
    /// The button in the corner.
    pub launcher: LauncherSettings,
    /// What visitors are asked.
    pub form: FormSettings,
    /// What is counted.
    pub usage: UsageSettings,
    /// What may be done before the page has said what the visitor agreed to.
    pub consent: ConsentLevel,
    /// Words in place of the widget's own: by language (`de`, or `*` for all), then by name (docs/widget.md).
    pub strings: LiteMap<String, LiteMap<String, String>>,
}

/// The button in the corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LauncherSettings {
    /// Whether there is one. Without it, any element with `data-hearback="open"` opens the form.
    pub shown: bool,
    /// In which corner.
    pub position: Corner,
    /// Its distance from the sides and from the top or bottom, in CSS pixels.
    pub offset: (u16, u16),
    /// What stands on it in every language; empty for the language's own word.
    pub label: String,
    /// Whether it bears the mark.
    pub icon: bool,
    /// The accent as `#rrggbb`; empty for the widget's own.
    pub color: String,
    /// A CSS selector: while an element that matches it is on the page, the launcher is hidden. Empty for never.
    pub hide_on: String,
}

impl Default for LauncherSettings {
    fn default() -> Self {
        Self {
            shown: true,
            position: Corner::BottomRight,
            offset: (16, 16),
            label: String::new(),
            icon: true,
            color: String::new(),
            hide_on: String::new(),
        }
    }
}

/// A corner of the viewport.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Corner {
    /// Where widgets usually are.
    #[default]
    BottomRight,
    /// For pages that have something else there.
    BottomLeft,
    /// Above.
    TopRight,
    /// Above, on the left.
    TopLeft,
}

/// How the form lies over the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormStyle {
    /// The rest of the page rests meanwhile.
    #[default]
    Modal,
    /// The page goes on beside it.
    Popover,
}

/// What visitors are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormSettings {
    /// How it lies over the page.
    pub style: FormStyle,
    /// Kinds to choose from, in this order. Where there is one, nobody is asked.
    pub kinds: Vec<FeedbackKind>,
    /// How a rating is asked for.
    pub rating: RatingStyle,
    /// Whether an address for an answer is asked for.
    pub email: Asked,
    /// Questions of the project's own.
    pub fields: Vec<Field>,
    /// A line that has to be ticked before sending; empty for none.
    pub consent_line: String,
    /// Whether a picture may be added.
    pub screenshot: bool,
    /// Whether the page, the device and what happened last may go along, as far as the visitor lets it.
    pub context: bool,
}

impl Default for FormSettings {
    fn default() -> Self {
        Self {
            style: FormStyle::Modal,
            kinds: FeedbackKind::ALL.to_vec(),
            rating: RatingStyle::Stars,
            email: Asked::Optional,
            fields: Vec::new(),
            consent_line: String::new(),
            screenshot: true,
            context: true,
        }
    }
}

/// How a rating from 1 to 5 is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RatingStyle {
    /// Not at all.
    None,
    /// Five stars.
    #[default]
    Stars,
    /// The numbers 1 to 5.
    Numbers,
    /// Five faces.
    Emoji,
}

/// Whether something is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// It is not.
    Off,
    /// It may be left empty.
    #[default]
    Optional,
    /// It may not.
    Required,
}

/// A question of the project's own. Its answer stands in `answers` of the feedback, under its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Its name in `answers`, unique in the form.
    pub name: String,
    /// The question.
    pub label: String,
    /// How it is answered.
    pub field_type: FieldType,
    /// What there is to choose from; for `choice` and `choices` only.
    pub options: Vec<String>,
    /// Whether it has to be answered.
    pub required: bool,
    /// Kinds of feedback for which it is asked; empty for all.
    pub kinds: Vec<FeedbackKind>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldType {
    /// In words.
    #[default]
    Text,
    /// By one of the options.
    Choice,
    /// By any number of them.
    Choices,
    /// By a number from 1 to 5.
    Rating,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageSettings {
    /// What the loader notices by itself, each once. What is not named here is not loaded.
    pub parts: Vec<UsagePart>,
    /// Pages out of a hundred whose events are sent. Feedback always is.
    pub sample_percent: u8,
    /// Events that one page sends at most; the first ones.
    pub events_per_page: u32,
}

impl Default for UsageSettings {
    fn default() -> Self {
        Self {
            parts: vec![UsagePart::Views],
            sample_percent: 100,
            events_per_page: 500,
        }
    }
}

/// Something that the loader notices by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsagePart {
    /// `page_view`, at load and at each navigation within the page.
    #[default]
    Views,
    /// `engagement`: seconds for which a view was looked at, and how far it was scrolled.
    Engagement,
    /// `outbound_link` and `download`.
    Links,
    /// `form_submit`.
    Forms,
    /// What carries `data-hearback-event`.
    Clicks,
    /// `rage_click` and `dead_click`.
    Frustration,
    /// `js_error`: exceptions and rejections that nobody caught.
    Errors,
    /// `web_vital`: LCP, INP, CLS, FCP and TTFB.
    Vitals,
}

/// What a visitor agreed to. Each level includes the ones before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConsentLevel {
    /// Feedback only.
    None,
    /// Usage events without any identifier that outlives the page.
    #[default]
    Usage,
    /// An identifier that stays in the browser, and who the visitor is by `identify`.
    Identified,
}

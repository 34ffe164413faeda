//! What the plain form asks, as the project set it up: the panel's questions (`widget/src/form.rs`), each answered by a
//! control that works without script.

use hearback_shared::item::FeedbackKind;
use hearback_shared::settings::{Asked, Field, FieldType, FormSettings, RatingStyle};

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question<'a> {
    /// The control's name: `rating`, or `answers.size` for a question of the project's own.
    pub(super) name: String,
    /// Its words where they are the project's; otherwise they depend on the name.
    pub(super) label: &'a str,
    /// How it is answered.
    pub(super) ask: Ask,
    /// What there is to choose from.
    pub(super) options: &'a [String],
    /// Whether it has to be answered.
    pub(super) required: bool,
    /// Kinds of feedback for which it is asked; empty for all.
    pub(super) kinds: &'a [FeedbackKind],
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// In the visitor's words, which are what all of this is for.
    Words,
    /// In a few words.
    Line,
    /// By an e-mail address.
    Email,
    /// By one of the options.
    Choice,
    /// By any number of them, a line each.
    Choices,
    /// From 1 to 5.
    Rating,
    /// By a picture.
    Picture,
    /// By ticking it.
    Tick,
}

/// In the order in which they are asked, after the kind.
pub(super) fn questions(form: &FormSettings) -> Vec<Question<'_>> {
    let mut all = vec![ours("text", Ask::Words, true)];
    if form.rating != RatingStyle::None {
        all.push(ours("rating", Ask::Rating, false));
    }
    all.extend(form.fields.iter().map(own));
    if form.email != Asked::Off {
        all.push(ours("email", Ask::Email, form.email == Asked::Required));
    }
    if form.screenshot {
        all.push(ours("picture", Ask::Picture, false));
    }
    if !form.consent_line.is_empty() {
        all.push(Question {
            label: &form.consent_line,
            ..ours("consent", Ask::Tick, true)
        });
    }
    all
}

impl Question<'_> {
    /// Whether it is asked for this kind of feedback.
    pub(super) fn is_asked(&self, kind: FeedbackKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

fn ours(name: &str, ask: Ask, required: bool) -> Question<'static> {
    Question {
        name: name.to_owned(),
        label: "",
        ask,
        options: &[],
        required,
        kinds: &[],
    }
}

fn own(field: &Field) -> Question<'_> {
    Question {
        name: ["answers.", &field.name].concat(),
        label: &field.label,
        ask: match field.field_type {
            FieldType::Text => Ask::Line,
            FieldType::Choice => Ask::Choice,
            FieldType::Choices => Ask::Choices,
            FieldType::Rating => Ask::Rating,
        },
        options: &field.options,
        required: field.required,
        kinds: &field.kinds,
    }
}

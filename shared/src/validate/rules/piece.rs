//! The texts of an item, each with what it is for: that decides which characters it may hold.

use crate::item::{Context, Item, ItemBody, PropValue};
use crate::limits::{
    BREADCRUMB_CHARS, CONTEXT_CHARS, NAME_CHARS, PROP_KEY_CHARS, PROP_TEXT_CHARS, TEXT_CHARS, URL_CHARS,
};
use crate::rejection::{Rejection, RejectionCode};

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The name of an event or a property: people choose it from lists and compare it by eye.
    Name,
    /// One line for machines: an address, a language, a release.
    Line,
    /// What somebody wrote, for reading.
    Words,
}

/// Where a text stands. Turned into a path only for an answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field<'a> {
    At(&'static str),
    /// In properties of this name, under this one.
    Prop(&'static str, &'a str),
}

/// One text of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) role: Role,
    pub(super) field: Field<'a>,
    pub(super) limit: usize,
    pub(super) value: &'a str,
}

impl<'a> Piece<'a> {
    pub(super) fn name(value: &'a str) -> Self {
        Self::new(Role::Name, Field::At("name"), NAME_CHARS, value)
    }

    pub(super) fn line(field: &'static str, limit: usize, value: &'a str) -> Self {
        Self::new(Role::Line, Field::At(field), limit, value)
    }

    pub(super) fn words(field: &'static str, limit: usize, value: &'a str) -> Self {
        Self::new(Role::Words, Field::At(field), limit, value)
    }

    fn new(role: Role, field: Field<'a>, limit: usize, value: &'a str) -> Self {
        Self {
            role,
            field,
            limit,
            value,
        }
    }

    /// Most texts are, and no rule about single characters has a word to say about them.
    pub(super) fn is_printable_ascii(&self) -> bool {
        self.value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
    }

    pub(super) fn rejection(&self, code: RejectionCode, message: &'static str) -> Rejection {
        match self.field {
            Field::At(field) => Rejection::field(code, field, message),
            Field::Prop(props, name) => Rejection::field(code, &format!("{props}.{name}"), message),
        }
    }
}

/// The texts of an item but for the contact, which has a rule of its own.
pub(super) fn pieces_of(item: &Item) -> impl Iterator<Item = Piece<'_>> {
    let url = item.url.as_deref().map(|url| Piece::line("url", URL_CHARS, url));
    let (own, breadcrumbs): (_, &[String]) = match &item.body {
        ItemBody::Event(event) => (Piece::name(&event.name), &[]),
        ItemBody::Feedback(feedback) => (
            Piece::words("text", TEXT_CHARS, &feedback.text),
            &feedback.breadcrumbs,
        ),
    };
    let of_props = item.body.props().flat_map(|(of, props)| {
        props.iter().flat_map(move |(name, value)| {
            let field = Field::Prop(of, name);
            let text = match value {
                PropValue::Text(text) => Some(Piece::new(Role::Words, field, PROP_TEXT_CHARS, text)),
                _ => None,
            };
            std::iter::once(Piece::new(Role::Name, field, PROP_KEY_CHARS, name)).chain(text)
        })
    });
    let of_breadcrumbs = breadcrumbs
        .iter()
        .map(|text| Piece::words("breadcrumbs", BREADCRUMB_CHARS, text));
    url.into_iter().chain([own]).chain(of_props).chain(of_breadcrumbs)
}

/// The texts of a context.
pub(super) fn pieces_of_context(context: &Context) -> impl Iterator<Item = Piece<'_>> {
    let fields = [
        (&context.url, URL_CHARS, "context.url"),
        (&context.referrer, URL_CHARS, "context.referrer"),
        (&context.lang, CONTEXT_CHARS, "context.lang"),
        (&context.release, CONTEXT_CHARS, "context.release"),
        (&context.env, CONTEXT_CHARS, "context.env"),
    ];
    fields
        .map(|(value, limit, field)| value.as_deref().map(|value| Piece::line(field, limit, value)))
        .into_iter()
        .flatten()
}

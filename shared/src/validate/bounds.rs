//! Holds every text, number and name of an item to its limit.

use std::borrow::Cow;

use crate::item::{Context, Event, Feedback, Item, ItemBody, PropValue};
use crate::limits::{
    CONTEXT_CHARS, EMAIL_CHARS, NAME_CHARS, PROP_KEY_CHARS, PROP_TEXT_CHARS, PROPS, RATING_MAX, SEQ_MAX,
    TEXT_CHARS, URL_CHARS,
};
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn check(item: &Item) -> Result<(), Rejection> {
    if !(1..=SEQ_MAX).contains(&item.seq) {
        return Err(Rejection::field(
            RejectionCode::SeqInvalid,
            "seq",
            "seq is a whole number from 1 to 2^53 - 1",
        ));
    }
    if let Some(url) = &item.url {
        line(url, URL_CHARS, "url")?;
    }
    match &item.body {
        ItemBody::Event(event) => check_event(event),
        ItemBody::Feedback(feedback) => check_feedback(feedback),
    }
}

pub(super) fn check_context(context: &Context) -> Result<(), Rejection> {
    let fields = [
        (&context.url, URL_CHARS, "context.url"),
        (&context.referrer, URL_CHARS, "context.referrer"),
        (&context.lang, CONTEXT_CHARS, "context.lang"),
        (&context.release, CONTEXT_CHARS, "context.release"),
        (&context.env, CONTEXT_CHARS, "context.env"),
    ];
    fields.into_iter().try_for_each(|(value, limit, field)| {
        value.as_ref().map_or(Ok(()), |value| line(value, limit, field))
    })
}

fn check_event(event: &Event) -> Result<(), Rejection> {
    name(&event.name, NAME_CHARS, "name")?;
    if event.props.len() > PROPS {
        return Err(Rejection::field(
            RejectionCode::TooManyProps,
            "props",
            "An event has at most 32 properties",
        ));
    }
    for (key, value) in &event.props {
        let field = format!("props.{key}");
        name(key, PROP_KEY_CHARS, &field)?;
        if let PropValue::Text(value) = value {
            text(value, PROP_TEXT_CHARS, &field)?;
        }
    }
    Ok(())
}

fn check_feedback(feedback: &Feedback) -> Result<(), Rejection> {
    if feedback.text.trim().is_empty() {
        return Err(Rejection::field(
            RejectionCode::TextEmpty,
            "text",
            "Feedback needs some words",
        ));
    }
    text(&feedback.text, TEXT_CHARS, "text")?;
    if feedback
        .rating
        .is_some_and(|rating| !(1..=RATING_MAX).contains(&rating))
    {
        return Err(Rejection::field(
            RejectionCode::RatingOutOfRange,
            "rating",
            "A rating is 1 to 5",
        ));
    }
    match &feedback.contact {
        Some(contact) if !email_is_plausible(&contact.email) => Err(Rejection::field(
            RejectionCode::EmailInvalid,
            "contact.email",
            "This cannot be an e-mail address",
        )),
        _ => Ok(()),
    }
}

/// Whether a text has the outer form of an e-mail address. Only a message to it can tell more.
pub fn email_is_plausible(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else {
        return false;
    };
    let labels_fit = domain
        .split('.')
        .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    email.len() <= EMAIL_CHARS
        && !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && labels_fit
        && !email.chars().any(|c| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"')
        })
}

fn name(value: &str, limit: usize, field: &str) -> Result<(), Rejection> {
    if value.trim().is_empty() || value.chars().count() > limit || value.chars().any(char::is_control) {
        let message: Cow<'static, str> = "A name has 1 to 64 characters and no control characters".into();
        return Err(Rejection::field(RejectionCode::NameInvalid, field, message));
    }
    Ok(())
}

/// A text of one line: an address, a language, a release.
fn line(value: &str, limit: usize, field: &str) -> Result<(), Rejection> {
    if value.chars().any(char::is_control) {
        return Err(Rejection::field(
            RejectionCode::ControlCharacter,
            field,
            "Control characters have no place here",
        ));
    }
    text(value, limit, field)
}

fn text(value: &str, limit: usize, field: &str) -> Result<(), Rejection> {
    if value.contains('\0') {
        return Err(Rejection::field(
            RejectionCode::NulCharacter,
            field,
            "U+0000 cannot be stored",
        ));
    }
    // Bytes bound characters from above, so most texts need no count.
    if value.len() > limit && value.chars().count() > limit {
        return Err(Rejection::field(
            RejectionCode::TextTooLong,
            field,
            format!("At most {limit} characters"),
        ));
    }
    Ok(())
}

//! Why an item was not stored: the caller's error, as a value with a stable code.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::redact;
use crate::validate::is_bidi_control;

/// Stable codes. They are part of the wire: added to, never renamed. `docs/rejections.md` lists them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionCode {
    /// The item is not a JSON object.
    MalformedItem,
    /// A required field is absent.
    MissingField,
    /// A field that this version, or this type of item, does not have.
    UnknownField,
    /// A field holds another type than it should.
    WrongType,
    /// `type` is neither `event` nor `feedback`.
    UnknownType,
    /// `kind` is none of `bug`, `idea`, `praise`, `question`.
    UnknownKind,
    /// `seq` is not a whole number from 1 to 2^53 − 1.
    SeqInvalid,
    /// The seq would open more gaps than a window keeps.
    SeqGap,
    /// The page that made the item was loaded more than 29 days ago, or an item with an `id` is older than that.
    TooOld,
    /// The feedback has no text.
    TextEmpty,
    /// A text is longer than its limit.
    TextTooLong,
    /// An event name or property name is empty or too long.
    NameInvalid,
    /// An event has too many properties.
    TooManyProps,
    /// Feedback has too many breadcrumbs.
    TooManyBreadcrumbs,
    /// A property is not a text, a finite number, true, false or null.
    PropInvalid,
    /// A rating outside 1 to 5.
    RatingOutOfRange,
    /// The contact's e-mail address cannot be one.
    EmailInvalid,
    /// A text holds a NUL character, which storage cannot keep.
    NulCharacter,
    /// A name, an address or a text of the context holds control characters.
    ControlCharacter,
    /// A field or a property occurs twice.
    DuplicateKey,
    /// Objects or lists inside one another beyond the limit.
    TooDeep,
    /// A number that JSON can carry and storage cannot: beyond ±(2^53 − 1).
    NumberOutOfRange,
    /// A text holds half of a UTF-16 pair, which is no character.
    LoneSurrogate,
    /// `__proto__`, `constructor` or `prototype` as a name.
    ReservedName,
    /// A name or an address holds characters that turn the direction of writing around.
    BidiControl,
    /// `id` is not 1 to 64 printable ASCII characters without spaces.
    IdInvalid,
    /// A `seq` without a producer, or an `id` beside one.
    IdentityMismatch,
    /// An item with an `id` that happens more than a day from now.
    InTheFuture,
    /// The project's schemas do not know this event.
    SchemaUnknownEvent,
    /// A property that the event's schema requires is absent.
    SchemaMissingProp,
    /// A property that the event's schema does not have.
    SchemaUnknownProp,
    /// A property of another type than its schema says.
    SchemaWrongType,
    /// A property holds a text that its schema does not list.
    SchemaNotAChoice,
    /// The visitor's browser asks not to be counted.
    Gpc,
    /// More attachments than an item may have, or a name that was not given to this project.
    AttachmentInvalid,
}

impl RejectionCode {
    /// All codes, in the order of their documentation.
    pub const ALL: [Self; 35] = [
        Self::MalformedItem,
        Self::MissingField,
        Self::UnknownField,
        Self::WrongType,
        Self::UnknownType,
        Self::UnknownKind,
        Self::SeqInvalid,
        Self::SeqGap,
        Self::TooOld,
        Self::TextEmpty,
        Self::TextTooLong,
        Self::NameInvalid,
        Self::TooManyProps,
        Self::TooManyBreadcrumbs,
        Self::PropInvalid,
        Self::RatingOutOfRange,
        Self::EmailInvalid,
        Self::NulCharacter,
        Self::ControlCharacter,
        Self::DuplicateKey,
        Self::TooDeep,
        Self::NumberOutOfRange,
        Self::LoneSurrogate,
        Self::ReservedName,
        Self::BidiControl,
        Self::IdInvalid,
        Self::IdentityMismatch,
        Self::InTheFuture,
        Self::SchemaUnknownEvent,
        Self::SchemaMissingProp,
        Self::SchemaUnknownProp,
        Self::SchemaWrongType,
        Self::SchemaNotAChoice,
        Self::Gpc,
        Self::AttachmentInvalid,
    ];

    /// The code as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedItem => "malformed_item",
            Self::MissingField => "missing_field",
            Self::UnknownField => "unknown_field",
            Self::WrongType => "wrong_type",
            Self::UnknownType => "unknown_type",
            Self::UnknownKind => "unknown_kind",
            Self::SeqInvalid => "seq_invalid",
            Self::SeqGap => "seq_gap",
            Self::TooOld => "too_old",
            Self::TextEmpty => "text_empty",
            Self::TextTooLong => "text_too_long",
            Self::NameInvalid => "name_invalid",
            Self::TooManyProps => "too_many_props",
            Self::TooManyBreadcrumbs => "too_many_breadcrumbs",
            Self::PropInvalid => "prop_invalid",
            Self::RatingOutOfRange => "rating_out_of_range",
            Self::EmailInvalid => "email_invalid",
            Self::NulCharacter => "nul_character",
            Self::ControlCharacter => "control_character",
            Self::DuplicateKey => "duplicate_key",
            Self::TooDeep => "too_deep",
            Self::NumberOutOfRange => "number_out_of_range",
            Self::LoneSurrogate => "lone_surrogate",
            Self::ReservedName => "reserved_name",
            Self::BidiControl => "bidi_control",
            Self::IdInvalid => "id_invalid",
            Self::IdentityMismatch => "identity_mismatch",
            Self::InTheFuture => "in_the_future",
            Self::SchemaUnknownEvent => "schema_unknown_event",
            Self::SchemaMissingProp => "schema_missing_prop",
            Self::SchemaUnknownProp => "schema_unknown_prop",
            Self::SchemaWrongType => "schema_wrong_type",
            Self::SchemaNotAChoice => "schema_not_a_choice",
            Self::Gpc => "gpc",
            Self::AttachmentInvalid => "attachment_invalid",
        }
    }
}

/// An item that was refused, and which part of it is wrong. Holds no user data beyond a field's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The stable code.
    pub code: RejectionCode,
    /// What is wrong and what would be right, in a sentence.
    pub message: Cow<'static, str>,
    /// Path of the field, such as `props.plan`; absent where the item as a whole is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// Characters of a field's name that are repeated in an answer.
const FIELD_CHARS: usize = 80;

impl Rejection {
    /// A rejection of the item as a whole.
    pub fn item(code: RejectionCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
        }
    }

    /// A rejection that names a field. Long or unprintable names are shortened, and secrets in them taken out.
    pub fn field(code: RejectionCode, field: &str, message: impl Into<Cow<'static, str>>) -> Self {
        let field = redact::text(field)
            .chars()
            .filter(|c| !c.is_control() && !is_bidi_control(*c))
            .take(FIELD_CHARS)
            .collect();
        Self {
            code,
            message: message.into(),
            field: Some(field),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_the_same_by_serde_and_by_hand() {
        for code in RejectionCode::ALL {
            assert_eq!(
                serde_json::to_string(&code).expect("a code"),
                format!("\"{}\"", code.as_str())
            );
        }
    }

    #[test]
    fn every_code_is_documented() {
        let docs = include_str!("../../docs/rejections.md");
        for code in RejectionCode::ALL {
            assert!(
                docs.contains(&format!("| `{}` |", code.as_str())),
                "{} is missing",
                code.as_str()
            );
        }
    }
}

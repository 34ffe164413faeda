//! From what stands in the form to feedback that can be sent.

use hearback_shared::item::{Contact, Feedback, FeedbackKind};
use hearback_shared::limits::TEXT_CHARS;
use hearback_shared::validate::email_is_plausible;

/// What stands in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is. Forms begin with a problem, which is what most people come for.
    pub kind: FeedbackKind,
    /// Their words.
    pub text: String,
    /// 1 (bad) to 5 (good).
    pub rating: Option<u8>,
    /// Where an answer may go; empty for none.
    pub email: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            kind: FeedbackKind::Bug,
            text: String::new(),
            rating: None,
            email: String::new(),
        }
    }
}

/// What is wrong with a draft, or with feedback that the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There are no words in it.
    TextEmpty,
    /// There are too many.
    TextTooLong,
    /// The e-mail address cannot be one.
    EmailInvalid,
    /// The page was loaded too long ago for the server to tell a repeated item from a new one.
    PageTooOld,
    /// The server refused it for a reason that only its own words tell.
    Refused(String),
    /// The loader could not take it.
    NotTaken,
}

impl Problem {
    /// The problem that the server means by a code.
    pub fn from_code(code: &str, message: String) -> Self {
        match code {
            "text_empty" => Self::TextEmpty,
            "text_too_long" => Self::TextTooLong,
            "email_invalid" => Self::EmailInvalid,
            "too_old" => Self::PageTooOld,
            _ => Self::Refused(message),
        }
    }
}

impl Draft {
    /// Characters by which the text may still grow; negative where it is too long already.
    pub fn characters_left(&self) -> isize {
        TEXT_CHARS.cast_signed() - self.text.trim().chars().count().cast_signed()
    }

    /// The feedback as it is to be sent, or the first thing to put right.
    pub fn check(&self) -> Result<Feedback, Problem> {
        let text = self.text.trim();
        if text.is_empty() {
            return Err(Problem::TextEmpty);
        }
        if self.characters_left() < 0 {
            return Err(Problem::TextTooLong);
        }
        let email = self.email.trim();
        if !email.is_empty() && !email_is_plausible(email) {
            return Err(Problem::EmailInvalid);
        }
        Ok(Feedback {
            rating: self.rating,
            contact: (!email.is_empty()).then(|| Contact {
                email: email.to_owned(),
            }),
            ..Feedback::new(self.kind, text)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(text: &str, email: &str) -> Draft {
        Draft {
            text: text.to_owned(),
            email: email.to_owned(),
            ..Draft::default()
        }
    }

    #[test]
    fn space_around_the_words_and_the_address_is_not_sent() {
        let feedback = draft("  It broke \n", " ada@example.org ")
            .check()
            .expect("it is fine");
        assert_eq!(feedback.text, "It broke");
        assert_eq!(
            feedback.contact.expect("an address was given").email,
            "ada@example.org"
        );
    }

    #[test]
    fn no_address_means_no_contact() {
        assert_eq!(draft("It broke", "  ").check().expect("it is fine").contact, None);
    }

    #[test]
    fn blank_text_is_empty() {
        assert_eq!(draft(" \n\t ", "").check(), Err(Problem::TextEmpty));
    }

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert!(draft(&"ü".repeat(TEXT_CHARS), "").check().is_ok());
        assert_eq!(
            draft(&"ü".repeat(TEXT_CHARS + 1), "").check(),
            Err(Problem::TextTooLong)
        );
    }

    #[test]
    fn the_text_is_put_right_before_the_address() {
        assert_eq!(draft("", "ada@").check(), Err(Problem::TextEmpty));
        assert_eq!(draft("It broke", "ada@").check(), Err(Problem::EmailInvalid));
    }

    #[test]
    fn a_code_that_the_form_can_show_at_a_field_needs_no_words_of_the_server() {
        assert_eq!(
            Problem::from_code("email_invalid", "x".to_owned()),
            Problem::EmailInvalid
        );
        assert_eq!(
            Problem::from_code("nul_character", "x".to_owned()),
            Problem::Refused("x".to_owned())
        );
    }
}

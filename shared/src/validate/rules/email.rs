//! An address to answer to has the outer form of one. Only a message to it can tell more.

use super::bidi::is_bidi_control;
use crate::item::ItemBody;
use crate::limits::EMAIL_CHARS;
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn email(body: &ItemBody) -> Result<(), Rejection> {
    let contact = match body {
        ItemBody::Feedback(feedback) => feedback.contact.as_ref(),
        ItemBody::Event(_) => None,
    };
    match contact {
        Some(contact) if !email_is_plausible(&contact.email) => Err(Rejection::field(
            RejectionCode::EmailInvalid,
            "contact.email",
            "This cannot be an e-mail address",
        )),
        _ => Ok(()),
    }
}

/// Whether a text has the outer form of an e-mail address.
pub fn email_is_plausible(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else {
        return false;
    };
    let labels_fit = domain
        .split('.')
        .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let has_no_place = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || is_bidi_control(c)
            || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"')
    };
    email.len() <= EMAIL_CHARS
        && !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && labels_fit
        && !email.chars().any(has_no_place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_what_cannot_be_one() {
        for good in [
            "a@b.example",
            "ann.lee+tea@mail.example",
            "jörg@müller.example",
            "a@xn--mller-kva.example",
        ] {
            assert!(email_is_plausible(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a@",
            "a@b..example",
            "a@-b.example",
            "a b@c.example",
            "a@b@c.example",
        ] {
            assert!(!email_is_plausible(bad), "{bad}");
        }
        assert!(!email_is_plausible("a\u{202e}@b.example"));
        assert!(!email_is_plausible(&format!("{}@b.example", "a".repeat(254))));
    }
}

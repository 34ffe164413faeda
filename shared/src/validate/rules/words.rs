//! Feedback says something.

use super::bidi::is_bidi_control;
use crate::item::ItemBody;
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn words(body: &ItemBody) -> Result<(), Rejection> {
    match body {
        ItemBody::Feedback(feedback) if feedback.text.chars().all(is_invisible) => Err(Rejection::field(
            RejectionCode::TextEmpty,
            "text",
            "Feedback needs some words",
        )),
        _ => Ok(()),
    }
}

/// Spaces, controls, and marks that have no width.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_bidi_control(c)
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Feedback, FeedbackKind};

    #[test]
    fn what_cannot_be_seen_says_nothing() {
        for (text, fits) in [
            ("", false),
            (" \n\t", false),
            ("\u{200b}\u{202e}", false),
            ("!", true),
            ("好", true),
        ] {
            let feedback = Feedback::new(FeedbackKind::Bug, text);
            assert_eq!(words(&ItemBody::Feedback(feedback)).is_ok(), fits, "{text:?}");
        }
    }
}

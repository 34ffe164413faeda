//! Breadcrumbs tell what led to a piece of feedback, and are no log of a visit.

use crate::item::ItemBody;
use crate::limits::BREADCRUMBS;
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn breadcrumbs(body: &ItemBody) -> Result<(), Rejection> {
    match body {
        ItemBody::Feedback(feedback) if feedback.breadcrumbs.len() > BREADCRUMBS => Err(Rejection::field(
            RejectionCode::TooManyBreadcrumbs,
            "breadcrumbs",
            format!("At most {BREADCRUMBS} breadcrumbs"),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Feedback, FeedbackKind};

    #[test]
    fn feedback_has_20_breadcrumbs_and_not_21() {
        for (count, fits) in [(0, true), (20, true), (21, false)] {
            let feedback = Feedback {
                breadcrumbs: vec!["1 click button Pay".into(); count],
                ..Feedback::new(FeedbackKind::Bug, "a")
            };
            assert_eq!(
                breadcrumbs(&ItemBody::Feedback(feedback)).is_ok(),
                fits,
                "{count}"
            );
        }
    }
}

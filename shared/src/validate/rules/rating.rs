//! A rating is one of as many stars as the form shows.

use crate::item::ItemBody;
use crate::limits::RATING_MAX;
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn rating(body: &ItemBody) -> Result<(), Rejection> {
    match body {
        ItemBody::Feedback(feedback)
            if feedback
                .rating
                .is_some_and(|stars| !(1..=RATING_MAX).contains(&stars)) =>
        {
            Err(Rejection::field(
                RejectionCode::RatingOutOfRange,
                "rating",
                "A rating is 1 to 5",
            ))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Feedback, FeedbackKind};

    #[test]
    fn there_are_five_stars_and_none_is_fine() {
        for (stars, fits) in [
            (None, true),
            (Some(0), false),
            (Some(1), true),
            (Some(5), true),
            (Some(6), false),
        ] {
            let feedback = Feedback {
                rating: stars,
                ..Feedback::new(FeedbackKind::Bug, "a")
            };
            assert_eq!(rating(&ItemBody::Feedback(feedback)).is_ok(), fits, "{stars:?}");
        }
    }
}

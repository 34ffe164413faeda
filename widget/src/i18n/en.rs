//! English.

use hearback_shared::item::FeedbackKind;

use super::Strings;
use crate::feedback::Problem;
use crate::progress::Reason;

pub(super) static STRINGS: Strings = Strings {
    lang: "en",
    dir: "ltr",
    title: "Your feedback",
    title_waiting: "Not sent yet",
    title_arrived: "Thank you",
    kind: "What is it about?",
    kind_name,
    text,
    characters_left,
    rating: "Rating",
    rating_name,
    rating_clear: "Clear",
    email: "E-mail for an answer",
    optional: "optional",
    send: "Send feedback",
    sending: "Sending…",
    close: "Close",
    another: "Send another",
    kept,
    waiting,
    arrived: "Your feedback has arrived.",
    problem,
};

fn kind_name(kind: FeedbackKind) -> &'static str {
    match kind {
        FeedbackKind::Bug => "Problem",
        FeedbackKind::Idea => "Idea",
        FeedbackKind::Praise => "Praise",
        FeedbackKind::Question => "Question",
    }
}

fn text(kind: FeedbackKind) -> &'static str {
    match kind {
        FeedbackKind::Bug => "What went wrong?",
        FeedbackKind::Idea => "What would make it better?",
        FeedbackKind::Praise => "What do you like?",
        FeedbackKind::Question => "What would you like to know?",
    }
}

fn characters_left(left: isize) -> String {
    let number = left.unsigned_abs();
    let unit = if number == 1 { " character" } else { " characters" };
    number.to_string() + unit + if left < 0 { " too many" } else { " left" }
}

fn rating_name(rating: u8) -> &'static str {
    match rating {
        1 => "1 of 5, bad",
        2 => "2 of 5",
        3 => "3 of 5",
        4 => "4 of 5",
        _ => "5 of 5, good",
    }
}

fn kept(durable: bool) -> &'static str {
    if durable {
        "Kept in this browser until it arrives."
    } else {
        "Keep this page open until it arrives."
    }
}

fn waiting(reason: Reason, durable: bool) -> &'static str {
    match (reason, durable) {
        (Reason::Offline, true) => {
            "You are offline. Your feedback is kept in this browser and goes out when you are back."
        }
        (Reason::Offline, false) => {
            "You are offline. Keep this page open: your feedback goes out when you are back."
        }
        (Reason::Server, true) => {
            "Our server is not answering. Your feedback is kept in this browser and will be sent again soon."
        }
        (Reason::Server, false) => {
            "Our server is not answering. Keep this page open: your feedback will be sent again soon."
        }
    }
}

fn problem(problem: &Problem) -> String {
    match problem {
        Problem::TextEmpty => "Please write a few words first.",
        Problem::TextTooLong => "Please shorten this to 10,000 characters.",
        Problem::EmailInvalid => "Please check the address: it should look like name@example.org.",
        Problem::PageTooOld => {
            "This page has been open for weeks. Please copy your text, reload the page and send it again."
        }
        Problem::NotTaken => "This could not be sent. Your text is still here: please try again.",
        Problem::Refused(message) => {
            return "This was not accepted: ".to_owned() + message + ". You can change it and send it again.";
        }
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_not_a_plural() {
        assert_eq!(characters_left(1), "1 character left");
        assert_eq!(characters_left(0), "0 characters left");
        assert_eq!(characters_left(-1), "1 character too many");
        assert_eq!(characters_left(-12), "12 characters too many");
    }
}

//! Every word the panel says. A language is one file and one line in [`strings`].

mod en;

use hearback_shared::item::FeedbackKind;

use crate::feedback::Problem;
use crate::progress::Reason;

/// The panel's words in one language. What holds a number is a function, because languages count differently.
#[derive(Debug)]
pub struct Strings {
    /// BCP 47 tag of the language.
    pub lang: &'static str,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Heading of the form.
    pub title: &'static str,
    /// Heading while it waits.
    pub title_waiting: &'static str,
    /// Heading after it has arrived.
    pub title_arrived: &'static str,
    /// Name of the choice of a kind.
    pub kind: &'static str,
    /// Name of a kind.
    pub kind_name: fn(FeedbackKind) -> &'static str,
    /// Label of the text, which asks for what the kind calls for.
    pub text: fn(FeedbackKind) -> &'static str,
    /// How many characters are left; negative where there are too many.
    pub characters_left: fn(isize) -> String,
    /// Name of the rating.
    pub rating: &'static str,
    /// Name of one of the ratings 1 to 5.
    pub rating_name: fn(u8) -> &'static str,
    /// Button that takes the rating back.
    pub rating_clear: &'static str,
    /// Label of the e-mail address.
    pub email: &'static str,
    /// Stands after the name of what need not be filled in.
    pub optional: &'static str,
    /// Button that sends.
    pub send: &'static str,
    /// The same button while it is being sent.
    pub sending: &'static str,
    /// Button that closes.
    pub close: &'static str,
    /// Button for a further piece of feedback.
    pub another: &'static str,
    /// What is said between handing over and the first answer, if it outlives the page, and if not.
    pub kept: fn(durable: bool) -> &'static str,
    /// Why it has not gone out and what happens next, if it outlives the page, and if not.
    pub waiting: fn(Reason, durable: bool) -> &'static str,
    /// What is said when it has arrived.
    pub arrived: &'static str,
    /// What is wrong and what to do.
    pub problem: fn(&Problem) -> String,
}

/// The words for a page in this language, and English for a language that has no file yet.
pub fn strings(_lang: &str) -> &'static Strings {
    &en::STRINGS
}

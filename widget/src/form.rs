//! What the form asks, as the project set it up. Every question is asked, answered and checked in the same way,
//! whether it is ours or the project's: that is less code than a form of its own for each.

use hearback_shared::item::FeedbackKind;
use hearback_shared::limits::RATING_MAX;
use hearback_shared::settings::{Asked, FieldType, FormSettings, RatingStyle};

use crate::text::rows;

/// The form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Whether the page goes on beside it.
    pub popover: bool,
    /// Whether page, device and what happened before may go along.
    pub context: bool,
    /// Whether a picture may be added: nothing, `page`, or `screen` where the screen can be captured too.
    pub picture: String,
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where its answer stands in the item, such as `rating` or `answers.size`; empty if it does not go there.
    pub path: String,
    /// Its words where they are the project's; otherwise they depend on the path.
    pub label: String,
    /// How it is answered.
    pub ask: Ask,
    /// What there is to choose from.
    pub options: Vec<String>,
    /// Whether it has to be answered.
    pub required: bool,
    /// Kinds of feedback for which it is asked, by their names on the wire; empty for all.
    pub kinds: String,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// By the kind of feedback.
    Kind,
    /// In the visitor's words, which are what all of this is for.
    Words,
    /// In a few words.
    Line,
    /// By an e-mail address.
    Email,
    /// By one of the options.
    Choice,
    /// By any number of them, a line each.
    Choices,
    /// From 1 to 5, in stars.
    Stars,
    /// From 1 to 5, in numbers.
    Numbers,
    /// From 1 to 5, in faces.
    Emoji,
    /// By ticking it.
    Tick,
}

impl Ask {
    /// Whether the answer is a number from 1 to 5.
    pub fn is_rating(self) -> bool {
        matches!(self, Self::Stars | Self::Numbers | Self::Emoji)
    }

    /// Whether an answer is chosen rather than written.
    pub fn is_chosen(self) -> bool {
        !matches!(self, Self::Words | Self::Line | Self::Email | Self::Tick)
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::of(&FormSettings::default().kinds, &[], &[])
    }
}

impl Form {
    /// From the loader's words about it; what it does not say, or nobody knows yet, is as in every project.
    pub fn read(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let all = rows(text);
        let kinds: Vec<_> = unit(&all[0], 5)
            .split(',')
            .filter_map(FeedbackKind::parse)
            .collect();
        Self::of(&kinds, &all[0], &all[1..])
    }

    fn of(kinds: &[FeedbackKind], own: &[String], fields: &[Vec<String>]) -> Self {
        let email = asked(unit(own, 2));
        let rating = style(unit(own, 1));
        let consent = unit(own, 3);
        let mut questions = vec![question("kind", Ask::Kind), question("text", Ask::Words)];
        questions[0].options = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        questions[1].required = true;
        if rating != RatingStyle::None {
            questions.push(rated(question("rating", stars(rating))));
        }
        questions.extend(fields.iter().filter_map(|field| read_field(field, rating)));
        if email != Asked::Off {
            let mut email_question = question("contact.email", Ask::Email);
            email_question.required = email == Asked::Required;
            questions.push(email_question);
        }
        if !consent.is_empty() {
            let mut tick = question("", Ask::Tick);
            consent.clone_into(&mut tick.label);
            tick.required = true;
            questions.push(tick);
        }
        Self {
            popover: unit(own, 0) == "popover",
            context: unit(own, 4) != "false",
            picture: unit(own, 6).to_owned(),
            questions,
        }
    }

    /// An empty answer to each question. Forms begin with their first kind.
    pub fn empty(&self) -> Vec<String> {
        let mut values = vec![String::new(); self.questions.len()];
        if let Some(kind) = self.questions[0].options.first() {
            values[0].clone_from(kind);
        }
        values
    }

    /// Where a question with this path stands.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.questions.iter().position(|question| question.path == path)
    }
}

impl Question {
    /// Whether it is asked for this kind of feedback.
    pub fn is_asked(&self, kind: &str) -> bool {
        (self.kinds.is_empty() || self.kinds.split(',').any(|one| one == kind))
            // A choice among one is none.
            && (self.ask != Ask::Kind || self.options.len() > 1)
    }
}

fn question(path: &str, ask: Ask) -> Question {
    Question {
        path: path.to_owned(),
        label: String::new(),
        ask,
        options: vec![],
        required: false,
        kinds: String::new(),
    }
}

fn rated(mut question: Question) -> Question {
    question.options = (1..=RATING_MAX)
        .map(|rating| char::from(b'0' + rating).to_string())
        .collect();
    question
}

/// A question of the project's own. Its ratings look like the form's, if that has one.
fn read_field(field: &[String], rating: RatingStyle) -> Option<Question> {
    let field_type = [
        ("text", FieldType::Text),
        ("choice", FieldType::Choice),
        ("choices", FieldType::Choices),
        ("rating", FieldType::Rating),
    ];
    let (_, field_type) = field_type.into_iter().find(|(name, _)| *name == unit(field, 2))?;
    let path = "answers.".to_owned() + unit(field, 0);
    let mut question = match field_type {
        FieldType::Text => question(&path, Ask::Line),
        FieldType::Choice => question(&path, Ask::Choice),
        FieldType::Choices => question(&path, Ask::Choices),
        FieldType::Rating => rated(question(&path, stars(rating))),
    };
    unit(field, 1).clone_into(&mut question.label);
    question.required = !unit(field, 3).is_empty();
    unit(field, 4).clone_into(&mut question.kinds);
    if matches!(question.ask, Ask::Choice | Ask::Choices) {
        question.options = field[5..].to_vec();
    }
    Some(question)
}

fn stars(style: RatingStyle) -> Ask {
    match style {
        RatingStyle::Numbers => Ask::Numbers,
        RatingStyle::Emoji => Ask::Emoji,
        RatingStyle::None | RatingStyle::Stars => Ask::Stars,
    }
}

fn style(name: &str) -> RatingStyle {
    match name {
        "none" => RatingStyle::None,
        "numbers" => RatingStyle::Numbers,
        "emoji" => RatingStyle::Emoji,
        _ => RatingStyle::Stars,
    }
}

fn asked(name: &str) -> Asked {
    match name {
        "off" => Asked::Off,
        "required" => Asked::Required,
        _ => Asked::Optional,
    }
}

fn unit(units: &[String], at: usize) -> &str {
    units.get(at).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(form: &Form) -> Vec<(&str, Ask)> {
        let questions = form.questions.iter();
        questions.map(|one| (one.path.as_str(), one.ask)).collect()
    }

    #[test]
    fn a_loader_that_says_nothing_gets_the_form_of_every_project() {
        let form = Form::read("");
        let expected = [
            ("kind", Ask::Kind),
            ("text", Ask::Words),
            ("rating", Ask::Stars),
            ("contact.email", Ask::Email),
        ];
        assert_eq!(asks(&form), expected);
        assert!(form.context && !form.popover);
        assert_eq!(form.questions[0].options, ["bug", "idea", "praise", "question"]);
        assert!(!form.questions[3].required);
    }

    #[test]
    fn the_form_is_what_the_project_set() {
        let form = Form::read(
            "popover\x1femoji\x1frequired\x1fI agree\x1ffalse\x1fidea,bug\x1fscreen\
             \x1esize\x1fWhich size?\x1fchoices\x1frequired\x1fbug\x1fS\x1fM\
             \x1eease\x1fHow easy?\x1frating\x1f\x1f",
        );
        let expected = [
            ("kind", Ask::Kind),
            ("text", Ask::Words),
            ("rating", Ask::Emoji),
            ("answers.size", Ask::Choices),
            ("answers.ease", Ask::Emoji),
            ("contact.email", Ask::Email),
            ("", Ask::Tick),
        ];
        assert_eq!(asks(&form), expected);
        assert!(form.popover && !form.context);
        assert_eq!(form.picture, "screen");
        assert_eq!(form.empty()[0], "idea");
        let size = &form.questions[3];
        assert_eq!((size.options.join(" "), size.required), ("S M".to_owned(), true));
        assert!(size.is_asked("bug") && !size.is_asked("idea"));
        assert!(form.questions[4].is_asked("idea"));
        assert!(form.questions[5].required && form.questions[6].required);
    }

    #[test]
    fn what_is_off_is_not_asked_and_one_kind_is_no_choice() {
        let form = Form::read("modal\x1fnone\x1foff\x1f\x1ftrue\x1fpraise");
        assert_eq!(asks(&form), [("kind", Ask::Kind), ("text", Ask::Words)]);
        assert!(!form.questions[0].is_asked("praise"));
        assert_eq!(form.empty()[0], "praise");
    }

    #[test]
    fn a_field_of_a_type_that_only_a_later_panel_knows_is_left_out() {
        assert_eq!(
            Form::read("\x1f\x1f\x1f\x1f\x1fbug\x1ex\x1fX\x1fslider\x1f\x1f")
                .questions
                .len(),
            4
        );
    }
}

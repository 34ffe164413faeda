//! One question with its answer and what is wrong with it: native controls, which every keyboard and screen reader
//! knows.

use yew::AttrValue;

use super::tree::Tree;
use crate::browser::plural;
use crate::draft::{Problem, characters_left};
use crate::form::{Ask, Question};
use crate::state::{Phase, State, letter};
use crate::words::{Words, name};

/// Characters left at which the count appears; before that it would only distract.
const COUNT_FROM: isize = 500;
/// `limits::PROP_TEXT_CHARS`, in the words of an attribute.
const LINE_CHARS: &str = "1024";
/// The kinds in the order of their words.
const KINDS: [&str; 4] = ["bug", "idea", "praise", "question"];
/// From bad to good.
const FACES: [&str; 5] = ["😞", "😕", "😐", "😊", "😀"];

pub(super) fn view(tree: &mut Tree, state: &State, at: usize, words: &Words) {
    let question = &state.form.questions[at];
    let ask = question.ask;
    let problem = state.problems.iter().find(|(place, _)| *place == at);
    let left = characters_left(&state.values[at]);
    let over = ask == Ask::Words && left < 0;
    let note = match problem {
        Some((_, problem)) => words.at(complaint(*problem)),
        None if ask == Ask::Words && left <= COUNT_FROM => {
            let name = if over { name::OVER } else { name::LEFT };
            plural(&words.at(name), &words.lang, left.unsigned_abs()).into()
        }
        None => AttrValue::default(),
    };
    let note_id = letter("n", at);
    tree.open("fieldset")
        .set("data-ask", style(ask))
        .put("aria-describedby", note_id.clone())
        .set_if(ask.is_chosen() && ask != Ask::Choices, "role", "radiogroup")
        .set_if(!question.is_asked(state.kind()), "hidden", "");
    if ask.is_chosen() {
        tree.open("legend");
    } else {
        tree.open("label").put("for", letter("q", at));
    }
    tree.say(label(question, state.kind(), words));
    if !question.required && ask != Ask::Kind {
        tree.open("small").say(words.at(name::OPTIONAL)).close();
    }
    tree.close();
    if ask.is_chosen() {
        options(tree, state, at, words);
    } else {
        control(tree, state, at, problem.is_some());
    }
    tree.open("p")
        .put("id", note_id)
        .set_if(over || problem.is_some(), "data-over", "")
        .say(note)
        .close()
        .close();
}

fn control(tree: &mut Tree, state: &State, at: usize, wrong: bool) {
    let question = &state.form.questions[at];
    let value = &state.values[at];
    match question.ask {
        Ask::Words => tree.open("textarea").set("rows", "4"),
        Ask::Line => tree
            .open("textarea")
            .set("rows", "2")
            .set("maxlength", LINE_CHARS),
        Ask::Tick => tree
            .open("input")
            .set("type", "checkbox")
            .checked(!value.is_empty()),
        _ => tree
            .open("input")
            .set("type", "email")
            .set("autocomplete", "email"),
    };
    tree.put("id", letter("q", at))
        .put("name", letter("q", at))
        .put("aria-describedby", letter("n", at))
        .set_if(matches!(question.ask, Ask::Words | Ask::Line), "dir", "auto")
        .set_if(question.required, "required", "")
        .set_if(wrong, "aria-invalid", "true")
        .set_if(state.phase == Phase::Sending, "readonly", "");
    if question.ask != Ask::Tick {
        tree.value(value.clone().into());
    }
    tree.close();
}

fn options(tree: &mut Tree, state: &State, at: usize, words: &Words) {
    let question = &state.form.questions[at];
    let value = &state.values[at];
    let rating = question.ask.is_rating();
    tree.open("div");
    for (place, option) in question.options.iter().enumerate() {
        let many = question.ask == Ask::Choices;
        let chosen = if many {
            value.lines().any(|one| one == option)
        } else {
            value == option
        };
        tree.open("label")
            .set_if(rating && value >= option, "data-on", "")
            .open("input")
            .set("type", if many { "checkbox" } else { "radio" })
            .put("name", letter("q", at))
            .value(option.clone().into())
            .checked(chosen);
        if rating {
            tree.put("aria-label", words.at(name::RATING_1 + place));
        }
        let says = match question.ask {
            Ask::Kind => words.at(name::KIND_BUG + place_of(option)),
            Ask::Emoji => AttrValue::Static(FACES[place % FACES.len()]),
            _ => option.clone().into(),
        };
        tree.close().open("span").say(says).close().close();
    }
    if rating {
        tree.open("button")
            .set("type", "button")
            .set_if(value.is_empty() || state.phase != Phase::Writing, "hidden", "")
            .set("data-rank", "side")
            .set("name", "clear")
            .put("value", letter("", at))
            .say(words.at(name::CLEAR))
            .close();
    }
    tree.close();
}

/// What a question is called: as the project does, or as we do.
pub(super) fn label(question: &Question, kind: &str, words: &Words) -> AttrValue {
    if !question.label.is_empty() {
        return question.label.clone().into();
    }
    words.at(match question.ask {
        Ask::Kind => name::KIND,
        Ask::Words => name::TEXT_BUG + place_of(kind),
        Ask::Email => name::EMAIL,
        _ => name::RATING,
    })
}

fn place_of(kind: &str) -> usize {
    KINDS.iter().position(|one| *one == kind).unwrap_or_default()
}

fn complaint(problem: Problem) -> usize {
    match problem {
        Problem::TextEmpty => name::EMPTY_TEXT,
        Problem::TextTooLong => name::LONG_TEXT,
        Problem::EmailInvalid => name::WRONG_EMAIL,
        Problem::Unanswered => name::EMPTY_ANSWER,
        Problem::Unrated => name::EMPTY_RATING,
        Problem::Unticked => name::EMPTY_TICK,
    }
}

/// The style sheet's word for it.
fn style(ask: Ask) -> &'static str {
    match ask {
        Ask::Stars => "stars",
        Ask::Numbers | Ask::Emoji => "scale",
        Ask::Tick => "tick",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use hearback_shared::item::FeedbackKind;
    use hearback_shared::limits::PROP_TEXT_CHARS;

    use super::*;

    #[test]
    fn kinds_and_limits_are_those_of_the_wire() {
        assert_eq!(FeedbackKind::ALL.map(FeedbackKind::as_str), KINDS);
        assert_eq!(PROP_TEXT_CHARS.to_string(), LINE_CHARS);
    }
}

//! The visitor's words.

use yew::prelude::*;

use super::form::error;
use crate::browser::value_of;
use crate::feedback::Problem;
use crate::i18n::Strings;
use crate::state::{Action, State};

/// Characters left at which the count appears; before that it would only distract.
const COUNT_FROM: isize = 500;

pub(super) fn view(state: &State, readonly: bool, act: &Callback<Action>, words: &Strings) -> Html {
    let problem = match &state.problem {
        Some(problem @ (Problem::TextEmpty | Problem::TextTooLong)) => Some((words.problem)(problem)),
        _ => None,
    };
    let left = state.draft.characters_left();
    let counted = left <= COUNT_FROM;
    let wrong = problem.is_some();
    let described = match (wrong, counted) {
        (true, true) => Some("hb-text-error hb-count"),
        (true, false) => Some("hb-text-error"),
        (false, true) => Some("hb-count"),
        (false, false) => None,
    };
    html! {
        <div>
            <label for="hb-text">{ (words.text)(state.draft.kind) }</label>
            <textarea id="hb-text" name="text" lang="" rows="4" dir="auto" required={true} {readonly}
                aria-describedby={described} aria-invalid={wrong.then_some("true")}
                value={state.draft.text.clone()}
                oninput={act.reform(|event| Action::Text(value_of(&event)))} />
            if let Some(message) = problem {
                { error("hb-text-error", message) }
            }
            if counted {
                <p id="hb-count" data-over={(left < 0).then_some("")}>
                    { (words.characters_left)(left) }
                </p>
            }
        </div>
    }
}

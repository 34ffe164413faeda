//! Where an answer may go.

use yew::prelude::*;

use super::form::error;
use crate::browser::value_of;
use crate::feedback::Problem;
use crate::i18n::Strings;
use crate::state::{Action, State};

pub(super) fn view(state: &State, readonly: bool, act: &Callback<Action>, words: &Strings) -> Html {
    let wrong = state.problem == Some(Problem::EmailInvalid);
    html! {
        <div>
            <label for="hb-email">{ words.email }<small>{ words.optional }</small></label>
            <input id="hb-email" name="email" type="email" autocomplete="email" {readonly}
                aria-describedby={wrong.then_some("hb-email-error")} aria-invalid={wrong.then_some("true")}
                value={state.draft.email.clone()}
                oninput={act.reform(|event| Action::Email(value_of(&event)))} />
            if wrong {
                { error("hb-email-error", (words.problem)(&Problem::EmailInvalid)) }
            }
        </div>
    }
}

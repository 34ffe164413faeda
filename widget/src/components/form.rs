//! The form.

use yew::prelude::*;

use super::{email, kind, rating, text};
use crate::browser::prevent_default;
use crate::i18n::Strings;
use crate::state::{Action, Phase, State};

pub(super) fn view(state: &State, act: &Callback<Action>, words: &Strings) -> Html {
    let send = act.clone();
    let onsubmit = move |event: SubmitEvent| {
        prevent_default(&event);
        send.emit(Action::Send);
    };
    let readonly = state.phase == Phase::Sending;
    html! {
        <form id="hb-form" novalidate={true} {onsubmit}>
            { kind::view(state.draft.kind, act, words) }
            { text::view(state, readonly, act, words) }
            { rating::view(state.draft.rating, act, words) }
            { email::view(state, readonly, act, words) }
        </form>
    }
}

/// An inline message that a field names as its description.
pub(super) fn error(id: &'static str, message: String) -> Html {
    html! { <p {id} data-over="">{ message }</p> }
}

//! The buttons.

use yew::prelude::*;

use crate::browser::is_single;
use crate::i18n::Strings;
use crate::state::{Action, Phase};

/// The cross in the corner.
pub(super) fn close(act: &Callback<Action>, words: &Strings) -> Html {
    html! {
        <button type="button" class="hb-x" aria-label={words.close} onclick={act.reform(|_| Action::Close)}></button>
    }
}

/// What can be done next: one primary action a view.
pub(super) fn view(phase: Phase, act: &Callback<Action>, words: &Strings) -> Html {
    match phase {
        Phase::Writing | Phase::Sending => {
            let sending = phase == Phase::Sending;
            // Not `disabled`, which would drop the focus.
            html! {
                <button key="send" data-rank="main" form="hb-form" aria-disabled={sending.then_some("true")}>
                    { if sending { words.sending } else { words.send } }
                </button>
            }
        }
        Phase::Waiting(_) => button("main", words.close, Action::Close, act),
        Phase::Arrived => html! {
            <>
                { button("side", words.another, Action::Another, act) }
                { button("main", words.close, Action::Close, act) }
            </>
        },
    }
}

/// A button that stands where another stood a moment ago.
fn button(rank: &'static str, label: &'static str, action: Action, act: &Callback<Action>) -> Html {
    let act = act.clone();
    let onclick = move |click: MouseEvent| {
        if is_single(&click) {
            act.emit(action.clone());
        }
    };
    html! { <button key={label} type="button" data-rank={rank} {onclick}>{ label }</button> }
}

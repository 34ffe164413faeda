//! The one line that screen readers speak: always there, and said once when its words change.

use yew::prelude::*;

use crate::feedback::Problem;
use crate::i18n::Strings;
use crate::state::{Phase, State};

pub(super) fn view(state: &State, words: &Strings) -> Html {
    let said = match (state.phase, &state.problem) {
        (Phase::Writing, None | Some(Problem::TextEmpty | Problem::TextTooLong | Problem::EmailInvalid)) => {
            AttrValue::Static("")
        }
        (Phase::Writing, Some(problem)) => AttrValue::from((words.problem)(problem)),
        (Phase::Sending, _) => AttrValue::Static((words.kept)(state.durable)),
        (Phase::Waiting(reason), _) => AttrValue::Static((words.waiting)(reason, state.durable)),
        (Phase::Arrived, _) => AttrValue::Static(words.arrived),
    };
    html! { <p class="hb-said" role="status">{ said }</p> }
}

//! The choice of a kind: native radio buttons, which every keyboard and screen reader knows.

use hearback_shared::item::FeedbackKind;
use yew::prelude::*;

use crate::i18n::Strings;
use crate::state::Action;

pub(super) fn view(chosen: FeedbackKind, act: &Callback<Action>, words: &Strings) -> Html {
    let option = |kind: FeedbackKind| {
        let onchange = act.reform(move |_| Action::Kind(kind));
        html! {
            <label>
                <input type="radio" name="kind" value={kind.as_str()} checked={kind == chosen} {onchange} />
                <span>{ (words.kind_name)(kind) }</span>
            </label>
        }
    };
    html! {
        <fieldset>
            <legend>{ words.kind }</legend>
            <div class="hb-kinds">{ for FeedbackKind::ALL.into_iter().map(option) }</div>
        </fieldset>
    }
}

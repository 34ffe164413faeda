//! The rating: five stars, which are native radio buttons, and a button that takes it back.

use hearback_shared::limits::RATING_MAX;
use yew::prelude::*;

use crate::i18n::Strings;
use crate::state::Action;

pub(super) fn view(chosen: Option<u8>, act: &Callback<Action>, words: &Strings) -> Html {
    let star = |rating: u8| {
        let onchange = act.reform(move |_| Action::Rating(Some(rating)));
        html! {
            <label data-on={(chosen >= Some(rating)).then_some("")}>
                <input type="radio" name="rating" checked={chosen == Some(rating)} {onchange} />
                <span>{ (words.rating_name)(rating) }</span>
            </label>
        }
    };
    html! {
        <fieldset>
            <legend>{ words.rating }<small>{ words.optional }</small></legend>
            <div class="hb-stars">
                { for (1..=RATING_MAX).map(star) }
                if chosen.is_some() {
                    <button type="button" data-rank="side" onclick={act.reform(|_| Action::Rating(None))}>
                        { words.rating_clear }
                    </button>
                }
            </div>
        </fieldset>
    }
}

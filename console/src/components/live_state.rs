//! Whether new feedback appears by itself, said with a form and a word.

use yew::prelude::*;

use crate::live::Live;

#[derive(PartialEq, Properties)]
pub(crate) struct LiveStateProps {
    pub(crate) live: Live,
    pub(crate) on_reconnect: Callback<()>,
}

/// The state of the live connection.
#[component]
pub(crate) fn LiveState(props: &LiveStateProps) -> Html {
    let live = props.live;
    let reconnect = props.on_reconnect.reform(|_: MouseEvent| ());
    html! {
        <div class={classes!("live", live.class())}>
            <span class="live-word" title={live.meaning()}>
                <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false">
                    <circle class="live-ring" cx="6" cy="6" r="4.5" />
                    <circle class="live-dot" cx="6" cy="6" r="4" />
                </svg>
                { live.word() }
            </span>
            <span class="vh">{ live.meaning() }</span>
            if live.is_stuck() {
                <button type="button" class="button is-small" onclick={reconnect}>{ "Reconnect now" }</button>
            }
        </div>
    }
}

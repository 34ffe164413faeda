//! A moment in the past.

use hearback_shared::UnixMillis;
use yew::prelude::*;

use crate::browser::dates;
use crate::words;

#[derive(PartialEq, Properties)]
pub(crate) struct StampProps {
    pub(crate) at: UnixMillis,
    pub(crate) now: UnixMillis,
}

/// A moment: how long ago, and exactly when on a closer look.
#[component]
pub(crate) fn Stamp(props: &StampProps) -> Html {
    let local = dates::local(props.at);
    let shown = words::ago(props.now, props.at).unwrap_or_else(|| local.date());
    html! { <time datetime={words::iso(props.at)} title={local.exact()}>{ shown }</time> }
}

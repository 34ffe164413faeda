//! What stands where there is nothing yet, or nothing any more: bones while loading, the reason after a failure.

use yew::prelude::*;

use super::{Glyph, Icon};
use crate::failure::Failure;

#[derive(PartialEq, Properties)]
pub(crate) struct ErrorPanelProps {
    /// What failed.
    pub(crate) title: AttrValue,
    pub(crate) failure: Failure,
    /// It is being tried again.
    pub(crate) busy: bool,
    pub(crate) on_retry: Callback<()>,
}

/// A view, or a part of one, that could not be loaded.
#[component]
pub(crate) fn ErrorPanel(props: &ErrorPanelProps) -> Html {
    let retry = props.on_retry.reform(|_: MouseEvent| ());
    html! {
        <div class="panel state" role="alert">
            <span class="state-icon is-bad"><Glyph icon={Icon::Broken} /></span>
            <h2>{ &props.title }</h2>
            <p>{ props.failure.sentence() }</p>
            <button type="button" class="button is-primary" aria-disabled={props.busy.to_string()} onclick={retry}>{ trying(props.busy) }</button>
        </div>
    }
}

fn trying(busy: bool) -> &'static str {
    if busy { "Trying again…" } else { "Try again" }
}

/// Something is shown, but it may be incomplete or old.
#[component]
pub(crate) fn Banner(props: &ErrorPanelProps) -> Html {
    let retry = props.on_retry.reform(|_: MouseEvent| ());
    html! {
        <div class="banner" role="alert">
            <Glyph icon={Icon::Warning} />
            <p><strong>{ &props.title }</strong>{ " " }{ props.failure.sentence() }</p>
            <button type="button" class="button is-small" aria-disabled={props.busy.to_string()} onclick={retry}>{ trying(props.busy) }</button>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct ListSkeletonProps {
    /// What is being loaded, with its verb.
    #[prop_or(AttrValue::Static("Feedback is"))]
    pub(crate) of: AttrValue,
}

/// Bones of a list. They appear only after a moment, so that a quick answer does not flicker.
#[component]
pub(crate) fn ListSkeleton(props: &ListSkeletonProps) -> Html {
    html! {
        <div class="panel bones" role="status">
            <span class="vh">{ format!("{} being loaded.", props.of) }</span>
            { for (0..5).map(|_| html! {
                <div class="bones-row" aria-hidden="true">
                    <span class="bone is-short"></span>
                    <div><span class="bone"></span><span class="bone is-half"></span></div>
                </div>
            }) }
        </div>
    }
}

/// Bones of a picture.
#[component]
pub(crate) fn PictureSkeleton() -> Html {
    html! {
        <div class="panel bones" role="status">
            <span class="vh">{ "The numbers are being loaded." }</span>
            <span class="bone is-short" aria-hidden="true"></span>
            <span class="bone is-picture" aria-hidden="true"></span>
        </div>
    }
}

/// Bones of the summary numbers.
#[component]
pub(crate) fn TileSkeletons() -> Html {
    html! {
        <div class="tiles" aria-hidden="true">
            { for (0..3).map(|_| html! {
                <div class="tile bones"><span class="bone is-short"></span><span class="bone is-half is-tall"></span></div>
            }) }
        </div>
    }
}

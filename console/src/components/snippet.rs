//! The one line that puts Hearback on a page, ready to be copied.

use yew::prelude::*;

use super::Copyable;
use crate::browser::page;
use crate::hooks::use_public_key;

#[derive(PartialEq, Properties)]
pub(crate) struct SnippetProps {
    pub(crate) project: AttrValue,
}

/// The script tag of this collector, with the project's key as soon as the collector has told it.
#[component]
pub(crate) fn Snippet(props: &SnippetProps) -> Html {
    let known = use_public_key();
    let key = known.clone().unwrap_or_else(|| format!("pk_{}_…", props.project));
    let line = format!(
        "<script async src=\"{}/hearback.js\" data-key=\"{key}\"></script>",
        page::origin()
    );
    html! {
        <Copyable name="Script tag" text={line} button="Copy the script tag">
            if known.is_none() {
                <p class="hint">
                    { "Put your project’s public key, which starts with " }
                    <code>{ format!("pk_{}_", props.project) }</code>
                    { ", in the place of " }<code>{ key }</code>{ "." }
                </p>
            }
        </Copyable>
    }
}

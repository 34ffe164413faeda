//! The one line that puts Hearback on a page, ready to be copied.

use yew::prelude::*;

use super::{Glyph, Icon};
use crate::browser::{clipboard, page};
use crate::hooks::use_public_key;

#[derive(PartialEq, Properties)]
pub(crate) struct SnippetProps {
    pub(crate) project: AttrValue,
}

#[derive(Clone, Copy, PartialEq)]
enum Copied {
    NotYet,
    Yes,
    /// The browser did not allow it.
    No,
}

/// The script tag of this collector, with the project's key as soon as the collector has told it.
#[component]
pub(crate) fn Snippet(props: &SnippetProps) -> Html {
    let copied = use_state(|| Copied::NotYet);
    let known = use_public_key();
    let key = known.clone().unwrap_or_else(|| format!("pk_{}_…", props.project));
    let line = format!(
        "<script async src=\"{}/hearback.js\" data-key=\"{key}\"></script>",
        page::origin()
    );
    let copy = {
        let (line, copied) = (line.clone(), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let copied = copied.clone();
            clipboard::copy(&line, move |done| {
                copied.set(if done { Copied::Yes } else { Copied::No });
            });
        })
    };
    let said = match *copied {
        Copied::NotYet => "",
        Copied::Yes => "Copied.",
        Copied::No => "The browser does not allow copying here: select the line and copy it.",
    };
    html! {
        <div class="snippet">
            <pre tabindex="0" aria-label="Script tag"><code>{ line }</code></pre>
            <div class="snippet-foot">
                <button type="button" class="button is-primary" onclick={copy}>
                    <Glyph icon={if *copied == Copied::Yes { Icon::Check } else { Icon::Copy }} />
                    { "Copy the script tag" }
                </button>
                <span role="status">{ said }</span>
            </div>
            if known.is_none() {
                <p class="hint">
                    { "Put your project’s public key, which starts with " }
                    <code>{ format!("pk_{}_", props.project) }</code>
                    { ", in the place of " }<code>{ key }</code>{ "." }
                </p>
            }
        </div>
    }
}

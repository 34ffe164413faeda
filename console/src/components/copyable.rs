//! A line of code, ready to be copied.

use yew::prelude::*;

use super::{Glyph, Icon};
use crate::browser::clipboard;

#[derive(PartialEq, Properties)]
pub(crate) struct CopyableProps {
    /// What it is, for those who don't see it.
    pub(crate) name: AttrValue,
    pub(crate) text: AttrValue,
    /// What the button says.
    pub(crate) button: AttrValue,
    #[prop_or_default]
    pub(crate) children: Html,
}

#[derive(Clone, Copy, PartialEq)]
enum Copied {
    NotYet,
    Yes,
    /// The browser did not allow it.
    No,
}

/// The line, and the button that copies it.
#[component]
pub(crate) fn Copyable(props: &CopyableProps) -> Html {
    let copied = use_state(|| Copied::NotYet);
    let copy = {
        let (text, copied) = (props.text.clone(), copied.setter());
        Callback::from(move |_: MouseEvent| {
            let copied = copied.clone();
            clipboard::copy(&text, move |done| {
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
            <pre tabindex="0" aria-label={props.name.clone()}><code>{ &props.text }</code></pre>
            <div class="snippet-foot">
                <button type="button" class="button is-primary" onclick={copy}>
                    <Glyph icon={if *copied == Copied::Yes { Icon::Check } else { Icon::Copy }} />
                    { &props.button }
                </button>
                <span role="status">{ said }</span>
            </div>
            { props.children.clone() }
        </div>
    }
}

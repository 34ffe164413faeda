//! The way in: a token, pasted.

use yew::prelude::*;

use super::HEADING;
use crate::browser::page;
use crate::components::Mark;
use crate::route::window_title;
use crate::session::Notice;

const FIELD: &str = "token";

#[derive(PartialEq, Properties)]
pub(crate) struct SignInProps {
    /// Why the form is shown, where there is something to say.
    pub(crate) notice: Option<Notice>,
    /// The token is being checked.
    pub(crate) checking: bool,
    pub(crate) on_submit: Callback<String>,
}

/// The sign-in form.
#[component]
pub(crate) fn SignIn(props: &SignInProps) -> Html {
    let pasted = use_state(String::new);
    let shown = use_state(|| false);
    use_effect_with((), |()| page::set_title(&window_title("Sign in", 0)));
    // After a refusal the field is where the next step is.
    use_effect_with(props.notice.clone(), |_| page::focus(FIELD));

    let error = props.notice.as_ref().filter(|notice| notice.is_error());
    let oninput = {
        let pasted = pasted.clone();
        Callback::from(move |event: InputEvent| pasted.set(page::field_value(&event)))
    };
    let onsubmit = {
        let (pasted, on_submit, checking) = (pasted.clone(), props.on_submit.clone(), props.checking);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !checking {
                on_submit.emit((*pasted).clone());
            }
        })
    };
    let show = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    html! {
        <main class="sign-in">
            <div class="panel sign-in-card">
                <Mark />
                <h1 id={HEADING}>{ "Sign in to Hearback" }</h1>
                <form {onsubmit} novalidate=true>
                    <label for={FIELD}>{ "Token" }</label>
                    <div class="field">
                        <input id={FIELD} type={if *shown { "text" } else { "password" }} value={(*pasted).clone()} {oninput}
                            autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="tk_…"
                            aria-invalid={error.is_some().to_string()} aria-describedby="notice token-hint" />
                        <button type="button" class="button is-quiet" aria-pressed={shown.to_string()} onclick={show}>
                            { "Show" }<span class="vh">{ " the token" }</span>
                        </button>
                    </div>
                    <div id="notice" role="status">
                        if let Some(notice) = &props.notice {
                            <p class={if notice.is_error() { "field-error" } else { "field-note" }}>{ notice.sentence() }</p>
                        }
                    </div>
                    <p id="token-hint" class="hint">
                        { "It is kept in this tab only, until you sign out or close it." }
                    </p>
                    <button type="submit" class="button is-primary is-wide" aria-disabled={props.checking.to_string()}>
                        { if props.checking { "Checking the token…" } else { "Sign in" } }
                    </button>
                </form>
                <details class="help">
                    <summary>{ "Where do I find a token?" }</summary>
                    <p>{ "The demo prints one when it starts. For a collector of your own, whoever runs it makes one with" }</p>
                    <pre tabindex="0" aria-label="Command"><code>{ "cargo xtask token --project <name>" }</code></pre>
                </details>
            </div>
        </main>
    }
}

//! An item that a sink refused for good: why, what is in it, and the way to send it again.

use hearback_shared::UnixMillis;
use hearback_shared::delivery::DeadLetter;
use yew::prelude::*;

use super::Stamp;
use crate::ledger::{Action, Doing, Replay};
use crate::words;

#[derive(PartialEq, Properties)]
pub(crate) struct DeadLetterItemProps {
    pub(crate) letter: DeadLetter,
    /// What is in it, where somebody looks.
    pub(crate) opened: Option<Doing<DeadLetter>>,
    pub(crate) replay: Option<Replay>,
    pub(crate) send: Callback<Action>,
    pub(crate) now: UnixMillis,
}

/// A dead letter.
#[component]
pub(crate) fn DeadLetterItem(props: &DeadLetterItemProps) -> Html {
    let DeadLetterItemProps {
        letter,
        opened,
        replay,
        send,
        now,
    } = props;
    let is_open = opened.is_some();
    let look = {
        let id = letter.id.clone();
        send.reform(move |_: MouseEvent| {
            if is_open {
                Action::Close(id.clone())
            } else {
                Action::Open(id.clone())
            }
        })
    };
    let again = {
        let id = letter.id.clone();
        send.reform(move |_: MouseEvent| Action::Replay(id.clone()))
    };
    let is_on_its_way = letter.replaying || matches!(replay, Some(Replay::Asking | Replay::Sent));
    html! {
        <article class="letter" aria-label={format!("Dead letter {}", letter.item)}>
            <div class="letter-body">
                <p><strong>{ capital(&words::legible(&letter.reason)) }</strong></p>
                <dl class="facts">
                    <div><dt>{ "Sink" }</dt><dd>{ &letter.sink }</dd></div>
                    <div><dt>{ "Given up" }</dt><dd><Stamp at={letter.at} now={*now} /></dd></div>
                    <div><dt>{ "Item" }</dt><dd><code>{ &letter.item }</code></dd></div>
                </dl>
                if let Some(Replay::Failed(failure)) = replay {
                    <p class="field-error" role="alert">{ "It was not sent again. " }{ failure.sentence() }</p>
                }
            </div>
            <div class="letter-actions">
                <button type="button" class="button" aria-expanded={is_open.to_string()} onclick={look}>{ "Look inside" }</button>
                <button type="button" class="button" aria-disabled={is_on_its_way.to_string()} onclick={again}>
                    { if is_on_its_way { "Sent again…" } else { "Send again" } }
                </button>
                if is_on_its_way {
                    <p class="hint" role="status">{ "The sink has not answered yet." }</p>
                }
            </div>
            if let Some(opened) = opened {
                { inside(opened) }
            }
        </article>
    }
}

/// The item, as text and nothing else.
fn inside(opened: &Doing<DeadLetter>) -> Html {
    match opened {
        Doing::Running => {
            html! { <p class="letter-inside hint" role="status">{ "The item is being loaded…" }</p> }
        }
        Doing::Failed(failure) => html! {
            <p class="letter-inside field-error" role="alert">{ "The item could not be loaded. " }{ failure.sentence() }</p>
        },
        Doing::Done(letter) => {
            let text = letter.line.as_deref().map(words::indented).unwrap_or_default();
            html! { <pre class="letter-inside" tabindex="0" aria-label="The item as the sink got it"><code>{ text }</code></pre> }
        }
    }
}

/// A clause as a sentence.
fn capital(clause: &str) -> String {
    let mut chars = clause.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

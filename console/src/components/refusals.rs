//! Why items and requests were refused, what never arrived, and what to do about it.

use litemap::LiteMap;

use hearback_shared::ledger::LedgerRow;
use yew::prelude::*;

use crate::words::{self, Apart};

/// Where a code is explained on the page.
pub(crate) fn anchor(code: &str) -> String {
    format!("refused-{code}")
}

#[derive(PartialEq, Properties)]
pub(crate) struct RefusalsProps {
    /// Refused items by code.
    pub(crate) rejected: LiteMap<String, u64>,
    /// The period within a sentence.
    pub(crate) period: &'static str,
}

/// The codes of refused items, the most frequent first, as docs/rejections.md explains them.
#[component]
pub(crate) fn Refusals(props: &RefusalsProps) -> Html {
    let mut codes: Vec<(&String, u64)> = props
        .rejected
        .iter()
        .map(|(code, count)| (code, *count))
        .collect();
    codes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    html! {
        <section aria-labelledby="refused">
            <div class="section-head">
                <h2 id="refused">{ "Refused items, by reason" }</h2>
                if !codes.is_empty() {
                    <p>{ "Most frequent first" }</p>
                }
            </div>
            if codes.is_empty() {
                <p class="panel none">{ format!("No item was refused in the {}.", props.period) }</p>
            } else {
                <ul class="panel reasons-list">{ for codes.into_iter().map(code) }</ul>
            }
        </section>
    }
}

fn code((code, count): (&String, u64)) -> Html {
    html! {
        <li id={anchor(code)} key={code.clone()} tabindex="-1">
            <p class="reason-count"><b>{ words::grouped(count) }</b><span class="vh">{ " times" }</span></p>
            <div>
                <p><code>{ code }</code></p>
                {
                    match words::refusal(code) {
                        Some(refusal) => html! {
                            <>
                                <p>{ marked(refusal.wrong) }{ "." }</p>
                                <p class="hint"><strong>{ "What to do: " }</strong>{ marked(refusal.todo) }{ "." }</p>
                            </>
                        },
                        None => html! { <p class="hint">{ "A newer collector has this code: its docs/rejections.md explains it." }</p> },
                    }
                }
            </div>
        </li>
    }
}

fn marked(text: &'static str) -> Html {
    let part = |(is_code, words): (bool, &'static str)| {
        if is_code {
            html! { <code>{ words }</code> }
        } else {
            html! { { words } }
        }
    };
    html! { <>{ for words::marked(text).map(part) }</> }
}

#[derive(PartialEq, Properties)]
pub(crate) struct CountedApartProps {
    pub(crate) total: LedgerRow,
}

/// What is outside the balance: what may come again, and what never came.
#[component]
pub(crate) fn CountedApart(props: &CountedApartProps) -> Html {
    let LedgerRow { apart, lost, .. } = &props.total;
    let apart = apart.iter().map(|(reason, count)| words::apart(reason, *count));
    let known: Vec<Apart> = apart.chain((*lost > 0).then(|| words::lost(*lost))).collect();
    html! {
        <section aria-labelledby="apart">
            <div class="section-head"><h2 id="apart">{ "Outside the balance" }</h2></div>
            if known.is_empty() {
                <p class="panel none">{ "Nothing had to be sent again, no request was refused whole, and no number is missing." }</p>
            } else {
                <ul class="panel reasons-list is-plain">{ for known.into_iter().map(|Apart { what, meaning }| html! {
                    <li><div><p><strong>{ what }</strong></p><p class="hint">{ meaning }</p></div></li>
                }) }</ul>
            }
        </section>
    }
}

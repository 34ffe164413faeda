//! A sum and what it is made of, as an equation that can be read aloud.

use hearback_shared::ledger::LedgerRow;
use yew::prelude::*;

use super::{Glyph, Icon};
use crate::words::{self, Equation, Term};

#[derive(PartialEq, Properties)]
pub(crate) struct SumProps {
    pub(crate) equation: Equation,
    /// The period within a sentence, where nothing beside it says so.
    #[prop_or_default]
    pub(crate) period: Option<&'static str>,
}

/// An equation. It breaks between its terms where there is no room.
#[component]
pub(crate) fn Sum(props: &SumProps) -> Html {
    let Equation { sum, parts } = &props.equation;
    let part = |(place, part): (usize, &Term)| {
        html! { <>{ " " }<span class="term-sign">{ if place == 0 { "=" } else { "+" } }</span>{ " " }{ term(part) }</> }
    };
    html! {
        <p class="sum">
            { term(sum) }
            if let Some(period) = props.period {
                { " " }<span class="term-sign">{ format!("in the {period}") }</span>
            }
            { for parts.iter().enumerate().map(part) }
        </p>
    }
}

fn term(term: &Term) -> Html {
    html! {
        <span class={classes!("term", term.is_wrong.then_some("is-wrong"))}>
            <b>{ words::grouped(term.count) }</b>{ " " }<span>{ term.word }</span>
        </span>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct BalanceProps {
    pub(crate) total: LedgerRow,
    /// The period within a sentence.
    pub(crate) period: &'static str,
}

/// Whether everything that was received is explained, and how.
#[component]
pub(crate) fn Balance(props: &BalanceProps) -> Html {
    let total = &props.total;
    let is_balanced = total.difference == 0;
    html! {
        <section class={classes!("panel", "balance", (!is_balanced).then_some("is-wrong"))} aria-labelledby="balance">
            <span class="state-icon"><Glyph icon={if is_balanced { Icon::Check } else { Icon::Warning }} /></span>
            <div>
                <h2 id="balance">{ words::verdict(total) }</h2>
                <Sum equation={words::received(total)} period={Some(props.period)} />
                if !is_balanced {
                    <p class="hint">
                        { "This is a fault in Hearback, not in your pages. The hours that don’t add up are marked in the table below; please report them." }
                    </p>
                }
            </div>
        </section>
    }
}

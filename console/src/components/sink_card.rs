//! One sink: how it is doing, where the period's items are, and whether it takes a delivery at all.

use hearback_shared::UnixMillis;
use hearback_shared::delivery::{SinkState, TestAnswer};
use hearback_shared::ledger::SinkTally;
use yew::prelude::*;

use super::{Glyph, Icon, Sum};
use crate::browser::dates;
use crate::ledger::Doing;
use crate::words::{self, Health};

#[derive(PartialEq, Properties)]
pub(crate) struct SinkCardProps {
    pub(crate) sink: SinkState,
    /// Items that were stored in the period, and where they are; none until that is known.
    pub(crate) sums: Option<(u64, SinkTally)>,
    /// The period within a sentence.
    pub(crate) period: &'static str,
    pub(crate) test: Option<Doing<TestAnswer>>,
    pub(crate) on_test: Callback<String>,
    pub(crate) now: UnixMillis,
}

/// One sink.
#[component]
pub(crate) fn SinkCard(props: &SinkCardProps) -> Html {
    let SinkCardProps {
        sink,
        sums,
        period,
        test,
        now,
        ..
    } = props;
    let health = words::health(sink, *now);
    let name = sink.name.clone();
    let is_testing = matches!(test, Some(Doing::Running));
    let onclick = props.on_test.reform(move |_: MouseEvent| name.clone());
    let last_error = sink
        .last_error
        .as_deref()
        .filter(|_| matches!(health, Health::Well | Health::Sending));
    html! {
        <article class="panel sink" aria-label={format!("Sink {}", sink.name)}>
            <div class="sink-head">
                <h3>{ &sink.name }</h3>
                <p class="hint">{ words::kind(&sink.kind) }</p>
                <span class={classes!("health", health.class())}><Glyph icon={icon(health)} />{ health.word() }</span>
            </div>
            <p>{ words::said(sink, *now, dates::local) }</p>
            if let Some(error) = last_error {
                <p class="hint">{ "The last delivery that failed: " }{ words::legible(error) }{ "." }</p>
            }
            if let Some((accepted, tally)) = sums {
                <div class="sink-sum">
                    <p class="hint">{ format!("Of the {period}") }</p>
                    <Sum equation={words::at_sink(*accepted, tally)} />
                    if words::missing_at_sink(*accepted, tally) != 0 {
                        <p class="hint">{ "Items that were let go by the retention before this sink was set up are not explained here." }</p>
                    }
                </div>
            }
            <div class="sink-foot">
                <button type="button" class="button" aria-disabled={is_testing.to_string()}
                    aria-label={format!("Send a test delivery to {}", sink.name)} {onclick}>
                    <Glyph icon={Icon::Send} />{ "Send a test delivery" }
                </button>
                <p role="status">{ outcome(test.as_ref()) }</p>
            </div>
        </article>
    }
}

fn icon(health: Health) -> Icon {
    match health {
        Health::Well => Icon::Check,
        Health::Sending | Health::Behind => Icon::Clock,
        Health::Paused => Icon::Pause,
    }
}

/// What became of a test delivery.
fn outcome(test: Option<&Doing<TestAnswer>>) -> Html {
    match test {
        None => html! {},
        Some(Doing::Running) => html! { { "Sending…" } },
        Some(Doing::Done(answer)) if answer.delivered => {
            html! { <span class="is-good">{ format!("It arrived: {}.", words::legible(&answer.answer)) }</span> }
        }
        Some(Doing::Done(answer)) => {
            html! { <span class="is-bad">{ format!("It did not arrive: {}.", words::legible(&answer.answer)) }</span> }
        }
        Some(Doing::Failed(failure)) => {
            html! { <span class="is-bad">{ "The test could not be made. " }{ failure.sentence() }</span> }
        }
    }
}

//! How the sinks are doing.

use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::delivery::SinkState;
use yew::prelude::*;

use crate::components::{Banner, Copyable, ErrorPanel, ListSkeleton, SinkCard};
use crate::ledger::{Action, Ledger};
use crate::usage::Period;
use crate::words;

/// The setting that makes a sink, to be filled in.
const EXAMPLE: &str =
    r#"SINKS=[{"name":"hook","type":"http","url":"https://example.org/hearback","secret":"whsec_…"}]"#;

#[derive(PartialEq, Properties)]
pub(super) struct SinksProps {
    pub(super) ledger: Rc<Ledger>,
    pub(super) send: Callback<Action>,
    pub(super) period: Period,
    pub(super) now: UnixMillis,
    pub(super) on_retry: Callback<()>,
}

/// The sinks.
#[component]
pub(super) fn Sinks(props: &SinksProps) -> Html {
    let SinksProps {
        ledger,
        period,
        on_retry,
        ..
    } = props;
    let asked = &ledger.sinks;
    let count = asked.known().map_or(0, |answer| answer.sinks.len()) as u64;
    html! {
        <section class="part" aria-labelledby="sinks">
            <div class="section-head">
                <h2 id="sinks">{ "Sinks" }</h2>
                if count > 0 {
                    <p>{ format!("{}, with the items stored in the {}", words::counted(count, "sink", "sinks"), period.phrase()) }</p>
                }
            </div>
            {
                match (asked.known(), &asked.failure) {
                    (Some(answer), failure) => html! {
                        <>
                            if let Some(failure) = failure {
                                <Banner title="What the sinks do may be out of date." failure={failure.clone()} busy={asked.running.is_some()} on_retry={on_retry.clone()} />
                            }
                            if answer.sinks.is_empty() {
                                <NoSink />
                            }
                            <div class="sinks">{ for answer.sinks.iter().map(|sink| card(sink, props)) }</div>
                        </>
                    },
                    (None, Some(failure)) => html! {
                        <ErrorPanel title="The sinks could not be loaded" failure={failure.clone()} busy={asked.running.is_some()} on_retry={on_retry.clone()} />
                    },
                    (None, None) => html! { <ListSkeleton of="The sinks are" /> },
                }
            }
        </section>
    }
}

fn card(sink: &SinkState, props: &SinksProps) -> Html {
    let ledger = &props.ledger;
    let sums = ledger.hours(props.period).known().map(|answer| {
        let tally = answer.total.sinks.get(&sink.name).cloned().unwrap_or_default();
        (answer.total.accepted, tally)
    });
    html! {
        <SinkCard key={sink.name.clone()} sink={sink.clone()} {sums} period={props.period.phrase()}
            test={ledger.tests.get(&sink.name).cloned()} on_test={props.send.reform(Action::Test)} now={props.now} />
    }
}

/// No sink: how to get one.
#[component]
fn NoSink() -> Html {
    html! {
        <div class="panel state is-teaching">
            <h3>{ "No sink yet" }</h3>
            <p>{ "A sink gets every item that is stored, as signed NDJSON. Give the collector this setting, with your own address and secret, and start it again." }</p>
            <Copyable name="Setting" text={EXAMPLE} button="Copy the setting" />
            <p>{ "ClickHouse, buckets and queues are sinks, too: " }<code>{ "docs/sinks.md" }</code>{ " shows the setting of each." }</p>
        </div>
    }
}

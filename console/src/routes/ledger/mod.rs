//! Where every item went: whether it balances, how the sinks are doing, and what they refused.

mod letters;
mod sinks;

use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::ledger::{LedgerAnswer, LedgerRow};
use hearback_shared::query::Interval;
use yew::prelude::*;

use super::HEADING;
use crate::browser::dates;
use crate::charts::{Form, Received, Spec, SpecSeries, labels, labels_of_days, received};
use crate::components::{
    Balance, Banner, ChartCard, CountedApart, ErrorPanel, Glyph, HoursTable, Icon, Key, Navigator,
    PeriodChoice, Picture, PictureSkeleton, Refusals, Snippet,
};
use crate::ledger::{Action, Ledger, bar};
use crate::route::Route;
use crate::usage::Period;
use crate::words;
use letters::Letters;
use sinks::Sinks;

#[derive(PartialEq, Properties)]
pub(crate) struct LedgerViewProps {
    pub(crate) ledger: Rc<Ledger>,
    pub(crate) send: Callback<Action>,
    pub(crate) period: Period,
    pub(crate) now: UnixMillis,
    pub(crate) project: AttrValue,
}

/// The ledger over a period.
#[component]
pub(crate) fn LedgerView(props: &LedgerViewProps) -> Html {
    let LedgerViewProps {
        ledger,
        send,
        period,
        now,
        project,
    } = props;
    let period = *period;
    let hours = ledger.hours(period);
    let refresh = send.reform(move |()| Action::Refresh(period, dates::now()));
    html! {
        <>
            <Head {period} busy={ledger.is_busy(period)} on_refresh={refresh.clone()} />
            <p class="view-sub">{ subtitle(period, hours.answer.as_ref().map(|(_, at)| *at)) }</p>
            {
                match (&hours.answer, &hours.failure) {
                    (Some((answer, at)), failure) => html! {
                        <>
                            if let Some(failure) = failure {
                                <Banner title="These numbers may be out of date." failure={failure.clone()} busy={hours.running.is_some()} on_retry={refresh.clone()} />
                            }
                            <Summary answer={Rc::clone(answer)} at={*at} {period} project={project.clone()} />
                        </>
                    },
                    (None, Some(failure)) => html! {
                        <ErrorPanel title="The ledger could not be loaded" failure={failure.clone()} busy={hours.running.is_some()} on_retry={refresh.clone()} />
                    },
                    (None, None) => html! { <PictureSkeleton /> },
                }
            }
            <Sinks ledger={Rc::clone(ledger)} send={send.clone()} {period} now={*now} on_retry={refresh.clone()} />
            <Letters ledger={Rc::clone(ledger)} send={send.clone()} now={*now} on_retry={refresh} />
            if let Some((answer, at)) = hours.answer.as_ref().filter(|(answer, _)| !is_empty(&answer.total)) {
                <Reasons answer={Rc::clone(answer)} at={*at} {period} />
            }
            <p class="vh" role="status">{ &ledger.spoken }</p>
        </>
    }
}

fn subtitle(period: Period, at: Option<UnixMillis>) -> String {
    let as_of = at.map_or(String::new(), |at| {
        format!(" As of {}.", dates::local(at).clock())
    });
    format!("Where every item went in the {}.{as_of}", period.phrase())
}

/// Nothing came, not even something that was refused whole.
fn is_empty(total: &LedgerRow) -> bool {
    total.received == 0 && total.apart.is_empty() && total.lost == 0
}

#[derive(PartialEq, Properties)]
struct HeadProps {
    period: Period,
    busy: bool,
    on_refresh: Callback<()>,
}

/// The heading, the choice of a period, and the way to newer numbers.
#[component]
fn Head(props: &HeadProps) -> Html {
    let navigator = use_context::<Navigator>();
    let choose = Callback::from(move |period| {
        if let Some(Navigator(go)) = &navigator {
            go.emit((Route::Ledger(period), true));
        }
    });
    let refresh = props.on_refresh.reform(|_: MouseEvent| ());
    html! {
        <div class="view-head">
            <h1 id={HEADING} tabindex="-1">{ "Ledger" }</h1>
            <div class="view-tools">
                <PeriodChoice period={props.period} on_choose={choose} />
                <button type="button" class="button" aria-disabled={props.busy.to_string()} onclick={refresh}>
                    <Glyph icon={Icon::Refresh} />{ "Refresh" }
                </button>
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct HoursProps {
    answer: Rc<LedgerAnswer>,
    at: UnixMillis,
    period: Period,
    #[prop_or_default]
    project: AttrValue,
}

/// Whether it balances, and the picture.
#[component]
fn Summary(props: &HoursProps) -> Html {
    let HoursProps {
        answer,
        at,
        period,
        project,
    } = props;
    if is_empty(&answer.total) {
        return html! {
            <div class="panel state is-teaching">
                <h2>{ format!("Nothing was received in the {}", period.phrase()) }</h2>
                <p>{ "Put this line into your page. Everything it sends is counted here, whatever becomes of it." }</p>
                <Snippet project={project.clone()} />
            </div>
        };
    }
    let plan = received(answer, bar(*period), *at);
    let per = match plan.interval {
        Interval::Hour => format!("per hour, in your time ({})", dates::local(*at).zone()),
        Interval::Day => "per day, in UTC".to_owned(),
    };
    html! {
        <>
            <Balance total={answer.total.clone()} period={period.phrase()} />
            <ChartCard title="Received items" unit={per}>
                <Key lines={plan.parts.to_vec()} />
                <Picture spec={spec(&plan, *period)} label={picture(&answer.total, *period)} />
            </ChartCard>
        </>
    }
}

fn picture(total: &LedgerRow, period: Period) -> String {
    let per = match bar(period) {
        Interval::Hour => "hour",
        Interval::Day => "day",
    };
    format!(
        "Stacked bar chart, one bar per {per}: {}",
        words::sentence(&words::received(total), period.phrase())
    )
}

fn spec(plan: &Received, period: Period) -> Spec {
    let labels = if period == Period::Days7 {
        labels_of_days(&plan.starts, dates::local)
    } else {
        labels(plan.interval, &plan.starts, dates::local)
    };
    let series = plan.parts.iter().map(|part| SpecSeries {
        label: part.label.clone(),
        counts: part.counts.clone(),
    });
    Spec {
        form: Form::Stack,
        ticks: labels.ticks,
        points: labels.points,
        unfinished: plan.unfinished,
        series: series.collect(),
        chosen: None,
    }
}

/// Why items were refused, what stands outside the balance, and every hour.
#[component]
fn Reasons(props: &HoursProps) -> Html {
    let HoursProps {
        answer, at, period, ..
    } = props;
    html! {
        <>
            <div class="columns">
                <Refusals rejected={answer.total.rejected.clone()} period={period.phrase()} />
                <CountedApart total={answer.total.clone()} />
            </div>
            <HoursTable answer={Rc::clone(answer)} now_hour={Interval::Hour.start(*at)} period={period.phrase()} />
        </>
    }
}

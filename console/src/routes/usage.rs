//! Page views and events over a period.

use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::query::{Interval, SeriesAnswer};
use yew::prelude::*;

use super::HEADING;
use crate::browser::dates;
use crate::charts::{Form, Labels, Line, Plan, Spec, SpecSeries, labels, plan};
use crate::components::{
    Banner, ChartCard, ErrorPanel, Legend, Navigator, PeriodChoice, Picture, PictureSkeleton, SeriesTable,
    Snippet, Tile, TileSkeletons,
};
use crate::route::Route;
use crate::usage::{Action, Period, Usage};
use crate::words;

#[derive(PartialEq, Properties)]
pub(crate) struct UsageViewProps {
    pub(crate) usage: Rc<Usage>,
    pub(crate) send: Callback<Action>,
    pub(crate) period: Period,
    pub(crate) project: AttrValue,
}

/// Usage over a period.
#[component]
pub(crate) fn UsageView(props: &UsageViewProps) -> Html {
    let UsageViewProps {
        usage,
        send,
        period,
        project,
        ..
    } = props;
    let (period, slot) = (*period, usage.slot(*period));
    let navigator = use_context::<Navigator>();
    let choose = Callback::from(move |period| {
        if let Some(Navigator(go)) = &navigator {
            go.emit((Route::Usage(period), true));
        }
    });
    let busy = slot.running.is_some();
    let retry = send.reform(move |()| Action::Refresh(period, dates::now()));
    html! {
        <>
            <div class="view-head">
                <h1 id={HEADING} tabindex="-1">{ "Usage" }</h1>
                <PeriodChoice {period} on_choose={choose} />
            </div>
            {
                match (&slot.answer, &slot.failure) {
                    (Some((answer, at)), failure) => html! {
                        <>
                            <p class="view-sub">{ subtitle(period, *at) }</p>
                            if let Some(failure) = failure {
                                <Banner title="These numbers may be out of date." failure={failure.clone()} {busy} on_retry={retry} />
                            }
                            <Numbers answer={Rc::clone(answer)} at={*at} {period} project={project.clone()} />
                        </>
                    },
                    (None, Some(failure)) => html! {
                        <ErrorPanel title="The numbers could not be loaded" failure={failure.clone()} {busy} on_retry={retry} />
                    },
                    (None, None) => html! { <><TileSkeletons /><PictureSkeleton /></> },
                }
            }
        </>
    }
}

fn subtitle(period: Period, at: UnixMillis) -> String {
    let moment = dates::local(at);
    let counted = match period.interval() {
        Interval::Hour => format!("by the hour, in your time ({})", moment.zone()),
        Interval::Day => "by the day, in UTC".to_owned(),
    };
    format!("The {}, {counted}. As of {}.", period.phrase(), moment.clock())
}

#[derive(PartialEq, Properties)]
struct NumbersProps {
    answer: Rc<SeriesAnswer>,
    at: UnixMillis,
    period: Period,
    project: AttrValue,
}

/// The summary, the pictures and the table of an answer.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let NumbersProps {
        answer,
        at,
        period,
        project,
    } = props;
    let chosen = use_state(|| None::<usize>);
    let plan = plan(answer, *at);
    if plan.is_empty() {
        return html! { <NothingCounted period={*period} project={project.clone()} /> };
    }
    let labels = labels(plan.interval, &plan.starts, dates::local);
    let per = per(plan.interval);
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |line| chosen.set(line))
    };
    html! {
        <>
            <dl class="tiles">{ views_tile(&plan, *period) }{ events_tile(&plan, *period) }{ busiest_tile(&plan, &labels) }</dl>
            <ChartCard title="Page views" unit={format!("per {per}{}", so_far(&plan, "the light bar"))}>
                <Picture spec={views_spec(&plan, &labels)} label={views_sentence(&plan, *period)} />
            </ChartCard>
            <ChartCard title="Events" unit={format!("per {per}, by name{}", so_far(&plan, "the dashed part"))}>
                if plan.events.is_empty() {
                    <p class="chart-none">
                        { "No events of your own yet. Send one from your page with " }
                        <code>{ "hearback('event', 'signup')" }</code>{ "." }
                    </p>
                } else {
                    <Legend lines={plan.events.clone()} chosen={*chosen} on_choose={choose} />
                    <Picture spec={spec(Form::Lines, &plan.events, &plan, &labels, *chosen)} label={events_sentence(&plan, *period)} />
                }
            </ChartCard>
            <SeriesTable answer={Rc::clone(answer)} points={labels.points} unfinished={plan.unfinished} period={period.phrase()} />
        </>
    }
}

fn per(interval: Interval) -> &'static str {
    match interval {
        Interval::Hour => "hour",
        Interval::Day => "day",
    }
}

/// What the unfinished part of a picture looks like.
pub(super) fn so_far(plan: &Plan, part: &str) -> String {
    match (plan.unfinished, plan.interval) {
        (None, _) => String::new(),
        (Some(_), Interval::Hour) => format!("; {part} is this hour so far"),
        (Some(_), Interval::Day) => format!("; {part} is today so far"),
    }
}

/// The summary of page views.
pub(super) fn views_tile(plan: &Plan, period: Period) -> Html {
    let value = words::grouped(plan.views.total);
    html! { <Tile label="Page views" {value} unit={format!("in the {}", period.phrase())} /> }
}

/// The summary of events.
pub(super) fn events_tile(plan: &Plan, period: Period) -> Html {
    let value = words::grouped(plan.events_total);
    html! { <Tile label="Events" {value} unit={format!("in the {}", period.phrase())} /> }
}

fn busiest_tile(plan: &Plan, labels: &Labels) -> Html {
    let label = format!("Busiest {}", per(plan.interval));
    let busiest = plan.busiest().and_then(|(start, count)| {
        let place = plan.starts.iter().position(|at| *at == start)?;
        Some((
            labels.points.get(place)?.clone(),
            words::counted(count, "page view", "page views"),
        ))
    });
    match busiest {
        Some((value, unit)) => html! { <Tile {label} {value} {unit} /> },
        None => html! { <Tile {label} value="–" unit="no page views in this period" /> },
    }
}

/// The picture of page views.
pub(super) fn views_spec(plan: &Plan, labels: &Labels) -> Spec {
    spec(Form::Bars, std::slice::from_ref(&plan.views), plan, labels, None)
}

fn spec(form: Form, lines: &[Line], plan: &Plan, labels: &Labels, chosen: Option<usize>) -> Spec {
    let series = lines.iter().map(|line| SpecSeries {
        label: line.label.clone(),
        counts: line.counts.clone(),
    });
    Spec {
        form,
        ticks: labels.ticks.clone(),
        points: labels.points.clone(),
        unfinished: plan.unfinished,
        series: series.collect(),
        chosen: chosen.filter(|chosen| *chosen < lines.len()),
    }
}

/// The picture of page views in a sentence.
pub(super) fn views_sentence(plan: &Plan, period: Period) -> String {
    format!(
        "Bar chart: {} in the {}, one bar per {}.",
        words::counted(plan.views.total, "page view", "page views"),
        period.phrase(),
        per(plan.interval)
    )
}

fn events_sentence(plan: &Plan, period: Period) -> String {
    let lines: Vec<String> = plan
        .events
        .iter()
        .map(|line| format!("{} {}", line.label, words::grouped(line.total)))
        .collect();
    format!(
        "Line chart of events per {} in the {}: {}.",
        per(plan.interval),
        period.phrase(),
        lines.join(", ")
    )
}

#[derive(PartialEq, Properties)]
struct NothingCountedProps {
    period: Period,
    project: AttrValue,
}

/// Nothing in this period: how to get something.
#[component]
fn NothingCounted(props: &NothingCountedProps) -> Html {
    html! {
        <div class="panel state is-teaching">
            <h2>{ format!("Nothing was counted in the {}", props.period.phrase()) }</h2>
            <p>{ "Put this line into your page. It counts page views, and the events that you send with " }
                <code>{ "hearback('event', 'signup')" }</code>{ "." }</p>
            <Snippet project={props.project.clone()} />
        </div>
    }
}

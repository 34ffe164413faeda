//! What is new, and how much the product is used, at a glance.

use std::rc::Rc;

use hearback_shared::UnixMillis;
use yew::prelude::*;

use super::HEADING;
use super::feedback::NoFeedback;
use super::usage::{events_tile, so_far, views_sentence, views_spec, views_tile};
use crate::browser::dates;
use crate::charts::{Plan, labels, plan};
use crate::components::{
    Banner, ChartCard, ErrorPanel, FeedbackItem, Link, ListSkeleton, LiveState, Picture, PictureSkeleton,
    Tile,
};
use crate::feed::{Action, Feed};
use crate::route::Route;
use crate::usage::{self, Period, Usage};
use crate::words;

/// Pieces of feedback that are shown here.
const LATEST: usize = 5;

/// The period that is shown here.
pub(crate) const PERIOD: Period = Period::Days7;

#[derive(PartialEq, Properties)]
pub(crate) struct OverviewProps {
    pub(crate) feed: Rc<Feed>,
    pub(crate) send: Callback<Action>,
    pub(crate) usage: Rc<Usage>,
    pub(crate) send_usage: Callback<usage::Action>,
    pub(crate) now: UnixMillis,
    pub(crate) project: AttrValue,
}

/// The start page.
#[component]
pub(crate) fn Overview(props: &OverviewProps) -> Html {
    let OverviewProps { feed, usage, .. } = props;
    let answer = usage.slot(PERIOD).answer.as_ref();
    let plan = answer.map(|(answer, at)| plan(answer, *at));
    html! {
        <>
            <div class="view-head">
                <h1 id={HEADING} tabindex="-1">{ "Overview" }</h1>
                <LiveState live={feed.live} on_reconnect={props.send.reform(|()| Action::Reconnect)} />
            </div>
            if feed.loaded || plan.is_some() {
                <dl class="tiles">
                    if feed.loaded {
                        <Tile label="Feedback" value={words::grouped(feed.total)}
                            unit={if feed.total == 1 { "piece in all" } else { "pieces in all" }} />
                    }
                    if let Some(plan) = &plan {
                        { views_tile(plan, PERIOD) }{ events_tile(plan, PERIOD) }
                    }
                </dl>
            }
            <div class="columns">
                <section class="latest" aria-labelledby="latest">
                    <div class="section-head">
                        <h2 id="latest">{ "Latest feedback" }</h2>
                        if feed.loaded && !feed.rows.is_empty() {
                            <p>{ newest(feed.rows.len(), feed.total) }</p>
                        }
                    </div>
                    { latest(props) }
                </section>
                <section class="beside" aria-labelledby="use">
                    <div class="section-head"><h2 id="use">{ "Usage" }</h2><p>{ "Last 7 days" }</p></div>
                    { used(props, plan.as_ref()) }
                </section>
            </div>
        </>
    }
}

fn latest(props: &OverviewProps) -> Html {
    let OverviewProps {
        feed,
        send,
        now,
        project,
        ..
    } = props;
    let refresh = send.reform(|()| Action::Refresh);
    if !feed.loaded && feed.rows.is_empty() {
        return match &feed.trouble {
            Some(failure) => html! {
                <ErrorPanel title="The feedback could not be loaded" failure={failure.clone()} busy={feed.asking.is_some()} on_retry={refresh} />
            },
            None => html! { <ListSkeleton /> },
        };
    }
    if feed.rows.is_empty() {
        return html! { <NoFeedback project={project.clone()} /> };
    }
    html! {
        <>
            if let Some(failure) = &feed.trouble {
                <Banner title="This list may be out of date." failure={failure.clone()} busy={feed.asking.is_some()} on_retry={refresh} />
            }
            <ol class="panel list is-narrow">{ for feed.rows.iter().take(LATEST).map(|row| {
                html! {
                    <li key={row.id.clone()}>
                        <FeedbackItem row={Rc::clone(row)} now={*now} is_new={feed.arrived.contains(&row.id)} />
                    </li>
                }
            }) }</ol>
            <p class="more"><Link to={Route::Feedback}>{ "All feedback" }</Link></p>
        </>
    }
}

fn newest(rows: usize, total: u64) -> String {
    format!("{} of {}, newest first", rows.min(LATEST), words::grouped(total))
}

fn used(props: &OverviewProps, plan: Option<&Plan>) -> Html {
    let slot = props.usage.slot(PERIOD);
    let retry = props
        .send_usage
        .reform(|()| usage::Action::Refresh(PERIOD, dates::now()));
    let Some(plan) = plan else {
        return match &slot.failure {
            Some(failure) => html! {
                <ErrorPanel title="The numbers could not be loaded" failure={failure.clone()} busy={slot.running.is_some()} on_retry={retry} />
            },
            None => html! { <PictureSkeleton /> },
        };
    };
    let labels = labels(plan.interval, &plan.starts, dates::local);
    let so_far = if plan.views.total == 0 {
        String::new()
    } else {
        so_far(plan, "the light bar")
    };
    let unit = format!("per day, in UTC{so_far}");
    html! {
        <>
            if let Some(failure) = &slot.failure {
                <Banner title="These numbers may be out of date." failure={failure.clone()} busy={slot.running.is_some()} on_retry={retry} />
            }
            <ChartCard title="Page views" unit={unit}>
                if plan.views.total == 0 {
                    <p class="chart-none">{ "No page views in the last 7 days." }</p>
                } else {
                    <Picture spec={views_spec(plan, &labels)} label={views_sentence(plan, PERIOD)} />
                }
            </ChartCard>
            <p class="more"><Link to={Route::Usage(PERIOD)}>{ "Usage by event and by hour" }</Link></p>
        </>
    }
}

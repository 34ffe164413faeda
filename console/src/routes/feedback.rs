//! What visitors said, newest first.

use std::rc::Rc;

use hearback_shared::UnixMillis;
use yew::prelude::*;

use super::HEADING;
use crate::browser::page;
use crate::components::{Banner, ErrorPanel, FeedbackItem, ListSkeleton, LiveState, Snippet};
use crate::feed::{Action, Feed, Load};
use crate::words;

/// Takes the focus when the button above it is gone because there is no more.
const END: &str = "end-of-list";

#[derive(PartialEq, Properties)]
pub(crate) struct FeedbackViewProps {
    pub(crate) feed: Rc<Feed>,
    pub(crate) send: Callback<Action>,
    pub(crate) now: UnixMillis,
    pub(crate) project: AttrValue,
}

/// The list of feedback.
#[component]
pub(crate) fn FeedbackView(props: &FeedbackViewProps) -> Html {
    let FeedbackViewProps {
        feed,
        send,
        now,
        project,
    } = props;
    let refresh = send.reform(|()| Action::Refresh);
    html! {
        <>
            <div class="view-head">
                <h1 id={HEADING} tabindex="-1">{ "Feedback" }</h1>
                <LiveState live={feed.live} on_reconnect={send.reform(|()| Action::Reconnect)} />
            </div>
            if feed.loaded && !feed.rows.is_empty() {
                <p class="view-sub">{ format!("{}, newest first", words::pieces(feed.total)) }</p>
            }
            if !feed.loaded && feed.rows.is_empty() {
                if let Some(failure) = &feed.trouble {
                    <ErrorPanel title="The feedback could not be loaded" failure={failure.clone()} busy={feed.asking.is_some()} on_retry={refresh} />
                } else {
                    <ListSkeleton />
                }
            } else {
                if let Some(failure) = &feed.trouble {
                    <Banner title={if feed.loaded { "This list may be out of date." } else { "Only what just came is shown." }} failure={failure.clone()} busy={feed.asking.is_some()} on_retry={refresh} />
                }
                if feed.rows.is_empty() {
                    <NoFeedback project={project.clone()} />
                } else {
                    <ol class="panel list">{ for feed.rows.iter().map(|row| {
                        html! {
                            <li key={row.id.clone()}>
                                <FeedbackItem row={Rc::clone(row)} now={*now} is_new={feed.arrived.contains(&row.id)} />
                            </li>
                        }
                    }) }</ol>
                    if feed.loaded {
                        <ListEnd feed={Rc::clone(feed)} on_older={send.reform(|()| Action::ShowOlder)} />
                    }
                }
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct ListEndProps {
    feed: Rc<Feed>,
    on_older: Callback<()>,
}

/// How much of the list is shown, and the way to the rest.
#[component]
fn ListEnd(props: &ListEndProps) -> Html {
    let ListEndProps { feed, on_older } = props;
    let asked = use_mut_ref(|| false);
    let at_end = feed.next.is_none();
    use_effect_with(at_end, {
        let asked = asked.clone();
        move |at_end| {
            if *at_end && asked.replace(false) {
                page::focus(END);
            }
        }
    });
    let loading = matches!(feed.older, Load::Running(_));
    let onclick = {
        let (asked, on_older) = (asked.clone(), on_older.clone());
        Callback::from(move |_: MouseEvent| {
            asked.replace(true);
            on_older.emit(());
        })
    };
    let shown = feed.rows.len() as u64;
    let sentence = if at_end {
        format!("That is all: {}.", words::pieces(shown))
    } else {
        format!(
            "The newest {} of {} are shown.",
            words::grouped(shown),
            words::grouped(feed.total.max(shown))
        )
    };
    html! {
        <div class="list-end">
            if let Load::Failed(failure) = &feed.older {
                <p class="field-error" role="alert">{ "Older feedback could not be loaded. " }{ failure.sentence() }</p>
            }
            <p id={END} tabindex="-1">{ sentence }</p>
            if !at_end {
                <button type="button" class="button" aria-disabled={loading.to_string()} {onclick}>
                    { if loading { "Loading…" } else { "Show older" } }
                </button>
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct NoFeedbackProps {
    pub(crate) project: AttrValue,
}

/// Nothing yet: how to get the first piece.
#[component]
pub(crate) fn NoFeedback(props: &NoFeedbackProps) -> Html {
    html! {
        <div class="panel state is-teaching">
            <h2>{ "No feedback yet" }</h2>
            <p>{ "Put this line into your page. It adds the feedback button and counts page views." }</p>
            <Snippet project={props.project.clone()} />
            <p>{ "Then open the page, press the button and send something: it appears here by itself." }</p>
        </div>
    }
}

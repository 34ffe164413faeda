//! What a signed-in person works in. It lives from signing in to signing out, so that the live connection and what
//! was loaded outlast the views.

use yew::prelude::*;

use crate::browser::{dates, page};
use crate::components::{Navigator, Shell};
use crate::feed;
use crate::hooks::{use_feed, use_ledger, use_now, use_usage, use_visible};
use crate::ledger;
use crate::route::{Route, window_title};
use crate::routes::{FeedbackView, HEADING, LedgerView, OVERVIEW_PERIOD, Overview, Unknown, UsageView};
use crate::session::Token;
use crate::usage::{Action as UsageAction, Period};

#[derive(PartialEq, Properties)]
pub(crate) struct WorkspaceProps {
    pub(crate) token: Token,
    /// The token is no longer accepted.
    pub(crate) on_expire: Callback<()>,
    pub(crate) on_sign_out: Callback<()>,
}

/// The console of one project.
#[component]
pub(crate) fn Workspace(props: &WorkspaceProps) -> Html {
    let feed = use_feed(&props.token, props.on_expire.clone());
    let usage = use_usage(&props.token, props.on_expire.clone());
    let ledger = use_ledger(&props.token, props.on_expire.clone());
    let (now, visible) = (use_now(), use_visible());
    let (route, navigator) = use_route();
    let project = AttrValue::from(props.token.project().to_owned());

    // Both views show the newest rows; on the others, arrivals are counted in the rail.
    let looking = visible && matches!(route, Route::Overview | Route::Feedback);
    use_effect_with(looking, {
        let send = feed.send.clone();
        move |looking| send.emit(feed::Action::Look(*looking))
    });
    use_effect_with((route, visible, now), {
        let send = usage.send.clone();
        move |(route, visible, now)| {
            if let (Some(period), true) = (shown_period(*route), *visible) {
                send.emit(UsageAction::Show(period, *now));
            }
        }
    });
    use_effect_with((route, visible), {
        let send = ledger.send.clone();
        move |(route, visible)| {
            if let (Route::Ledger(period), true) = (*route, *visible) {
                send.emit(ledger::Action::Show(period, dates::now()));
            }
        }
    });
    use_effect_with((route.title(), feed.state.unseen), |(title, unseen)| {
        page::set_title(&window_title(title, *unseen));
    });

    let view = match route {
        Route::Overview => html! {
            <Overview feed={feed.state.clone()} send={feed.send.clone()} usage={usage.state.clone()}
                send_usage={usage.send.clone()} {now} project={project.clone()} />
        },
        Route::Feedback => html! {
            <FeedbackView feed={feed.state.clone()} send={feed.send.clone()} {now} project={project.clone()} />
        },
        Route::Usage(period) => html! {
            <UsageView usage={usage.state.clone()} send={usage.send.clone()} {period} project={project.clone()} />
        },
        Route::Ledger(period) => html! {
            <LedgerView ledger={ledger.state.clone()} send={ledger.send.clone()} {period} {now} project={project.clone()} />
        },
        Route::Unknown => html! { <Unknown /> },
    };
    html! {
        <ContextProvider<Navigator> context={navigator}>
        <ContextProvider<Token> context={props.token.clone()}>
            <Shell {route} project={project.clone()} unseen={feed.state.unseen} spoken={feed.state.spoken.clone()}
                on_sign_out={props.on_sign_out.clone()}>
                { view }
            </Shell>
        </ContextProvider<Token>>
        </ContextProvider<Navigator>>
    }
}

/// The period whose numbers a view shows.
fn shown_period(route: Route) -> Option<Period> {
    match route {
        Route::Overview => Some(OVERVIEW_PERIOD),
        Route::Usage(period) => Some(period),
        Route::Feedback | Route::Ledger(_) | Route::Unknown => None,
    }
}

/// The view that the address names, and the way to go to another.
#[hook]
fn use_route() -> (Route, Navigator) {
    let route = use_state(page::route);
    let go = {
        let set = route.setter();
        use_callback((), move |(to, replace): (Route, bool), ()| {
            page::set_route(to, replace);
            set.set(to);
            if !replace {
                page::scroll_to_top();
            }
        })
    };
    use_effect_with((), {
        let set = route.setter();
        move |()| {
            let listeners = page::on_history(move |to| set.set(to));
            move || drop(listeners)
        }
    });
    // A view that is entered says its name: its heading takes the focus. The first one leaves it where it is.
    let entered = use_mut_ref(|| false);
    use_effect_with(route.title(), move |_| {
        if entered.replace(true) {
            page::focus(HEADING);
        }
    });
    (*route, Navigator(go))
}

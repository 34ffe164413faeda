//! What surrounds every view: the way past it, the rail, and the voice for screen readers.

use yew::prelude::*;

use super::{Glyph, Icon, Link, Mark};
use crate::route::Route;

#[derive(PartialEq, Properties)]
pub(crate) struct ShellProps {
    pub(crate) route: Route,
    pub(crate) project: AttrValue,
    pub(crate) unseen: u64,
    /// What screen readers are told when it changes.
    pub(crate) spoken: AttrValue,
    pub(crate) on_sign_out: Callback<()>,
    pub(crate) children: Html,
}

/// The frame of the console.
#[component]
pub(crate) fn Shell(props: &ShellProps) -> Html {
    let leave = props.on_sign_out.reform(|_: MouseEvent| ());
    html! {
        <>
            <a class="skip" href="#main">{ "Skip to content" }</a>
            <header class="rail">
                <Link to={Route::Overview} class="brand"><Mark /><span class="brand-word">{ "Hearback" }</span></Link>
                <nav class="rail-nav" aria-label="Views">
                    <ul>{ for Route::RAIL.into_iter().map(|to| rail_item(to, props)) }</ul>
                </nav>
                <div class="rail-foot">
                    <p class="project"><span class="vh">{ "Project " }</span>{ &props.project }</p>
                    <button type="button" class="rail-button" onclick={leave}>
                        <Glyph icon={Icon::Leave} /><span>{ "Sign out" }</span>
                    </button>
                </div>
            </header>
            <main id="main" tabindex="-1">{ props.children.clone() }</main>
            <div class="vh" role="status" aria-live="polite">{ &props.spoken }</div>
        </>
    }
}

fn rail_item(to: Route, props: &ShellProps) -> Html {
    let unseen = if to == Route::Feedback { props.unseen } else { 0 };
    html! {
        <li>
            <Link {to} class="rail-link" current={to.same_view(props.route)}>
                <span class="rail-icon">
                    <Glyph icon={Icon::of_route(to)} />
                    if unseen > 0 {
                        <span class="badge" aria-hidden="true">{ if unseen > 99 { "99+".to_owned() } else { unseen.to_string() } }</span>
                    }
                </span>
                <span>{ to.title() }</span>
                if unseen > 0 {
                    <span class="vh">{ format!("({unseen} not seen yet)") }</span>
                }
            </Link>
        </li>
    }
}

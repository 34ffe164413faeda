//! Links between views, which work like any link and need no new page.

use yew::prelude::*;

use crate::browser::page;
use crate::route::Route;

/// Goes to a view; `true` in place of the current entry of the history.
#[derive(Clone, PartialEq)]
pub(crate) struct Navigator(pub(crate) Callback<(Route, bool)>);

#[derive(PartialEq, Properties)]
pub(crate) struct LinkProps {
    pub(crate) to: Route,
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) current: bool,
    pub(crate) children: Html,
}

/// A link to a view.
#[component]
pub(crate) fn Link(props: &LinkProps) -> Html {
    let navigator = use_context::<Navigator>();
    let to = props.to;
    let onclick = Callback::from(move |click: MouseEvent| {
        if let (Some(Navigator(go)), false) = (&navigator, page::is_for_browser(&click)) {
            click.prevent_default();
            go.emit((to, false));
        }
    });
    html! {
        <a href={to.address()} class={props.class.clone()} aria-current={props.current.then_some("page")} {onclick}>
            { props.children.clone() }
        </a>
    }
}

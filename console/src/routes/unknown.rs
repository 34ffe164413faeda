//! An address that no view has.

use yew::prelude::*;

use super::HEADING;
use crate::components::Link;
use crate::route::Route;

/// Says that there is nothing here, and where to go.
#[component]
pub(crate) fn Unknown() -> Html {
    html! {
        <div class="panel state">
            <h1 id={HEADING} tabindex="-1">{ "There is no such page" }</h1>
            <p>{ "The address may be mistyped, or from another version of the console." }</p>
            <Link to={Route::Overview} class="button is-primary">{ "Go to the overview" }</Link>
        </div>
    }
}

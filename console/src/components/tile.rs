//! A summary number with its unit and period.

use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct TileProps {
    pub(crate) label: AttrValue,
    pub(crate) value: AttrValue,
    /// What the value counts, and over which period.
    pub(crate) unit: AttrValue,
}

/// A summary number.
#[component]
pub(crate) fn Tile(props: &TileProps) -> Html {
    html! {
        <div class="tile">
            <dt>{ &props.label }</dt>
            <dd><span class="tile-value">{ &props.value }</span>{ " " }<span class="tile-unit">{ &props.unit }</span></dd>
        </div>
    }
}

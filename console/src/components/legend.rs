//! The names of the lines in a picture, each with its form, its colour and its total.

use yew::prelude::*;

use crate::charts::Line;
use crate::words;

/// Forms that lines carry besides their colour; `chart.ts` draws the same.
const FORMS: [&str; 6] = [
    "M7 3.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z",
    "M4 4h6v6H4z",
    "M7 3l4.2 7.5H2.8z",
    "M7 2.5 11.5 7 7 11.5 2.5 7z",
    "M7 11 2.8 3.5h8.4z",
    "M5.5 3h3v2.5H11v3H8.5V11h-3V8.5H3v-3h2.5z",
];

#[derive(PartialEq, Properties)]
pub(crate) struct LegendProps {
    pub(crate) lines: Vec<Line>,
    /// The line that stands out.
    pub(crate) chosen: Option<usize>,
    pub(crate) on_choose: Callback<Option<usize>>,
}

/// The names of the lines. Pressing one makes it stand out.
#[component]
pub(crate) fn Legend(props: &LegendProps) -> Html {
    let entry = |(place, line): (usize, &Line)| {
        let pressed = props.chosen == Some(place);
        let onclick = props
            .on_choose
            .reform(move |_: MouseEvent| (!pressed).then_some(place));
        html! {
            <li key={place}>
                <button type="button" class="legend-entry" aria-pressed={pressed.to_string()} {onclick}>
                    <svg class={format!("series-{place}")} viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" focusable="false">
                        <path d={FORMS[place % FORMS.len()]} />
                    </svg>
                    <span class="legend-name">{ &line.label }</span>
                    <span class="legend-total">{ words::grouped(line.total) }</span>
                </button>
            </li>
        }
    };
    html! { <ul class="legend" aria-label="Lines; press one to make it stand out">{ for props.lines.iter().enumerate().map(entry) }</ul> }
}

#[derive(PartialEq, Properties)]
pub(crate) struct KeyProps {
    /// From the bottom of the bars up.
    pub(crate) lines: Vec<Line>,
}

/// The parts of stacked bars, each with its colour and its total.
#[component]
pub(crate) fn Key(props: &KeyProps) -> Html {
    let entry = |(place, line): (usize, &Line)| {
        html! {
            <li key={place}>
                <i class={format!("swatch stack-{place}")} aria-hidden="true"></i>
                <span>{ &line.label }</span>
                <span class="legend-total">{ words::grouped(line.total) }</span>
            </li>
        }
    };
    html! { <ul class="key" aria-label="Parts of each bar, from the bottom up">{ for props.lines.iter().enumerate().map(entry) }</ul> }
}

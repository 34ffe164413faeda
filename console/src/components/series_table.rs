//! The table behind the pictures: every count of the answer.

use std::rc::Rc;

use hearback_shared::query::{Interval, SeriesAnswer};
use yew::prelude::*;

use crate::charts::shown_name;
use crate::words;

#[derive(PartialEq, Properties)]
pub(crate) struct SeriesTableProps {
    pub(crate) answer: Rc<SeriesAnswer>,
    /// Each point's name.
    pub(crate) points: Vec<String>,
    /// The point that is not over yet.
    pub(crate) unfinished: Option<usize>,
    /// The period within a sentence.
    pub(crate) period: &'static str,
}

/// Every count, newest first, with the sums.
#[component]
pub(crate) fn SeriesTable(props: &SeriesTableProps) -> Html {
    let SeriesTableProps {
        answer,
        points,
        unfinished,
        period,
    } = props;
    let first = match answer.interval {
        Interval::Hour => "Hour",
        Interval::Day => "Day (UTC)",
    };
    let row = |(place, name): (usize, &String)| {
        html! {
            <tr key={place}>
                <th scope="row">
                    { name }
                    if *unfinished == Some(place) {
                        <span class="so-far">{ " so far" }</span>
                    }
                </th>
                { for answer.series.iter().map(|series| {
                    html! { <td>{ words::grouped(series.counts.get(place).copied().unwrap_or(0)) }</td> }
                }) }
            </tr>
        }
    };
    html! {
        <details class="panel table-card">
            <summary>{ "The numbers as a table" }</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Table of counts">
                <table>
                    <caption>{ format!("Counts in the {period}, newest first") }</caption>
                    <thead>
                        <tr>
                            <th scope="col">{ first }</th>
                            { for answer.series.iter().map(|series| {
                                html! { <th scope="col">{ shown_name(series.name.as_deref()) }</th> }
                            }) }
                        </tr>
                    </thead>
                    <tbody>{ for points.iter().enumerate().rev().map(row) }</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{ "Sum" }</th>
                            { for answer.series.iter().map(|series| html! { <td>{ words::grouped(series.total) }</td> }) }
                        </tr>
                    </tfoot>
                </table>
            </div>
        </details>
    }
}

//! The hours of the ledger as a table: the numbers behind the picture, and why items were refused in each hour.

use std::collections::BTreeSet;
use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::ledger::{LedgerAnswer, LedgerRow};
use yew::prelude::*;

use super::anchor;
use crate::browser::dates;
use crate::words;

#[derive(PartialEq, Properties)]
pub(crate) struct HoursTableProps {
    pub(crate) answer: Rc<LedgerAnswer>,
    /// The hour that is not over yet.
    pub(crate) now_hour: UnixMillis,
    /// The period within a sentence.
    pub(crate) period: &'static str,
}

/// Every hour that has items, newest first, with the sums.
#[component]
pub(crate) fn HoursTable(props: &HoursTableProps) -> Html {
    let HoursTableProps {
        answer,
        now_hour,
        period,
    } = props;
    let open = use_state(BTreeSet::<UnixMillis>::new);
    let toggle = {
        let open = open.clone();
        Callback::from(move |hour| {
            let mut hours = (*open).clone();
            if !hours.remove(&hour) {
                hours.insert(hour);
            }
            open.set(hours);
        })
    };
    let is_off = answer.hours.iter().any(|row| row.difference != 0);
    let row = |row: &LedgerRow| {
        let is_open = open.contains(&row.hour);
        let moment = dates::local(row.hour);
        let name = format!("{}, {}", moment.weekday(), moment.clock());
        html! {
            <>
                <tr class={(row.difference != 0).then_some("is-wrong")}>
                    <th scope="row">
                        { &name }
                        if row.hour == *now_hour {
                            <span class="so-far">{ " so far" }</span>
                        }
                    </th>
                    { counts(row, &name, is_open, Some(&toggle), is_off) }
                </tr>
                if is_open {
                    <tr class="reasons"><td colspan={if is_off { "6" } else { "5" }}>{ reasons(row) }</td></tr>
                }
            </>
        }
    };
    let hours = words::counted(answer.hours.len() as u64, "hour", "hours");
    html! {
        <details class="panel table-card">
            <summary>{ "The hours as a table" }</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Table of hours">
                <table>
                    <caption>{ format!("{hours} with items in the {period}, newest first, in your time ({})", dates::local(*now_hour).zone()) }</caption>
                    <thead>
                        <tr>
                            { for ["Hour", "Received", "Stored", "Repeats", "Refused"].map(|name| html! { <th scope="col">{ name }</th> }) }
                            if is_off {
                                <th scope="col">{ "Not explained" }</th>
                            }
                        </tr>
                    </thead>
                    <tbody>{ for answer.hours.iter().map(row) }</tbody>
                    <tfoot>
                        <tr><th scope="row">{ "Sum" }</th>{ counts(&answer.total, "Sum", false, None, is_off) }</tr>
                    </tfoot>
                </table>
            </div>
        </details>
    }
}

/// A row's numbers; that of refused items opens the reasons.
fn counts(
    row: &LedgerRow,
    name: &str,
    is_open: bool,
    toggle: Option<&Callback<UnixMillis>>,
    is_off: bool,
) -> Html {
    let refused: u64 = row.rejected.values().sum();
    let refused = match toggle {
        Some(toggle) if refused > 0 => {
            let hour = row.hour;
            let onclick = toggle.reform(move |_: MouseEvent| hour);
            html! {
                <button type="button" class="cell-button" aria-expanded={is_open.to_string()} {onclick}>
                    { words::grouped(refused) }<span class="vh">{ format!(" refused on {name}: why") }</span>
                </button>
            }
        }
        _ => html! { { words::grouped(refused) } },
    };
    html! {
        <>
            <td>{ words::grouped(row.received) }</td>
            <td>{ words::grouped(row.accepted) }</td>
            <td>{ words::grouped(row.duplicate) }</td>
            <td>{ refused }</td>
            if is_off {
                <td>{ row.difference }</td>
            }
        </>
    }
}

/// Why items of an hour were refused, each reason with the way to what can be done.
fn reasons(row: &LedgerRow) -> Html {
    html! {
        <ul>{ for row.rejected.iter().map(|(code, count)| html! {
            <li>{ words::grouped(*count) }{ " × " }<a href={format!("#{}", anchor(code))}><code>{ code }</code></a></li>
        }) }</ul>
    }
}

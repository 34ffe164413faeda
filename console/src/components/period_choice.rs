//! The choice of a period.

use yew::prelude::*;

use crate::usage::Period;

#[derive(PartialEq, Properties)]
pub(crate) struct PeriodChoiceProps {
    pub(crate) period: Period,
    pub(crate) on_choose: Callback<Period>,
}

/// One of the periods.
#[component]
pub(crate) fn PeriodChoice(props: &PeriodChoiceProps) -> Html {
    let choice = |period: Period| {
        let onchange = props.on_choose.reform(move |_: Event| period);
        html! {
            <label class="segment">
                <input type="radio" name="period" value={period.name()} checked={period == props.period} {onchange} />
                <span>{ period.label() }</span>
            </label>
        }
    };
    html! {
        <fieldset class="segments">
            <legend class="vh">{ "Period" }</legend>
            { for Period::ALL.into_iter().map(choice) }
        </fieldset>
    }
}

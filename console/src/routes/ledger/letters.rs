//! What sinks refused for good.

use std::collections::BTreeMap;
use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::delivery::DeadLetter;
use yew::prelude::*;

use crate::browser::page;
use crate::components::{Banner, DeadLetterItem, ErrorPanel, ListSkeleton};
use crate::ledger::{Action, Doing, Ledger};
use crate::words;

/// Id of the section's heading, which takes the focus when the letter that had it is gone.
const HEADING: &str = "letters";

/// Letters that are shown at first: enough to see a pattern.
const SHOWN: usize = 20;

#[derive(PartialEq, Properties)]
pub(super) struct LettersProps {
    pub(super) ledger: Rc<Ledger>,
    pub(super) send: Callback<Action>,
    pub(super) now: UnixMillis,
    pub(super) on_retry: Callback<()>,
}

/// The dead letters.
#[component]
pub(super) fn Letters(props: &LettersProps) -> Html {
    let LettersProps { ledger, on_retry, .. } = props;
    let asked = &ledger.letters;
    let letters = asked.known().map(|answer| answer.letters.as_slice());
    let before = use_mut_ref(|| 0);
    use_effect_with(letters.map_or(0, <[_]>::len), move |count| {
        if before.replace(*count) > *count {
            page::focus_if_lost(HEADING);
        }
    });
    let has_sinks = ledger
        .sinks
        .known()
        .is_some_and(|answer| !answer.sinks.is_empty());
    if letters.is_none_or(<[_]>::is_empty) && !has_sinks {
        return html! {};
    }
    html! {
        <section class="part" aria-labelledby={HEADING}>
            <div class="section-head">
                <h2 id={HEADING} tabindex="-1">{ "Dead letters" }</h2>
                <p>{ how_many(letters) }</p>
            </div>
            {
                match (letters, &asked.failure) {
                    (Some(letters), failure) => html! {
                        <>
                            if let Some(failure) = failure {
                                <Banner title="This list may be out of date." failure={failure.clone()} busy={asked.running.is_some()} on_retry={on_retry.clone()} />
                            }
                            if letters.is_empty() {
                                <p class="panel none">{ "None. What a sink refuses for good is kept here, to be looked into and sent again." }</p>
                            } else {
                                <Batches ledger={Rc::clone(ledger)} send={props.send.clone()} />
                                <List ledger={Rc::clone(ledger)} letters={letters.to_vec()} send={props.send.clone()} now={props.now} />
                            }
                        </>
                    },
                    (None, Some(failure)) => html! {
                        <ErrorPanel title="The dead letters could not be loaded" failure={failure.clone()} busy={asked.running.is_some()} on_retry={on_retry.clone()} />
                    },
                    (None, None) => html! { <ListSkeleton of="The dead letters are" /> },
                }
            }
        </section>
    }
}

fn how_many(letters: Option<&[DeadLetter]>) -> String {
    match letters.map_or(0, <[_]>::len) {
        0 => String::new(),
        count => format!(
            "{}, newest first. Nothing is lost: mend the sink, then send them again.",
            words::counted(
                count as u64,
                "item that a sink refused for good",
                "items that a sink refused for good"
            )
        ),
    }
}

#[derive(PartialEq, Properties)]
struct BatchesProps {
    ledger: Rc<Ledger>,
    send: Callback<Action>,
}

/// One button a sink that has more than one letter, which sends all of them again.
#[component]
fn Batches(props: &BatchesProps) -> Html {
    let BatchesProps { ledger, send } = props;
    let known = ledger.sinks.known();
    let dead: BTreeMap<&str, u64> = known
        .iter()
        .flat_map(|answer| &answer.sinks)
        .map(|sink| (sink.name.as_str(), sink.dead))
        .filter(|(_, count)| *count > 1)
        .collect();
    let is_one = dead.len() == 1;
    let button = |(sink, count): (&str, u64)| {
        let doing = ledger.replays_of.get(sink);
        let busy = matches!(doing, Some(Doing::Running));
        let of = if is_one {
            String::new()
        } else {
            format!(" to {sink}")
        };
        let name = sink.to_owned();
        let onclick = send.reform(move |_: MouseEvent| Action::ReplayAll(name.clone()));
        html! {
            <div class="batch" key={sink.to_owned()}>
                <button type="button" class="button is-primary" aria-disabled={busy.to_string()} {onclick}>
                    { format!("Send all {} again{of}", words::grouped(count)) }
                </button>
                if let Some(Doing::Failed(failure)) = doing {
                    <p class="field-error" role="alert">{ "They were not sent again. " }{ failure.sentence() }</p>
                }
            </div>
        }
    };
    html! { { for dead.into_iter().map(button) } }
}

#[derive(PartialEq, Properties)]
struct ListProps {
    ledger: Rc<Ledger>,
    letters: Vec<DeadLetter>,
    send: Callback<Action>,
    now: UnixMillis,
}

/// The letters, the rest of a long list at a press of a button.
#[component]
fn List(props: &ListProps) -> Html {
    let ListProps {
        ledger,
        letters,
        send,
        now,
    } = props;
    let shown = use_state(|| SHOWN);
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + SHOWN))
    };
    let item = |letter: &DeadLetter| {
        html! {
            <li key={letter.id.clone()}>
                <DeadLetterItem letter={letter.clone()} opened={ledger.opened.get(&letter.id).cloned()}
                    replay={ledger.replays.get(&letter.id).cloned()} send={send.clone()} now={*now} />
            </li>
        }
    };
    html! {
        <>
            <ol class="panel list">{ for letters.iter().take(*shown).map(item) }</ol>
            if letters.len() > *shown {
                <div class="list-end">
                    <p>{ format!("The newest {} of {} are shown.", *shown, letters.len()) }</p>
                    <button type="button" class="button" onclick={more}>{ "Show older" }</button>
                </div>
            }
        </>
    }
}

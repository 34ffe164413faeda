//! The list of feedback, with the browser behind it.

use std::cell::RefCell;

use yew::prelude::*;

use super::machine::{Machine, use_machine};
use crate::api;
use crate::browser::live::{self, Connection, Event};
use crate::browser::{dates, http, page, timer};
use crate::feed::{Action, Effect, Feed, reduce};
use crate::session::Token;

/// Rows that come within this time of each other are announced together.
const SPEAK_AFTER_MS: u32 = 1_200;

/// The feedback of the token's project, for as long as somebody is signed in.
#[hook]
pub(crate) fn use_feed(token: &Token, expire: Callback<()>) -> Machine<Feed, Action> {
    let feed = use_machine(Feed::new, reduce, runner(token.clone(), expire));
    use_effect_with((), {
        let send = feed.send.clone();
        move |()| {
            send.emit(Action::Start);
            let listeners = listen(&send);
            move || {
                drop(listeners);
                send.emit(Action::Stop);
            }
        }
    });
    feed
}

fn listen(send: &Callback<Action>) -> page::Listeners {
    let on_network = {
        let send = send.clone();
        move |online| {
            send.emit(if online {
                Action::CameOnline
            } else {
                Action::WentOffline
            });
        }
    };
    let on_visibility = {
        let (send, left_at) = (send.clone(), RefCell::new(None));
        move |visible: bool| {
            let now = dates::now();
            if !visible {
                *left_at.borrow_mut() = Some(now);
            } else if let Some(left) = left_at.take() {
                #[expect(clippy::cast_precision_loss, reason = "a length of time is far below 2^53")]
                send.emit(Action::Woke(now.saturating_sub(left) as f64));
            }
        }
    };
    page::on_network(on_network)
        .into_iter()
        .chain(page::on_visibility(on_visibility))
        .collect()
}

fn runner(token: Token, expire: Callback<()>) -> impl Fn(Effect, &Callback<Action>) {
    let connection: RefCell<Option<Connection>> = RefCell::default();
    move |effect, send| {
        let send = send.clone();
        match effect {
            Effect::LoadHead(request) => {
                http::get(api::feedback(api::FEEDBACK_ROWS, None), &token, move |answer| {
                    send.emit(Action::Head(request, answer));
                });
            }
            Effect::LoadOlder(request, before) => {
                http::get(
                    api::feedback(api::FEEDBACK_ROWS, Some(&before)),
                    &token,
                    move |answer| {
                        send.emit(Action::Older(request, answer));
                    },
                );
            }
            Effect::Connect(after_ms) => {
                // The old one ends before the new one begins.
                drop(connection.take());
                connection.replace(Some(live::connect(
                    after_ms,
                    &token,
                    Callback::from(move |event| tell(event, &send)),
                )));
            }
            Effect::Disconnect => drop(connection.take()),
            Effect::SpeakSoon => timer::surely_after(SPEAK_AFTER_MS, move || send.emit(Action::Speak)),
            Effect::Expire => expire.emit(()),
        }
    }
}

fn tell(event: Event, send: &Callback<Action>) {
    match event {
        Event::Connecting => send.emit(Action::LiveConnecting),
        Event::Opened => send.emit(Action::LiveOpened),
        Event::Told(text) => {
            if let Some(message) = api::live_message(&text) {
                send.emit(Action::LiveTold(message));
            }
        }
        Event::Lost(open_for_ms, jitter) => send.emit(Action::LiveLost(open_for_ms, jitter)),
    }
}

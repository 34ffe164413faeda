//! The ledger, with the browser behind it.

use yew::prelude::*;

use super::machine::{Machine, use_machine};
use crate::api;
use crate::browser::{dates, http, timer};
use crate::ledger::{Action, Effect, Ledger, reduce};
use crate::session::Token;

/// The ledger of the token's project, for as long as somebody is signed in.
#[hook]
pub(crate) fn use_ledger(token: &Token, expire: Callback<()>) -> Machine<Ledger, Action> {
    let token = token.clone();
    use_machine(Ledger::default, reduce, move |effect, send: &Callback<Action>| {
        run(effect, &token, send.clone(), &expire);
    })
}

fn run(effect: Effect, token: &Token, send: Callback<Action>, expire: &Callback<()>) {
    match effect {
        Effect::LoadHours(period, request, from, to) => {
            http::get(api::ledger(from, to), token, move |answer| {
                send.emit(Action::Hours(period, request, dates::now(), answer));
            });
        }
        Effect::LoadSinks(request) => http::get(api::SINKS.to_owned(), token, move |answer| {
            send.emit(Action::Sinks(request, dates::now(), answer));
        }),
        Effect::LoadLetters(request) => http::get(api::DEAD_LETTERS.to_owned(), token, move |answer| {
            send.emit(Action::Letters(request, dates::now(), answer));
        }),
        Effect::Test(sink) => http::post(api::test_sink(&sink), token, move |answer| {
            send.emit(Action::Tested(sink, dates::now(), answer));
        }),
        Effect::Open(id) => http::get(api::dead_letter(&id), token, move |answer| {
            send.emit(Action::Opened(id, answer));
        }),
        Effect::Replay(id) => http::post(api::replay(&id), token, move |answer| {
            send.emit(Action::Replayed(id, dates::now(), answer));
        }),
        Effect::ReplayAll(sink) => http::post(api::replay_all(&sink), token, move |answer| {
            send.emit(Action::ReplayedAll(sink, dates::now(), answer));
        }),
        Effect::LookAgainIn(ms) => {
            timer::surely_after(ms, move || send.emit(Action::LookAgain(dates::now())));
        }
        Effect::Expire => expire.emit(()),
    }
}

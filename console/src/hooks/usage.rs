//! Usage, with the browser behind it.

use yew::prelude::*;

use super::machine::{Machine, use_machine};
use crate::api;
use crate::browser::{dates, http};
use crate::session::Token;
use crate::usage::{Action, Effect, Usage, reduce};

/// The usage of the token's project, for as long as somebody is signed in.
#[hook]
pub(crate) fn use_usage(token: &Token, expire: Callback<()>) -> Machine<Usage, Action> {
    let token = token.clone();
    use_machine(
        Usage::default,
        reduce,
        move |effect, send: &Callback<Action>| match effect {
            Effect::Load(period, request, question) => {
                let send = send.clone();
                http::get(api::series(&question), &token, move |answer| {
                    send.emit(Action::Answered(period, request, dates::now(), answer));
                });
            }
            Effect::Expire => expire.emit(()),
        },
    )
}

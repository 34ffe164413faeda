//! The session, with the browser behind it.

use hearback_shared::query::FeedbackPage;
use yew::prelude::*;

use super::machine::{Machine, use_machine};
use crate::api;
use crate::browser::{http, storage};
use crate::session::{Action, Effect, Session, reduce};

/// Who is signed in, in this tab.
#[hook]
pub(crate) fn use_session() -> Machine<Session, Action> {
    use_machine(|| Session::restored(storage::token().as_deref()), reduce, run)
}

fn run(effect: Effect, send: &Callback<Action>) {
    match effect {
        Effect::Check(token) => {
            let send = send.clone();
            // The smallest question that needs the token.
            http::get::<FeedbackPage>(api::feedback(1, None), &token, move |answer| {
                send.emit(Action::Checked(answer.map(|_| ())));
            });
        }
        Effect::Keep(token) => storage::keep_token(token.secret()),
        Effect::Forget => storage::forget_token(),
    }
}

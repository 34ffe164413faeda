//! The public key that the project's pages carry. It cannot be made from the token, so the collector is asked.

use hearback_shared::query::ProjectAnswer;
use yew::prelude::*;

use crate::api;
use crate::browser::http;
use crate::session::Token;

/// The key, once it is known. Where it cannot be had, the view says where to put it instead.
#[hook]
pub(crate) fn use_public_key() -> Option<String> {
    let key = use_state(|| None);
    let token = use_context::<Token>();
    {
        let key = key.setter();
        use_effect_with(token, move |token| {
            if let Some(token) = token {
                http::get(api::PROJECT.to_owned(), token, move |answer| {
                    key.set(answer.ok().map(|answer: ProjectAnswer| answer.key));
                });
            }
        });
    }
    (*key).clone()
}

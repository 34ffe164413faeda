//! The console: the way in, or the workspace of who is signed in.

use yew::prelude::*;

use crate::hooks::use_session;
use crate::routes::SignIn;
use crate::session::{Action, Session};
use crate::workspace::Workspace;

/// The whole console.
#[component]
pub(crate) fn App() -> Html {
    let session = use_session();
    let submit = session.send.reform(Action::Submit);
    match &*session.state {
        Session::SignedOut(notice) => {
            html! { <SignIn notice={notice.clone()} checking=false on_submit={submit} /> }
        }
        Session::Checking(_) => html! { <SignIn notice={None} checking=true on_submit={submit} /> },
        Session::SignedIn(token) => html! {
            <Workspace
                token={token.clone()}
                on_expire={session.send.reform(|()| Action::Expire)}
                on_sign_out={session.send.reform(|()| Action::SignOut)}
            />
        },
    }
}

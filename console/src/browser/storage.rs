//! What this tab keeps: the token, and nothing else. It is gone when the tab closes.

use web_sys::Storage;

const TOKEN: &str = "hearback.token";

/// The token of this tab.
pub(crate) fn token() -> Option<String> {
    session()?.get_item(TOKEN).ok()?
}

/// Keeps the token for this tab. Where storage is blocked the session simply ends with the page.
pub(crate) fn keep_token(token: &str) {
    if let Some(session) = session() {
        let _ = session.set_item(TOKEN, token);
    }
}

/// Removes the token from this tab.
pub(crate) fn forget_token() {
    if let Some(session) = session() {
        let _ = session.remove_item(TOKEN);
    }
}

fn session() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

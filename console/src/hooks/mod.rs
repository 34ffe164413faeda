//! What components share: reducers with effects, the clock, the page's visibility.

mod clock;
mod feed;
mod ledger;
mod machine;
mod public_key;
mod session;
mod usage;

pub(crate) use clock::{use_now, use_visible};
pub(crate) use feed::use_feed;
pub(crate) use ledger::use_ledger;
pub(crate) use public_key::use_public_key;
pub(crate) use session::use_session;
pub(crate) use usage::use_usage;

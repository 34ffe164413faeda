//! The views, one file each.

mod feedback;
mod ledger;
mod overview;
mod sign_in;
mod unknown;
mod usage;

pub(crate) use feedback::FeedbackView;
pub(crate) use ledger::LedgerView;
pub(crate) use overview::{Overview, PERIOD as OVERVIEW_PERIOD};
pub(crate) use sign_in::SignIn;
pub(crate) use unknown::Unknown;
pub(crate) use usage::UsageView;

/// Id of each view's heading, which takes the focus when the view is entered.
pub(crate) const HEADING: &str = "heading";

//! The list of feedback: read from the top, continued downwards, and grown by the live connection.

mod merge;
mod reduce;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::rc::Rc;

use hearback_shared::query::{FeedbackPage, FeedbackRow, LiveMessage};

use crate::failure::Failure;
use crate::live::Live;

pub use reduce::reduce;

/// A request that may be on its way.
#[derive(Clone, Debug, PartialEq)]
pub enum Load {
    /// None is.
    Idle,
    /// The one with this number is.
    Running(u64),
    /// The last one came to nothing.
    Failed(Failure),
}

/// What the console knows about a project's feedback.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// The rows that are known, newest first; without a hole, but for what `seam` tells.
    pub rows: Vec<Rc<FeedbackRow>>,
    /// How many there are in all.
    pub total: u64,
    /// Where the list continues; `None` where its end is known.
    pub next: Option<String>,
    /// Whether a first page has come, so that an empty list means that there is nothing.
    pub loaded: bool,
    /// The number of the request for the newest page that is on its way.
    pub asking: Option<u64>,
    /// Why the newest page is not here: since the last failure, until it comes.
    pub trouble: Option<Failure>,
    /// The request for older rows.
    pub older: Load,
    /// The live connection.
    pub live: Live,
    /// Whether somebody has the list before their eyes.
    pub looking: bool,
    /// Ids that came by themselves and are marked as new.
    pub arrived: BTreeSet<String>,
    /// How many came while nobody was looking.
    pub unseen: u64,
    /// What screen readers were last told.
    pub spoken: String,
    /// How many came since then.
    unspoken: u64,
    /// Number of the latest request for the newest page.
    request: u64,
    /// Number of the latest request for older rows.
    older_request: u64,
    /// Number of the latest request for the newest page that was answered.
    answered: u64,
    /// Number of the request that the latest opening of the live connection made.
    opening: u64,
    /// The highest row above which rows may be missing: what came while the connection was down is known only once
    /// a page that was asked for after its opening reaches down to here.
    seam: Option<String>,
    /// Rows that came by themselves while requests were on their way, each with the number of the latest request
    /// at that moment: an answer to that request, or an earlier one, may have been made before the row existed.
    meanwhile: Vec<(u64, Rc<FeedbackRow>)>,
}

/// What happens to the list.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Somebody signed in.
    Start,
    /// They left.
    Stop,
    /// Somebody asked for the newest page again.
    Refresh,
    /// The newest page, or why it did not come.
    Head(u64, Result<FeedbackPage, Failure>),
    /// Somebody asked for older rows.
    ShowOlder,
    /// Older rows, or why they did not come.
    Older(u64, Result<FeedbackPage, Failure>),
    /// An attempt at the live connection begins.
    LiveConnecting,
    /// The live connection stands.
    LiveOpened,
    /// It told something.
    LiveTold(LiveMessage),
    /// It was lost, after so many milliseconds (0 where it never stood), with a random number from 0 to 1.
    LiveLost(f64, f64),
    /// Somebody does not want to wait for the next attempt.
    Reconnect,
    /// The browser says that the network is gone.
    WentOffline,
    /// The browser says that the network is back.
    CameOnline,
    /// The tab is looked at again after so many milliseconds.
    Woke(f64),
    /// The list came before somebody's eyes, or left them.
    Look(bool),
    /// It is time to tell screen readers what came.
    Speak,
}

/// What the list needs done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask for the newest page; the answer carries this number.
    LoadHead(u64),
    /// Ask for the page after this cursor.
    LoadOlder(u64, String),
    /// Make the live connection after so many milliseconds, instead of any there is.
    Connect(u32),
    /// Let go of the live connection.
    Disconnect,
    /// Send [`Action::Speak`] in a moment.
    SpeakSoon,
    /// The token is no longer accepted.
    Expire,
}

impl Feed {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self {
            rows: Vec::new(),
            total: 0,
            next: None,
            loaded: false,
            asking: None,
            trouble: None,
            older: Load::Idle,
            live: Live::Connecting { attempt: 0 },
            looking: false,
            arrived: BTreeSet::new(),
            unseen: 0,
            spoken: String::new(),
            unspoken: 0,
            request: 0,
            older_request: 0,
            answered: 0,
            opening: 0,
            seam: None,
            meanwhile: Vec::new(),
        }
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self::new()
    }
}

//! Where every item went, and the sinks: what was answered, what is being asked, and what became of letters that were
//! sent again.

mod reduce;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use hearback_shared::UnixMillis;
use hearback_shared::delivery::{DeadLetter, DeadLettersAnswer, ReplayAnswer, SinksAnswer, TestAnswer};
use hearback_shared::ledger::LedgerAnswer;
use hearback_shared::query::Interval;

use crate::asked::Asked;
use crate::failure::Failure;
use crate::usage::Period;

pub use reduce::reduce;

/// What is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    hours: [Asked<LedgerAnswer>; Period::ALL.len()],
    /// How the sinks are doing.
    pub sinks: Asked<SinksAnswer>,
    /// What they refused for good.
    pub letters: Asked<DeadLettersAnswer>,
    /// Test deliveries, by the sink's name.
    pub tests: BTreeMap<String, Doing<TestAnswer>>,
    /// Letters that somebody looks into, by id.
    pub opened: BTreeMap<String, Doing<DeadLetter>>,
    /// Letters that were sent again from here, by id.
    pub replays: BTreeMap<String, Replay>,
    /// All letters of a sink that were sent again from here, by the sink's name; gone once that is under way.
    pub replays_of: BTreeMap<String, Doing<()>>,
    /// What screen readers are told when it changes.
    pub spoken: String,
    shown: Period,
    /// Looks so far at what became of letters that were sent again.
    looks: usize,
    is_look_set: bool,
    request: u64,
}

/// Something that is done once, at a press of a button.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing<T> {
    /// The answer is awaited.
    Running,
    /// It came.
    Done(T),
    /// It did not.
    Failed(Failure),
}

/// A letter that is sent again.
#[derive(Clone, Debug, PartialEq)]
pub enum Replay {
    /// The collector is asked to.
    Asking,
    /// It is on its way; the sink's answer is awaited.
    Sent,
    /// The collector could not be asked.
    Failed(Failure),
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Somebody looks at a period, at this time.
    Show(Period, UnixMillis),
    /// Somebody asks for everything again, at this time.
    Refresh(Period, UnixMillis),
    /// The hours of a period, or why there are none.
    Hours(Period, u64, UnixMillis, Result<LedgerAnswer, Failure>),
    /// The sinks, or why there are none.
    Sinks(u64, UnixMillis, Result<SinksAnswer, Failure>),
    /// The dead letters, or why there are none.
    Letters(u64, UnixMillis, Result<DeadLettersAnswer, Failure>),
    /// A sink is to take a test delivery.
    Test(String),
    /// What became of it.
    Tested(String, UnixMillis, Result<TestAnswer, Failure>),
    /// Somebody looks into a letter.
    Open(String),
    /// Its item, or why it can't be shown.
    Opened(String, Result<DeadLetter, Failure>),
    /// They have seen it.
    Close(String),
    /// A letter is to be sent again.
    Replay(String),
    /// Whether it is.
    Replayed(String, UnixMillis, Result<ReplayAnswer, Failure>),
    /// All letters of a sink are to be sent again.
    ReplayAll(String),
    /// Whether they are.
    ReplayedAll(String, UnixMillis, Result<ReplayAnswer, Failure>),
    /// It is time to see what became of what was sent again.
    LookAgain(UnixMillis),
}

/// What it needs done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask for the hours of a period, from and to; the answer carries this number.
    LoadHours(Period, u64, UnixMillis, UnixMillis),
    /// Ask how the sinks are doing.
    LoadSinks(u64),
    /// Ask for the dead letters.
    LoadLetters(u64),
    /// Ask a sink to take a test delivery.
    Test(String),
    /// Ask for a letter's item.
    Open(String),
    /// Send a letter again.
    Replay(String),
    /// Send all letters of a sink again.
    ReplayAll(String),
    /// Look again after so many milliseconds.
    LookAgainIn(u32),
    /// The token is no longer accepted.
    Expire,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            hours: Default::default(),
            sinks: Asked::default(),
            letters: Asked::default(),
            tests: BTreeMap::new(),
            opened: BTreeMap::new(),
            replays: BTreeMap::new(),
            replays_of: BTreeMap::new(),
            spoken: String::new(),
            shown: Period::Days7,
            looks: 0,
            is_look_set: false,
            request: 0,
        }
    }
}

impl Ledger {
    /// What is known of a period's hours.
    pub fn hours(&self, period: Period) -> &Asked<LedgerAnswer> {
        &self.hours[period as usize]
    }

    /// Whether anything that a period shows is being asked for.
    pub fn is_busy(&self, period: Period) -> bool {
        self.hours(period).running.is_some() || self.sinks.running.is_some() || self.letters.running.is_some()
    }
}

/// The width of a bar: hours while they can be told apart.
pub fn bar(period: Period) -> Interval {
    match period {
        Period::Hours24 | Period::Days7 => Interval::Hour,
        Period::Days30 => Interval::Day,
    }
}

/// The hours of a period: it ends with the current bar.
pub fn range(period: Period, now: UnixMillis) -> (UnixMillis, UnixMillis) {
    let width = bar(period).width_ms();
    let to = bar(period).start(now) + width;
    let length = period.points() * period.interval().width_ms();
    (to.saturating_sub(length), to)
}

//! A question to the collector as state: the last answer, the request that is on its way, the last failure.

use std::rc::Rc;

use hearback_shared::UnixMillis;

use crate::failure::Failure;

/// An answer is asked for again when it is older than this and somebody looks at it.
pub const FRESH_MS: UnixMillis = 60 * 1000;

/// What is known about one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<T> {
    /// The last answer, and when it came.
    pub answer: Option<(Rc<T>, UnixMillis)>,
    /// The number of the request that is on its way.
    pub running: Option<u64>,
    /// Why the last request that was answered came to nothing.
    pub failure: Option<Failure>,
    /// When the last request was made.
    last_at: UnixMillis,
}

impl<T> Default for Asked<T> {
    fn default() -> Self {
        Self {
            answer: None,
            running: None,
            failure: None,
            last_at: 0,
        }
    }
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is the answer now.
    Yes,
    /// It was none: why is kept, and the last answer too.
    Failed,
    /// The token is no longer accepted.
    Unauthorized,
    /// It belongs to an earlier request.
    Late,
}

impl<T> Asked<T> {
    /// Whether somebody who looks at it now should ask: it was never asked for, or long ago.
    pub fn is_due(&self, now: UnixMillis) -> bool {
        let never = self.answer.is_none() && self.failure.is_none();
        self.running.is_none() && (never || now.saturating_sub(self.last_at) >= FRESH_MS)
    }

    /// A request with this number is made.
    pub fn ask(&mut self, request: u64, now: UnixMillis) {
        self.running = Some(request);
        self.last_at = now;
    }

    /// A request with this number is answered.
    pub fn take(&mut self, request: u64, now: UnixMillis, answer: Result<T, Failure>) -> Taken {
        if self.running != Some(request) {
            return Taken::Late;
        }
        self.running = None;
        match answer {
            Ok(answer) => {
                self.answer = Some((Rc::new(answer), now));
                self.failure = None;
                Taken::Yes
            }
            Err(Failure::Unauthorized) => Taken::Unauthorized,
            Err(failure) => {
                self.failure = Some(failure);
                Taken::Failed
            }
        }
    }

    /// The last answer.
    pub fn known(&self) -> Option<&Rc<T>> {
        self.answer.as_ref().map(|(answer, _)| answer)
    }
}

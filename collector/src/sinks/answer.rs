//! What a sink answered, and what that means. Most kinds say by more than their status what is wrong: only what
//! speaks of this very payload is poison, and what a person has to mend is named.

use crate::objects::delivery::{Verdict, verdict};

/// Bytes that are read of a refusal: the error documents of stores are a few hundred.
pub const READ_BYTES: usize = 4 * 1024;

/// An answer over HTTP, as far as it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinkAnswer {
    /// The status.
    pub status: u16,
    /// The header `x-clickhouse-exception-code`.
    pub exception_code: Option<String>,
    /// The body's first [`READ_BYTES`], where the status is no 2xx.
    pub body: String,
}

impl SinkAnswer {
    /// An answer of which only the status is known.
    pub fn of_status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// What the status alone means, for a receiver that says no more.
    pub fn by_status(&self) -> (Verdict, String) {
        let why = if (300..400).contains(&self.status) {
            "(redirects are not followed)"
        } else {
            ""
        };
        (verdict(self.status), self.said(why))
    }

    /// The answer in words that hold no user data: `why` is of our own making.
    pub fn said(&self, why: &str) -> String {
        let space = if why.is_empty() { "" } else { " " };
        format!("it answered {}{space}{why}", self.status)
    }
}

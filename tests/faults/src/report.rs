//! What a run says at its end: words for people, and one line of JSON for programs.

use serde_json::{Value, json};

use crate::books::Books;
use crate::check::Findings;

/// A run that came to its end.
pub struct Report {
    pub seed: u64,
    pub books: Books,
    pub checked: Findings,
    /// Letters that were dead before the sink was mended and they were sent again.
    pub dead: u64,
    pub kills: u64,
    pub cuts: u64,
    /// Whether everything was sent before time was up.
    pub is_complete: bool,
    pub seconds: u64,
    pub without_deduplication: bool,
}

impl Report {
    /// Whether what was promised holds; without deduplication, whether the checker sees that it does not.
    pub fn is_as_promised(&self) -> bool {
        if self.without_deduplication {
            return self.checked.twice > 0;
        }
        self.is_complete && self.checked.is_clean()
    }

    /// The line of JSON.
    pub fn json(&self) -> Value {
        let Findings {
            stored,
            lost,
            twice,
            sink_missing,
            ledger_difference,
            ..
        } = self.checked;
        json!({
            "sent": self.books.sent.len(),
            "acknowledged": self.books.acknowledged().len(),
            "stored": stored,
            "lost": lost,
            "twice": twice,
            "kills": self.kills,
            "cuts": self.cuts,
            "sink_missing": sink_missing,
            "ledger_difference": ledger_difference,
            "dead": self.dead,
            "dead_wrong": self.checked.dead_wrong,
            "counted_wrong": self.checked.counted_wrong,
            "feedback_wrong": self.checked.feedback_wrong,
            "sink_wrong": self.checked.sink_wrong,
            "strange": self.checked.strange,
            "holes": self.checked.holes,
            "seed": self.seed,
            "seconds": self.seconds,
        })
    }

    /// The words.
    pub fn words(&self) -> String {
        let verdict = match (self.without_deduplication, self.is_as_promised()) {
            (true, true) => "without deduplication items are there twice, and the checker sees it",
            (true, false) => {
                "without deduplication nothing is there twice: the checker is blind, or the run too short"
            }
            (false, true) => "nothing is lost and nothing is there twice",
            (false, false) if !self.is_complete => "time was up before everything was sent",
            (false, false) => "SOMETHING IS WRONG",
        };
        format!("{verdict}\n{:?}", self.checked)
    }
}

//! Whether the ledger balances, in words that need no bookkeeping.

use hearback_shared::ledger::{LedgerRow, SinkTally};

use super::{counted, grouped};

/// A sum and what it is made of, as it is shown: `12 items received = 10 stored + 2 repeats`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// What there is.
    pub sum: Term,
    /// What became of it.
    pub parts: Vec<Term>,
}

/// A number in an equation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// How many.
    pub count: u64,
    /// Of what, in the number's own form.
    pub word: &'static str,
    /// Whether it should be none.
    pub is_wrong: bool,
}

fn term(count: u64, one: &'static str, many: &'static str) -> Term {
    Term {
        count,
        word: if count == 1 { one } else { many },
        is_wrong: false,
    }
}

fn wrong(difference: i64) -> Option<Term> {
    (difference != 0).then(|| Term {
        count: difference.unsigned_abs(),
        word: if difference > 0 {
            "not explained"
        } else {
            "too many"
        },
        is_wrong: true,
    })
}

/// What was received and what became of it.
pub fn received(total: &LedgerRow) -> Equation {
    let parts = [
        term(total.accepted, "stored", "stored"),
        term(total.duplicate, "repeat", "repeats"),
        term(total.rejected.values().sum(), "refused", "refused"),
    ];
    Equation {
        sum: term(total.received, "item received", "items received"),
        parts: parts.into_iter().chain(wrong(total.difference)).collect(),
    }
}

/// What was stored and where it is on its way to a sink. Kinds that no item is of are left out, but for the first.
pub fn at_sink(accepted: u64, tally: &SinkTally) -> Equation {
    let parts = [
        term(tally.delivered, "delivered", "delivered"),
        term(tally.pending, "waiting", "waiting"),
        term(tally.dead, "dead letter", "dead letters"),
        term(tally.expired, "expired", "expired"),
        term(tally.erased, "erased", "erased"),
    ];
    let shown = parts
        .into_iter()
        .enumerate()
        .filter(|(place, part)| *place == 0 || part.count > 0)
        .map(|(_, part)| part);
    Equation {
        sum: term(accepted, "item stored", "items stored"),
        parts: shown.chain(wrong(missing_at_sink(accepted, tally))).collect(),
    }
}

/// Stored items beyond those that a sink's tally explains.
pub fn missing_at_sink(accepted: u64, tally: &SinkTally) -> i64 {
    accepted.cast_signed() - tally.sum().cast_signed()
}

/// Whether every item is explained, in a few words.
pub fn verdict(total: &LedgerRow) -> String {
    match total.difference {
        0 => "Everything is explained".to_owned(),
        1.. => format!(
            "{} not explained",
            counted(total.difference.unsigned_abs(), "item is", "items are")
        ),
        _ => format!(
            "{} never received",
            counted(
                total.difference.unsigned_abs(),
                "item is explained that was",
                "items are explained that were"
            )
        ),
    }
}

/// An equation as one sentence: "12 items received in the last 7 days = 10 stored + 2 repeats + 0 refused."
pub fn sentence(equation: &Equation, phrase: &str) -> String {
    let parts: Vec<String> = equation
        .parts
        .iter()
        .map(|part| format!("{} {}", grouped(part.count), part.word))
        .collect();
    format!(
        "{} {} in the {phrase} = {}.",
        grouped(equation.sum.count),
        equation.sum.word,
        parts.join(" + ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(received: u64, accepted: u64, duplicate: u64, refused: u64) -> LedgerRow {
        LedgerRow {
            received,
            accepted,
            duplicate,
            rejected: std::iter::once(("too_old".to_owned(), refused)).collect(),
            difference: received.cast_signed() - (accepted + duplicate + refused).cast_signed(),
            ..LedgerRow::default()
        }
    }

    #[test]
    fn a_balance_is_a_sum_that_anybody_can_check() {
        let total = total(12_408, 12_100, 300, 8);
        assert_eq!(verdict(&total), "Everything is explained");
        assert_eq!(
            sentence(&received(&total), "last 7 days"),
            "12,408 items received in the last 7 days = 12,100 stored + 300 repeats + 8 refused."
        );
    }

    #[test]
    fn what_does_not_add_up_is_said_by_how_many() {
        let less = total(10, 5, 2, 0);
        assert_eq!(verdict(&less), "3 items are not explained");
        assert!(sentence(&received(&less), "last 24 hours").ends_with("+ 0 refused + 3 not explained."));
        assert!(received(&less).parts.iter().any(|part| part.is_wrong));
        let more = total(1, 2, 0, 0);
        assert_eq!(verdict(&more), "1 item is explained that was never received");
    }

    #[test]
    fn a_sink_names_only_what_there_is_and_what_is_missing() {
        let mut tally = SinkTally {
            delivered: 7,
            dead: 1,
            ..SinkTally::default()
        };
        let words = |accepted, tally: &SinkTally| {
            let parts = at_sink(accepted, tally).parts;
            parts
                .iter()
                .map(|part| (part.count, part.word))
                .collect::<Vec<_>>()
        };
        assert_eq!(words(8, &tally), [(7, "delivered"), (1, "dead letter")]);
        assert_eq!(words(9, &tally)[2], (1, "not explained"));
        tally.delivered = 0;
        tally.dead = 0;
        assert_eq!(words(0, &tally), [(0, "delivered")]);
    }
}

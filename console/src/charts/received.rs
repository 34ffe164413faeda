//! What is drawn of the ledger: what was received, in bars that show what became of it.

use hearback_shared::UnixMillis;
use hearback_shared::ledger::LedgerAnswer;
use hearback_shared::query::Interval;

use super::Line;

/// What is drawn of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Start of each bar.
    pub starts: Vec<UnixMillis>,
    /// Width of a bar.
    pub interval: Interval,
    /// The bar that is not over yet.
    pub unfinished: Option<usize>,
    /// Stored, repeats, refused: from the bottom up.
    pub parts: [Line; 3],
}

/// What is drawn of a ledger at this time, in bars of this width.
pub fn received(answer: &LedgerAnswer, interval: Interval, now: UnixMillis) -> Received {
    let width = interval.width_ms();
    let count = usize::try_from(answer.to.saturating_sub(answer.from) / width).unwrap_or(0);
    let starts: Vec<UnixMillis> = (0_u64..)
        .take(count)
        .map(|bar| answer.from + bar * width)
        .collect();
    let mut parts = ["Stored", "Repeats", "Refused"].map(|label| Line {
        label: label.to_owned(),
        total: 0,
        counts: vec![0; count],
    });
    for row in &answer.hours {
        let bar = usize::try_from(row.hour.saturating_sub(answer.from) / width).unwrap_or(count);
        let counts = [row.accepted, row.duplicate, row.rejected.values().sum()];
        for (part, added) in parts.iter_mut().zip(counts) {
            if let Some(sum) = part.counts.get_mut(bar) {
                *sum += added;
                part.total += added;
            }
        }
    }
    let unfinished = starts
        .iter()
        .position(|start| (*start..start + width).contains(&now));
    Received {
        starts,
        interval,
        unfinished,
        parts,
    }
}

#[cfg(test)]
mod tests {
    use hearback_shared::ledger::LedgerRow;

    use super::*;

    const HOUR: UnixMillis = 60 * 60 * 1000;

    fn answer() -> LedgerAnswer {
        let row = |hour, accepted, duplicate, refused| LedgerRow {
            hour,
            accepted,
            duplicate,
            rejected: [("too_old".to_owned(), refused), ("seq_gap".to_owned(), 1)]
                .into_iter()
                .collect(),
            ..LedgerRow::default()
        };
        LedgerAnswer {
            from: 0,
            to: 48 * HOUR,
            hours: vec![row(30 * HOUR, 5, 1, 0), row(3 * HOUR, 7, 0, 2)],
            total: LedgerRow::default(),
        }
    }

    #[test]
    fn each_hour_has_its_bar_and_hours_without_items_are_empty() {
        let hours = received(&answer(), Interval::Hour, 30 * HOUR + 5);
        assert_eq!((hours.starts.len(), hours.unfinished), (48, Some(30)));
        let [stored, repeats, refused] = &hours.parts;
        assert_eq!((stored.counts[3], stored.counts[4], stored.counts[30]), (7, 0, 5));
        assert_eq!((repeats.total, refused.total), (1, 4));
    }

    #[test]
    fn hours_of_one_day_add_up_in_its_bar() {
        let days = received(&answer(), Interval::Day, 100 * HOUR);
        assert_eq!(days.unfinished, None);
        let counts: Vec<_> = days.parts.iter().map(|part| part.counts.clone()).collect();
        assert_eq!(counts, [[7, 5], [0, 1], [3, 1]]);
    }
}

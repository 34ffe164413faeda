//! How rows that come on different ways become one list without holes and without doubles.

use std::collections::BTreeSet;
use std::rc::Rc;

use hearback_shared::query::{FeedbackPage, FeedbackRow};

type Rows = Vec<Rc<FeedbackRow>>;

/// A newest page put over what was known. `newer` are rows that may have come after the page was made.
///
/// The page is whole in itself, so within its span it alone counts. What was known below it is kept only if the
/// page reaches down to it, and at least to the `seam`, above which rows may be missing; otherwise there may be rows
/// in between that nobody has read, and the list ends with the page.
pub(super) fn head(
    known: &[Rc<FeedbackRow>],
    (seam, next): (Option<&str>, Option<String>),
    page: FeedbackPage,
    newer: Rows,
) -> (Rows, Option<String>) {
    let place = |id: &str| known.iter().position(|row| row.id == id);
    let reached = page.items.last().and_then(|last| place(&last.id));
    let needed = seam.map_or(Some(0), place);
    let below = match (reached, needed) {
        (Some(reached), Some(needed)) if reached >= needed => &known[reached + 1..],
        _ => &[],
    };
    let next = if below.is_empty() { page.next } else { next };

    let page: Rows = page.items.into_iter().map(Rc::new).collect();
    let in_page: BTreeSet<&str> = page.iter().map(|row| row.id.as_str()).collect();
    let newer = newer.into_iter().filter(|row| !in_page.contains(row.id.as_str()));
    let mut ids = BTreeSet::new();
    let rows = newer.chain(page.iter().cloned()).chain(below.iter().cloned());
    (rows.filter(|row| ids.insert(row.id.clone())).collect(), next)
}

/// Rows told by the live connection, oldest first, put on top. Returns those that were not known, newest first.
pub(super) fn live(rows: &mut Rows, told: Vec<FeedbackRow>) -> Rows {
    let known: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let fresh: Rows = told
        .into_iter()
        .rev()
        .filter(|row| !known.contains(row.id.as_str()) && seen.insert(row.id.clone()))
        .map(Rc::new)
        .collect();
    rows.splice(0..0, fresh.iter().cloned());
    fresh
}

/// A page of older rows put below.
pub(super) fn older(rows: &mut Rows, page: Vec<FeedbackRow>) {
    let mut ids: BTreeSet<String> = rows.iter().map(|row| row.id.clone()).collect();
    rows.extend(
        page.into_iter()
            .filter(|row| ids.insert(row.id.clone()))
            .map(Rc::new),
    );
}

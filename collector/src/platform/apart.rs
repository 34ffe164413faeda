//! What never reached a shard, counted for the ledger: requests refused whole and items answered `retry`. Kept in
//! this isolate's memory and taken along by the project's next batch, so a refusal costs nothing and a flood of them
//! cannot grow storage. What an isolate counted last is lost with it: these numbers explain, they do not balance.

use litemap::LiteMap;
use std::cell::RefCell;

use hearback_shared::project::ProjectId;

/// Projects that are counted for at once; a refusal for another one is not counted.
const PROJECTS: usize = 1_000;

thread_local! {
    static COUNTS: RefCell<LiteMap<ProjectId, LiteMap<String, u64>>> = const { RefCell::new(LiteMap::new()) };
}

/// Counts for a project whose credential was checked. `reason` is one of a few names, never what a client sent.
pub(super) fn note(project: &ProjectId, reason: &str, count: u64) {
    if count == 0 {
        return;
    }
    COUNTS.with_borrow_mut(|counts| {
        if counts.len() >= PROJECTS && !counts.contains_key(project) {
            return;
        }
        let reasons = counts.entry(project.clone()).or_default();
        *reasons.entry(reason.to_owned()).or_default() += count;
    });
}

/// What was counted since the last time.
pub(super) fn take(project: &ProjectId) -> LiteMap<String, u64> {
    COUNTS.with_borrow_mut(|counts| counts.remove(project).unwrap_or_default())
}

//! How long a shard keeps its log. What was counted of it stays; the last row stays too, since the log's end is read
//! from it.

use hearback_shared::UnixMillis;
use worker::Result;

use super::shard_object::Shard;
use super::shard_store::{Consumer, ShardStore};
use super::store::number;
use super::{clock, edge_view, push, settings};

const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

/// Rows that one step deletes: each may hold half a megabyte.
const STEP_ROWS: u64 = 200;

/// How soon a row is looked at again whose time is over and which a consumer still needs.
const AGAIN_MS: UnixMillis = 60 * 60 * 1000;

impl Shard {
    /// Lets go of what has been kept for long enough; says when there is more to do.
    pub(super) async fn forget_old(&self) -> Result<Option<UnixMillis>> {
        let store = self.store()?;
        let Some((project, _)) = store.place()? else {
            return Ok(None);
        };
        let view = edge_view::of(&self.env, &project).await?;
        let Some(days) = view.settings.retention.events_days else {
            return Ok(None);
        };
        store.forget_rows(days, self.passed_by_all()?, clock::now())
    }

    /// The position up to which no consumer needs the log any more.
    fn passed_by_all(&self) -> Result<u64> {
        let store = self.store()?;
        let mut passed = store.head()?;
        for consumer in [Consumer::Windows, Consumer::Rollup, Consumer::Ledger] {
            passed = passed.min(store.cursor(consumer)?);
        }
        if push::is_pending(self)? {
            passed = passed.min(store.cursor(Consumer::Project)?);
        }
        if settings::config(&self.env).is_ok_and(|config| config.sink.is_some()) {
            passed = passed.min(store.cursor(Consumer::HttpSink)?);
        }
        Ok(passed)
    }
}

impl ShardStore {
    /// Deletes rows that were committed more than `days` ago and lie at or before `passed`, the position that every
    /// consumer has passed. Says when the next row's time is over.
    pub(super) fn forget_rows(&self, days: u32, passed: u64, now: UnixMillis) -> Result<Option<UnixMillis>> {
        let keep_ms = u64::from(days) * DAY_MS;
        let oldest = now.saturating_sub(keep_ms);
        let head = self.head()?;
        let due = self.store.row(
            "SELECT max(first) FROM (SELECT first FROM log WHERE at < ?1 AND first + count - 1 <= ?2 AND first + count - 1 < ?3 ORDER BY first LIMIT ?4)",
            vec![number(oldest), number(passed), number(head), number(STEP_ROWS)],
        )?;
        if let Some(last) = due.map(|row| row.number(0)).filter(|first| *first > 0) {
            self.store
                .run("DELETE FROM log WHERE first <= ?", vec![number(last)])?;
        }
        let first = self.store.row(
            "SELECT at FROM log WHERE first + count - 1 < ? ORDER BY first LIMIT 1",
            vec![number(head)],
        )?;
        Ok(first.map(|row| (row.number(0) + keep_ms).max(now + AGAIN_MS)))
    }
}

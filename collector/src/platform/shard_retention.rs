//! How long a shard keeps its log. What was counted of it stays; the last row stays too, since the log's end is read
//! from it.

use hearback_shared::UnixMillis;
use worker::Result;

use super::shard_object::Shard;
use super::shard_store::{Consumer, ShardStore};
use super::store::number;
use super::{clock, edge_view, faults, push};
use crate::sinks::Sink;

const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

/// Rows that one step deletes: each may hold half a megabyte.
const STEP_ROWS: u64 = 200;

/// How soon the log is looked at again while rows' time is over: there may be more than one step, and a consumer may
/// still need them.
const AGAIN_MS: UnixMillis = 60 * 1000;

impl Shard {
    /// Lets go of what has been kept for long enough; says when there is more to do.
    pub(super) async fn forget_old(&self) -> Result<Option<UnixMillis>> {
        let store = self.store()?;
        let Some((project, _)) = store.place()? else {
            return Ok(None);
        };
        let view = edge_view::of(&self.env, &project).await?;
        self.fault(faults::FORGET).await?;
        let Some(days) = view.settings.retention.events_days else {
            return Ok(None);
        };
        let now = clock::now();
        let keep_ms = u64::from(days) * DAY_MS;
        match store.first_to_forget()? {
            Some(at) if at + keep_ms > now => Ok(Some(at + keep_ms)),
            Some(_) => {
                // Windows are kept in the rows, too, until they are written out.
                self.with_memory(|memory| store.transaction(|| memory.checkpoint(store, now)))?;
                let sinks = self.sinks().await?;
                self.expire(now - keep_ms, &sinks)?;
                store.forget_rows(now - keep_ms, self.passed_by_all(&sinks)?)?;
                Ok(Some(now + AGAIN_MS))
            }
            None => Ok(None),
        }
    }

    /// What a sink has not taken by now it will not get.
    fn expire(&self, oldest: UnixMillis, sinks: &[Sink]) -> Result<()> {
        let store = self.store()?;
        let position = store.last_before(oldest)?;
        sinks
            .iter()
            .try_for_each(|sink| store.expire_deliveries(&sink.name, position))
    }

    /// The position up to which no consumer needs the log any more.
    fn passed_by_all(&self, sinks: &[Sink]) -> Result<u64> {
        let store = self.store()?;
        let mut passed = store.head()?;
        for consumer in [Consumer::Windows, Consumer::Rollup, Consumer::Ledger] {
            passed = passed.min(store.cursor(consumer)?);
        }
        if push::is_pending(self)? {
            passed = passed.min(store.cursor(Consumer::Project)?);
        }
        for sink in sinks {
            passed = passed.min(store.delivered_up_to(&sink.name)?);
        }
        Ok(passed)
    }
}

impl ShardStore {
    /// When the first row but the last was committed.
    fn first_to_forget(&self) -> Result<Option<UnixMillis>> {
        let question = "SELECT at FROM log WHERE first < (SELECT max(first) FROM log) ORDER BY first LIMIT 1";
        Ok(self.store.row(question, vec![])?.map(|row| row.number(0)))
    }

    /// Position of the last item that was committed before `oldest`; the log's last row is never among them.
    fn last_before(&self, oldest: UnixMillis) -> Result<u64> {
        let question =
            "SELECT max(first + count - 1) FROM log WHERE at < ? AND first < (SELECT max(first) FROM log)";
        Ok(self
            .store
            .row(question, vec![number(oldest)])?
            .map_or(0, |row| row.number(0)))
    }

    /// Deletes rows that were committed before `oldest` and lie at or before `passed`, but for the last row.
    fn forget_rows(&self, oldest: UnixMillis, passed: u64) -> Result<()> {
        self.store.run(
            "DELETE FROM log WHERE first IN (SELECT first FROM log WHERE at < ? AND first + count - 1 <= ? AND first < (SELECT max(first) FROM log) ORDER BY first LIMIT ?)",
            vec![number(oldest), number(passed), number(STEP_ROWS)],
        )
    }
}

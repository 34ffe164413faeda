//! What a shard does between requests: push feedback, count, deliver. The next alarm is set *before* the work, since
//! a trap in it cannot be caught.

use hearback_shared::UnixMillis;
use worker::{Result, console_error};

use super::shard_object::Shard;
use super::shard_store::{Consumer, ShardStore};
use super::{clock, deliver, faults, push, settings};

/// When an alarm comes back after one that did not end: a trap, or a kill. One that ends sets its own.
pub(super) const SAFETY_MS: UnixMillis = 15_000;

/// How long counting may wait: nobody waits for it, since a question counts what is missing itself.
const COUNT_DELAY_MS: UnixMillis = 10_000;

impl Shard {
    /// Sees to it that an alarm comes soon enough for what was just committed.
    pub(super) async fn arm_alarm(&self) -> Result<()> {
        let delay = match settings::config(&self.env) {
            Ok(config) if !config.sinks.is_empty() || self.has_webhooks.get() => {
                config.sink_delay_ms.min(COUNT_DELAY_MS)
            }
            _ => COUNT_DELAY_MS,
        };
        let due = clock::now() + delay;
        // One that is set in this life and still to come is trusted; after waking it is set anew.
        if self
            .alarm_at
            .get()
            .is_none_or(|at| at > due || at + SAFETY_MS < due)
        {
            self.set_alarm(due).await?;
        }
        Ok(())
    }

    pub(super) async fn set_alarm(&self, at: UnixMillis) -> Result<()> {
        let delay_ms = at.saturating_sub(clock::now());
        self.state
            .storage()
            .set_alarm(i64::try_from(delay_ms).unwrap_or(i64::MAX))
            .await?;
        self.alarm_at.set(Some(at));
        Ok(())
    }

    pub(super) async fn on_alarm(&self) -> Result<()> {
        self.set_alarm(clock::now() + SAFETY_MS).await?;
        self.fault(faults::ALARM).await?;
        push::run(self).await;
        self.fault(faults::COUNT).await?;
        if let Err(error) = self.roll_up_all().await {
            console_error!("rollup: {error}");
        }
        if let Err(error) = self.store().and_then(ShardStore::settle_ledger) {
            console_error!("ledger: {error}");
        }
        if let Err(error) = self.enlist().await {
            console_error!("directory: {error}");
        }
        self.fault(faults::ENLISTED).await?;
        let next_delivery = match deliver::run(self).await {
            Ok(next) => next,
            Err(error) => {
                console_error!("deliver: {error}");
                Some(clock::now() + SAFETY_MS)
            }
        };
        let next_push = push::is_pending(self)?.then(|| clock::now() + COUNT_DELAY_MS);
        let next_forgetting = self.forget_old().await.unwrap_or_else(|error| {
            console_error!("retention: {error}");
            None
        });
        self.fault(faults::REARM).await?;
        // What was committed while this ran is to be looked at soon.
        let store = self.store()?;
        let next_count =
            (store.cursor(Consumer::Rollup)? < store.head()?).then(|| clock::now() + COUNT_DELAY_MS);
        let next = [next_delivery, next_push, next_forgetting, next_count];
        if let Some(at) = next.into_iter().flatten().min() {
            self.set_alarm(at).await
        } else {
            self.alarm_at.set(None);
            self.state.storage().delete_alarm().await
        }
    }
}

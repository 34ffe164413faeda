//! What a shard does between requests: push feedback, count, deliver. The next alarm is set *before* the work, since
//! a trap in it cannot be caught.

use hearback_shared::UnixMillis;
use worker::{Result, console_error};

use super::shard_object::Shard;
use super::{clock, deliver, faults, meter, push, settings};
use crate::objects::count_time::QUIET_MS;

/// When an alarm comes back after one that did not end: a trap, or a kill. One that ends sets its own.
pub(super) const SAFETY_MS: UnixMillis = 15_000;

/// How late an alarm may be for what was just committed, where no sink waits for it.
const LATEST_MS: UnixMillis = 60_000;

/// How soon the alarm comes back to feedback whose push failed, and to a count that did.
const AGAIN_MS: UnixMillis = 10_000;

impl Shard {
    /// Sees to it that an alarm comes soon enough for what was just committed.
    pub(super) async fn arm_alarm(&self) -> Result<()> {
        let sink_delay = match settings::config(&self.env) {
            Ok(config) if !config.sinks.is_empty() || self.has_webhooks.get() => config.sink_delay_ms,
            _ => UnixMillis::MAX,
        };
        let now = clock::now();
        // One that is set in this life and still to come is trusted; after waking it is set anew.
        let is_soon_enough = |at: UnixMillis| at <= now + sink_delay.min(LATEST_MS) && now <= at + SAFETY_MS;
        if !self.alarm_at.get().is_some_and(is_soon_enough) {
            self.set_alarm(now + sink_delay.min(QUIET_MS)).await?;
        }
        Ok(())
    }

    pub(super) async fn set_alarm(&self, at: UnixMillis) -> Result<()> {
        let delay_ms = at.saturating_sub(clock::now());
        meter::alarm_set();
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
        if let Err(error) = self.count_if_due().await {
            console_error!("count: {error}");
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
        let next_push = push::is_pending(self)?.then(|| clock::now() + AGAIN_MS);
        let next_forgetting = self.forget_old().await.unwrap_or_else(|error| {
            console_error!("retention: {error}");
            None
        });
        self.fault(faults::REARM).await?;
        // What was committed while this ran is to be looked at soon.
        let now = clock::now();
        let uncounted = self.store()?.uncounted()?;
        let next_count = uncounted.map(|rows| rows.waits_until(now).unwrap_or(now + AGAIN_MS));
        let next = [next_delivery, next_push, next_forgetting, next_count];
        if let Some(at) = next.into_iter().flatten().min() {
            self.set_alarm(at).await
        } else {
            self.alarm_at.set(None);
            self.state.storage().delete_alarm().await
        }
    }

    /// Rollups and the ledger, once it is worth the rows.
    async fn count_if_due(&self) -> Result<()> {
        let store = self.store()?;
        let now = clock::now();
        if store
            .uncounted()?
            .is_some_and(|rows| rows.waits_until(now).is_none())
        {
            self.roll_up_all().await?;
            store.settle_ledger()?;
        }
        Ok(())
    }
}

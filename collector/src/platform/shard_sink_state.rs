//! A sink as a whole, seen from one shard: how it is doing, and whether it is left alone.

use hearback_shared::UnixMillis;
use hearback_shared::delivery::SinkState;
use worker::Result;

use super::shard_store::ShardStore;
use super::store::{Row, number};
use crate::objects::delivery::still_waits;

impl ShardStore {
    /// How a sink is doing here.
    pub(super) fn sink_state(&self, sink: &str, now: UnixMillis) -> Result<SinkState> {
        let tallies = self.sink_tallies(sink)?;
        let row = self.store.row(
            "SELECT error, delivered_at FROM sinks WHERE sink = ?",
            vec![sink.into()],
        )?;
        let time = |row: &Row, column| Some(row.number(column)).filter(|at| *at > 0);
        let open = self.open_deliveries(sink)?;
        Ok(SinkState {
            name: sink.to_owned(),
            kind: String::new(),
            pending: tallies.values().map(|tally| tally.pending).sum(),
            pending_since: self.received_at(self.delivered_up_to(sink)? + 1)?,
            dead: tallies.values().map(|tally| tally.dead).sum(),
            attempts: open
                .iter()
                .map(|(delivery, _)| delivery.attempts)
                .max()
                .unwrap_or(0),
            paused_until: self.paused_until(sink, now)?,
            last_error: row
                .as_ref()
                .map(|row| row.text(0).to_owned())
                .filter(|error| !error.is_empty()),
            delivered_at: row.as_ref().and_then(|row| time(row, 1)),
        })
    }

    /// Until when a sink is left alone.
    fn paused_until(&self, sink: &str, now: UnixMillis) -> Result<Option<UnixMillis>> {
        let row = self
            .store
            .row("SELECT paused_until FROM sinks WHERE sink = ?", vec![sink.into()])?;
        Ok(row.and_then(|row| still_waits(row.number(0), now)))
    }

    /// A sink that was mended: what waits for it is due now.
    pub(super) fn resume_sink(&self, sink: &str, now: UnixMillis) -> Result<()> {
        self.transaction(|| {
            self.store.run(
                "UPDATE sinks SET paused_until = NULL WHERE sink = ?",
                vec![sink.into()],
            )?;
            self.store.run(
                "UPDATE deliveries SET next_at = ? WHERE sink = ?",
                vec![number(now), sink.into()],
            )
        })
    }
}

//! Adds what only the edge knows, and corrects the visitor's clock.

use crate::UnixMillis;
use crate::item::{Context, EdgeFacts, Item, StoredItem, item_id};
use crate::limits;
use crate::producer::Producer;
use crate::project::ProjectId;

/// How a batch arrived: what is the same for all of its items.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The tenant, from the credential.
    pub project: ProjectId,
    /// The page that sent the batch.
    pub producer: Producer,
    /// When it was sent, by the visitor's clock.
    pub sent_at: UnixMillis,
    /// When it arrived, by ours.
    pub now: UnixMillis,
    /// What the edge knows of the request.
    pub edge: EdgeFacts,
}

/// The greatest age of an item.
const OLDEST_MS: UnixMillis = limits::PRODUCER_AGE_MINUTES as UnixMillis * 60_000;

/// The item as the log keeps it. Both clocks speak the truth about durations, so what happened `d` before sending
/// happened `d` before arrival; the visitor's own time is kept beside it.
pub(super) fn item(item: Item, context: &Context, arrival: &Arrival) -> StoredItem {
    // Nothing is older than its page may be: a clock that was set right in between must not put an event into 1970.
    let age_ms = arrival.sent_at.saturating_sub(item.at).min(OLDEST_MS);
    let mut context = context.clone();
    if item.url.is_some() {
        context.url = item.url;
    }
    StoredItem {
        id: item_id(&arrival.producer, item.seq),
        project: arrival.project.clone(),
        at: arrival.now.saturating_sub(age_ms),
        client_at: item.at,
        received_at: arrival.now,
        context,
        edge: arrival.edge.clone(),
        body: item.body,
    }
}

//! Adds what only the edge knows, and corrects the visitor's clock.

use crate::UnixMillis;
use crate::item::{Context, EdgeFacts, Item, ItemKey, StoredItem, item_id};
use crate::limits;
use crate::producer::Producer;
use crate::project::ProjectId;
use crate::settings::ProjectSettings;

/// How a batch arrived: what is the same for all of its items.
#[derive(Clone, Debug)]
pub struct Arrival<'a> {
    /// The tenant, from the credential.
    pub project: ProjectId,
    /// What its team set.
    pub settings: &'a ProjectSettings,
    /// The page that sent the batch; `None` where each item has an id of its own.
    pub producer: Option<Producer>,
    /// When it was sent, by the visitor's clock.
    pub sent_at: UnixMillis,
    /// When it arrived, by ours.
    pub now: UnixMillis,
    /// What the edge knows of the request.
    pub edge: EdgeFacts,
}

impl Arrival<'_> {
    /// When something happened by our clock that happened at `at` by the visitor's. Both clocks speak the truth about
    /// durations, so what happened `d` before sending happened `d` before arrival.
    pub(crate) fn corrected(&self, at: UnixMillis) -> UnixMillis {
        // Nothing is older than its page may be: a clock that was set right in between must not put an event into 1970.
        let age_ms = self.sent_at.saturating_sub(at).min(OLDEST_MS);
        self.now.saturating_sub(age_ms)
    }

    /// The id under which an item of this batch is stored. `None` for a seq without a producer, which no rule lets
    /// through.
    fn item_id(&self, key: &ItemKey) -> Option<String> {
        match (key, &self.producer) {
            (ItemKey::Message(id), _) => Some(id.item_id(&self.project)),
            (ItemKey::Seq(seq), Some(producer)) => Some(item_id(producer, *seq)),
            (ItemKey::Seq(_), None) => None,
        }
    }
}

/// The greatest age of an item.
const OLDEST_MS: UnixMillis = limits::PRODUCER_AGE_MINUTES as UnixMillis * 60_000;

/// The item as the log keeps it, with the visitor's own time beside the corrected one.
pub(super) fn item(item: Item, context: &Context, flags: Vec<String>, arrival: &Arrival<'_>) -> StoredItem {
    let mut context = context.clone();
    if item.url.is_some() {
        context.url = item.url;
    }
    let mut edge = arrival.edge.clone();
    edge.flags.extend(flags);
    StoredItem {
        id: arrival.item_id(&item.key).expect("the rule `identity` was kept"),
        project: arrival.project.clone(),
        at: arrival.corrected(item.at),
        client_at: item.at,
        received_at: arrival.now,
        context,
        edge,
        body: item.body,
    }
}

//! What a visit tells of itself: where it came from, and whether a person made it. Pure tables and rules; what they
//! find is noted beside the item and never dropped silently.

mod agents;
mod sources;

pub use agents::{NetworkSigns, flags};
pub use sources::{Came, came};

use crate::item::{Context, EdgeFacts};

/// Notes source, medium and campaign of a visit, and takes them out of the context. To be called before the addresses
/// lose their queries.
pub fn visit(edge: &mut EdgeFacts, context: &mut Context) {
    let Came {
        source,
        medium,
        campaign,
    } = came(context);
    context.utm = None;
    edge.source = source;
    edge.medium = medium;
    edge.campaign = campaign;
}

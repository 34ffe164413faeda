//! The pipeline that every item goes through, read top to bottom. Each item is judged alone: one bad item never
//! poisons a batch.

mod bounds;
mod decode;
mod enrich;
mod schema;

pub use bounds::email_is_plausible;
pub use enrich::Arrival;
pub use schema::{EventSchema, EventSchemas, PropSchema, PropType, SchemaMode};

use crate::item::{Context, Item, StoredItem};
use crate::redact;
use crate::rejection::{Rejection, RejectionCode};
use crate::wire::RawBatch;

/// An item after judging.
#[derive(Clone, Debug, PartialEq)]
pub enum JudgedItem {
    /// It may be stored.
    Valid {
        /// Its number within its producer.
        seq: u64,
        /// As the log is to keep it.
        item: Box<StoredItem>,
    },
    /// It is refused.
    Refused {
        /// Its number, where that could be read.
        seq: Option<u64>,
        /// Why.
        rejection: Rejection,
    },
}

/// Judges every item of a batch, in the batch's order.
pub fn batch(raw: &RawBatch<'_>, arrival: &Arrival) -> Vec<JudgedItem> {
    let context = redact::context(raw.context.clone().unwrap_or_default());
    raw.items
        .iter()
        .map(|raw_item| match decode::item(raw_item.get()) {
            Ok(decoded) => item(decoded, &context, arrival),
            Err((seq, rejection)) => JudgedItem::Refused { seq, rejection },
        })
        .collect()
}

/// Judges one decoded item: limits, redaction, enrichment.
pub fn item(item: Item, context: &Context, arrival: &Arrival) -> JudgedItem {
    let seq = item.seq;
    match stored(item, context, arrival) {
        Ok(item) => JudgedItem::Valid {
            seq,
            item: Box::new(item),
        },
        Err(rejection) => JudgedItem::Refused {
            seq: Some(seq),
            rejection,
        },
    }
}

fn stored(item: Item, context: &Context, arrival: &Arrival) -> Result<StoredItem, Rejection> {
    bounds::check(&item)?;
    bounds::check_context(context)?;
    if arrival.producer.is_too_old(arrival.now) {
        return Err(Rejection::item(
            RejectionCode::TooOld,
            "The page that made this item was loaded over 29 days ago",
        ));
    }
    let item = redact::item(item);
    Ok(enrich::item(item, context, arrival))
}

#[cfg(test)]
mod tests;

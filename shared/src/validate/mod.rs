//! The pipeline that every item goes through, read top to bottom. Each item is judged alone: one bad item never
//! poisons a batch.

mod decode;
mod enrich;
mod explain;
mod legible;
mod rules;
mod schema;

pub use enrich::Arrival;
pub use legible::text as legible_text;
pub use rules::email_is_plausible;
pub(crate) use rules::is_bidi_control;
pub use schema::{EventSchema, EventSchemas, PropSchema, PropType, SchemaMode};

use crate::item::{Context, Item, ItemKey, StoredItem};
use crate::producer::Producer;
use crate::redact::Redactor;
use crate::rejection::Rejection;
use crate::scan::{Batch, Lines, ScannedItem};
use crate::wire::RawBatch;

/// An item after judging.
#[derive(Clone, Debug, PartialEq)]
pub enum JudgedItem {
    /// It may be stored.
    Valid {
        /// By what its sender tells it apart.
        key: ItemKey,
        /// As the log is to keep it.
        item: Box<StoredItem>,
    },
    /// It is refused.
    Refused {
        /// By what its sender tells it apart, where that could be read.
        key: Option<ItemKey>,
        /// Why.
        rejection: Rejection,
    },
}

/// Judges every item of a batch, in the batch's order.
pub fn batch(raw: &RawBatch<'_>, arrival: &Arrival<'_>) -> Vec<JudgedItem> {
    let context = raw.context.clone().unwrap_or_default();
    let judge = Judge::new(context, arrival);
    raw.items.iter().map(|item| judge.json(item.get())).collect()
}

/// An item of a scanned batch after judging.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// It is an event that may be stored, written already.
    Written {
        /// Its number within its producer.
        seq: u64,
        /// As the log is to keep it: a `StoredItem` as JSON.
        line: String,
    },
    /// It was judged as an item.
    Item(JudgedItem),
}

/// Judges every item of a scanned batch: what is plain is written as the log keeps it, the rest goes the way of
/// [`batch`]. The outcome is the same.
pub fn scanned(batch: &Batch<'_>, arrival: &Arrival<'_>) -> Vec<Judged> {
    let judge = Judge::new(batch.context.clone().unwrap_or_default(), arrival);
    let lines = judge
        .context
        .as_ref()
        .ok()
        .and_then(|context| Lines::new(context, arrival));
    let judged = batch.items.iter().map(|item| match item {
        ScannedItem::Raw(json) => Judged::Item(judge.json(json)),
        ScannedItem::Plain(event) => {
            let line = lines.as_ref().and_then(|lines| lines.line(event, &batch.props));
            line.map_or_else(
                || Judged::Item(judge.json(event.raw)),
                |line| Judged::Written { seq: event.seq, line },
            )
        }
    });
    judged.collect()
}

/// Holds the items of a batch to their limits, without changing or keeping any: each item's key, or why it is refused.
pub fn within_limits<'a>(
    batch: &'a Batch<'_>,
    producer: Option<&'a Producer>,
) -> impl Iterator<Item = Result<ItemKey, (Option<ItemKey>, Rejection)>> + 'a {
    batch.items.iter().map(move |item| {
        let json = match item {
            ScannedItem::Plain(event) if producer.is_some() => return Ok(ItemKey::Seq(event.seq)),
            ScannedItem::Plain(event) => event.raw,
            ScannedItem::Raw(json) => json,
        };
        let item = decode::item(json)?;
        match rules::item(&item, producer) {
            Ok(()) => Ok(item.key),
            Err(rejection) => Err((Some(item.key), rejection)),
        }
    })
}

/// Judges one item that did not come as JSON.
pub fn item(item: Item, context: Context, arrival: &Arrival<'_>) -> JudgedItem {
    Judge::new(context, arrival).item(item)
}

/// Judges the items of one batch: what is the same for all of them is looked at once.
#[derive(Debug)]
pub struct Judge<'a> {
    arrival: &'a Arrival<'a>,
    redactor: Redactor<'a>,
    /// The context without secrets, or why no item of the batch can be stored.
    context: Result<Context, Rejection>,
}

impl<'a> Judge<'a> {
    /// Looks at what the items share.
    pub fn new(context: Context, arrival: &'a Arrival<'a>) -> Self {
        let redactor = Redactor::of(arrival.settings);
        let judged =
            rules::context(&context).and_then(|()| rules::age(arrival.producer.as_ref(), arrival.now));
        Self {
            arrival,
            context: judged.map(|()| redactor.context(context)),
            redactor,
        }
    }

    /// Judges an item as it stands in the request.
    pub fn json(&self, json: &str) -> JudgedItem {
        match decode::item(json) {
            Ok(item) => self.item(item),
            Err((key, rejection)) => JudgedItem::Refused { key, rejection },
        }
    }

    /// Judges a decoded item.
    pub fn item(&self, item: Item) -> JudgedItem {
        let key = item.key.clone();
        match self.stored(item) {
            Ok(item) => JudgedItem::Valid {
                key,
                item: Box::new(item),
            },
            Err(rejection) => JudgedItem::Refused {
                key: Some(key),
                rejection,
            },
        }
    }

    fn stored(&self, item: Item) -> Result<StoredItem, Rejection> {
        rules::item(&item, self.arrival.producer.as_ref())?;
        rules::message_time(&item, self.arrival.now)?;
        let context = self.context.as_ref().map_err(Clone::clone)?;
        let flags = schema::check(&item, &self.arrival.settings.schemas)?;
        let item = legible::item(item);
        let item = self.redactor.item(item);
        Ok(enrich::item(item, context, flags, self.arrival))
    }
}

#[cfg(test)]
mod tests;

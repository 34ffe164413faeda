//! The pages that send: which items each has, in which batches they go, and what each item says. Everything about an
//! item follows from its page and seq, so the checker knows what should be in the log without being told.

use hearback_shared::producer::Producer;
use serde_json::{Value, json};
use xtask::seed::rng::Rng;

/// Names of events, few enough that each is counted under its own.
const NAMES: [&str; 8] = [
    "page_view",
    "signup",
    "search",
    "add_to_cart",
    "checkout",
    "scroll",
    "play",
    "share",
];
/// Items of one page.
const ITEMS: (u64, u64) = (20, 400);
/// Items of one batch.
const BATCH: (u64, u64) = (1, 40);
/// How many in a hundred batches trade places with the next, or begin with what the one before had.
const OUT_OF_ORDER: u64 = 10;
const OVERLAPPING: u64 = 10;
/// One item in so many is feedback, and one is such that the edge has to refuse it.
const FEEDBACK_EACH: u64 = 50;
const WRONG_EACH: u64 = 97;

/// The item that the sink refuses for good, on each page that has so many.
const POISON: u64 = 333;

/// A loaded page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its name on the wire.
    pub producer: Producer,
    /// Its batches, in the order in which they are sent.
    pub batches: Vec<Vec<u64>>,
}

/// What an item is, by its seq.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An event with this name.
    Event(&'static str),
    /// Feedback.
    Feedback,
    /// An event without a name.
    Wrong,
}

/// What item `seq` of any page is.
pub fn kind(seq: u64) -> Kind {
    if seq.is_multiple_of(WRONG_EACH) {
        Kind::Wrong
    } else if seq.is_multiple_of(FEEDBACK_EACH) {
        Kind::Feedback
    } else {
        let names = NAMES.len() as u64;
        Kind::Event(NAMES[usize::try_from(seq % names).expect("it is an index")])
    }
}

/// Whether the sink refuses the item with this id for good, until it is mended.
pub fn is_poison(id: &str) -> bool {
    id.rsplit('-').next().and_then(|seq| seq.parse().ok()) == Some(POISON)
}

/// The item as the page sends it.
pub fn item(seq: u64, at: u64) -> Value {
    match kind(seq) {
        Kind::Event(name) => {
            json!({"seq": seq, "at": at, "type": "event", "name": name, "props": {"n": seq}})
        }
        Kind::Feedback => {
            json!({"seq": seq, "at": at, "type": "feedback", "kind": "idea", "text": format!("Number {seq} please")})
        }
        Kind::Wrong => json!({"seq": seq, "at": at, "type": "event"}),
    }
}

/// Plans pages until they have `events` items in all.
pub fn plan(seed: u64, events: u64, now: u64) -> Vec<Page> {
    let mut rng = Rng::new(seed);
    let (mut pages, mut left) = (Vec::new(), events);
    while left > 0 {
        let items = rng.between(ITEMS.0, ITEMS.1).min(left);
        left -= items;
        let producer = Producer::new(now, rng.bytes());
        let batches = batches(&mut rng, items);
        pages.push(Page { producer, batches });
    }
    pages
}

fn batches(rng: &mut Rng, items: u64) -> Vec<Vec<u64>> {
    let (mut batches, mut next) = (Vec::new(), 1);
    while next <= items {
        let last = (next + rng.between(BATCH.0, BATCH.1) - 1).min(items);
        let first = if rng.percent(OVERLAPPING) {
            next.saturating_sub(rng.between(1, 10)).max(1)
        } else {
            next
        };
        batches.push((first..=last).collect());
        next = last + 1;
    }
    for at in 1..batches.len() {
        if rng.percent(OUT_OF_ORDER) {
            batches.swap(at - 1, at);
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_plan_has_as_many_items_as_it_was_asked_for_and_leaves_none_out() {
        let mut items = 0;
        for page in plan(7, 5_000, 1_795_000_000_000) {
            let seqs: BTreeSet<u64> = page.batches.into_iter().flatten().collect();
            let count = seqs.len() as u64;
            assert_eq!(seqs, (1..=count).collect());
            items += count;
        }
        assert_eq!(items, 5_000);
    }

    #[test]
    fn the_same_seed_plans_the_same() {
        let batches = |seed| {
            plan(seed, 500, 0)
                .into_iter()
                .map(|page| page.batches)
                .collect::<Vec<_>>()
        };
        assert_eq!(batches(1), batches(1));
        assert_ne!(batches(1), batches(2));
    }
}

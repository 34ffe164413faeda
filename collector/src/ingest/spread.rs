//! Which shards a batch goes to, and what their answers make of it. A page's batch has one shard; items with ids of
//! their own have one each, so that whichever edge takes a repeat, it comes to where the first was stored.

use litemap::LiteMap;

use crate::objects::append::{Append, AppendAnswer, AppendItem, Outcome};
use crate::objects::placement::shard_of_message;

/// How often a part of a batch follows its items to other shards: a count of 64 was doubled six times.
const MOVES: usize = 6;

/// What one shard is asked of a batch.
#[derive(Debug)]
pub struct Part {
    /// Which shard.
    pub shard: u32,
    /// What it is asked.
    pub append: Append,
    /// Where its valid items stand among those of the batch, in order.
    places: Vec<usize>,
}

/// A batch on its way.
#[derive(Debug)]
pub struct Spread {
    /// Parts that are still to be asked for.
    waiting: Vec<Part>,
    rounds: usize,
    gathered: Gathered,
    is_answered: bool,
}

/// What became of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Of each valid item in order; none where its shard did not do its part.
    pub outcomes: Vec<Option<Outcome>>,
    /// What is to be counted apart, by reason: it is in no shard's ledger.
    pub apart: LiteMap<String, u64>,
    /// Where shards only said that the quota is used up: seconds until it is not.
    pub full_s: Option<u64>,
}

impl Spread {
    /// A batch on its way to `count` shards.
    pub fn of(append: Append, count: u32) -> Self {
        let valid = append.items.iter().filter(|item| item.is_valid()).count();
        Self {
            waiting: parts(append, (0..valid).collect(), count),
            rounds: 0,
            gathered: Gathered {
                outcomes: vec![None; valid],
                ..Gathered::default()
            },
            is_answered: false,
        }
    }

    /// The parts to ask for now, all at once; none when all were answered, or moved on too often.
    pub fn next_parts(&mut self) -> Vec<Part> {
        let parts = std::mem::take(&mut self.waiting);
        self.rounds += 1;
        if self.rounds <= 1 + MOVES {
            return parts;
        }
        for part in parts {
            self.give_up(&part, "retry");
        }
        Vec::new()
    }

    /// Takes in what a shard answered; none where it did not.
    pub fn heard(&mut self, part: Part, answer: Option<AppendAnswer>) {
        match answer {
            Some(AppendAnswer::Done(outcomes)) if outcomes.len() == part.places.len() => {
                self.is_answered = true;
                for (place, outcome) in part.places.into_iter().zip(outcomes) {
                    self.gathered.outcomes[place] = Some(outcome);
                }
            }
            Some(AppendAnswer::Moved(count)) => {
                self.waiting.extend(parts(part.append, part.places, count));
            }
            Some(AppendAnswer::Full(wait_s)) => {
                let longest = self.gathered.full_s.unwrap_or(0).max(wait_s);
                self.gathered.full_s = Some(longest);
                self.give_up(&part, "quota");
            }
            Some(AppendAnswer::Done(_)) | None => self.give_up(&part, "retry"),
        }
    }

    /// What became of the batch. Where one shard took its part, the items of a full one are only to be sent again.
    pub fn finish(self) -> Gathered {
        let full_s = self.gathered.full_s.filter(|_| !self.is_answered);
        Gathered {
            full_s,
            ..self.gathered
        }
    }

    /// What the part would have told the ledger is told with a later batch.
    fn give_up(&mut self, part: &Part, reason: &str) {
        let mut note = |reason: &str, count| {
            *self.gathered.apart.entry(reason.to_owned()).or_default() += count;
        };
        note(reason, part.append.received);
        for (reason, count) in &part.append.apart {
            note(reason, *count);
        }
    }
}

/// The parts of a batch under this count of shards, one for each shard that any of it belongs to.
fn parts(append: Append, places: Vec<usize>, count: u32) -> Vec<Part> {
    if let Some(producer) = append.producer {
        let shard = producer.shard(count);
        return vec![Part {
            shard,
            append,
            places,
        }];
    }
    let (quota, apart) = (append.quota, append.apart);
    let mut places = places.into_iter();
    let mut by_shard: LiteMap<u32, (Vec<AppendItem>, Vec<usize>)> = LiteMap::new();
    let mut homeless = Vec::new();
    for item in append.items {
        let place = if item.is_valid() { places.next() } else { None };
        match &item {
            AppendItem::Message { id, .. } => {
                let (items, own) = by_shard.entry(shard_of_message(id, count)).or_default();
                items.push(item);
                own.extend(place);
            }
            AppendItem::Store { .. } | AppendItem::Refused { .. } => homeless.push((item, place)),
        }
    }
    // What was refused belongs nowhere and is counted once: by the first shard that is asked anyhow.
    if !homeless.is_empty() {
        let first = by_shard.keys().next().copied().unwrap_or(0);
        let (items, own) = by_shard.entry(first).or_default();
        for (item, place) in homeless {
            items.push(item);
            own.extend(place);
        }
    }
    let mut apart = Some(apart);
    by_shard
        .into_iter()
        .map(|(shard, (items, places))| Part {
            shard,
            append: Append {
                producer: None,
                received: items.len() as u64,
                apart: apart.take().unwrap_or_default(),
                quota,
                items,
            },
            places,
        })
        .collect()
}

#[cfg(test)]
mod tests;

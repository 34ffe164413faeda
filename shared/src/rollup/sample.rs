//! When visitors first did what, for funnels: of all visitors, or of those with the smallest hashes.
//!
//! Bottom-k sampling by hash (Cohen, Kaplan, "Summarizing data using bottom-k sketches", PODC 2007): a visitor is kept
//! while fewer than the bound have a smaller hash. Every shard then keeps the *same* visitors, so their steps join,
//! and the value is a function of what was added, in whatever order.

use std::collections::BTreeMap;

use super::hash;
use crate::UnixMillis;
use crate::codec::{Malformed, Reader, Writer};
use crate::limits::VISITOR_NAMES;

/// Visitors and the first time they did each thing.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Event names; visitors refer to them by place.
    names: Vec<String>,
    /// By the visitor's hash: place of the name, time.
    visitors: BTreeMap<u64, Vec<(u32, UnixMillis)>>,
    /// Visitors with this hash or a larger one are not kept; `None` keeps all.
    below: Option<u64>,
    bound: usize,
}

/// The hash of a visitor on a day: days have different hashes, so that several can be sampled together.
pub fn visitor_hash(visitor: &str, day: UnixMillis) -> u64 {
    hash::mix(hash::of(visitor) ^ hash::mix(day))
}

impl Sample {
    /// An empty one that keeps at most `bound` visitors.
    pub fn new(bound: usize) -> Self {
        Self {
            names: Vec::new(),
            visitors: BTreeMap::new(),
            below: None,
            bound,
        }
    }

    fn place(&mut self, name: &str) -> u32 {
        let place = self.names.iter().position(|known| known == name);
        let place = place.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Notes that a visitor did something. Call [`Self::trim`] after a number of these.
    pub fn add(&mut self, hash: u64, name: &str, at: UnixMillis) {
        if self.below.is_some_and(|below| hash >= below) {
            return;
        }
        let place = self.place(name);
        note(self.visitors.entry(hash).or_default(), place, at);
    }

    /// Adds all that was added to the other.
    pub fn merge(&mut self, other: &Self) {
        self.below = match (self.below, other.below) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        let places: Vec<u32> = other.names.iter().map(|name| self.place(name)).collect();
        for (hash, firsts) in &other.visitors {
            if self.below.is_some_and(|below| *hash >= below) {
                break;
            }
            let mine = self.visitors.entry(*hash).or_default();
            for (place, at) in firsts {
                note(mine, places[*place as usize], *at);
            }
        }
        self.trim();
    }

    /// Keeps the visitors with the smallest hashes, and of each the first few things they did.
    pub fn trim(&mut self) {
        if let Some(below) = self.below {
            drop(self.visitors.split_off(&below));
        }
        if let Some(below) = self.visitors.keys().nth(self.bound).copied() {
            drop(self.visitors.split_off(&below));
            self.below = Some(below);
        }
        let names = &self.names;
        for firsts in self.visitors.values_mut() {
            if firsts.len() > VISITOR_NAMES {
                firsts.sort_by(|a, b| (a.1, &names[a.0 as usize]).cmp(&(b.1, &names[b.0 as usize])));
                firsts.truncate(VISITOR_NAMES);
            }
        }
    }

    /// Only what these names are about, for an answer on its way to the edge.
    #[must_use]
    pub fn only(&self, names: &[String], bound: usize) -> Self {
        let mut only = Self {
            names: names.to_vec(),
            below: self.below,
            ..Self::new(bound)
        };
        let places: Vec<Option<usize>> = self
            .names
            .iter()
            .map(|name| names.iter().position(|wanted| wanted == name))
            .collect();
        for (hash, firsts) in &self.visitors {
            let mut wanted = firsts
                .iter()
                .filter_map(|(place, at)| Some((u32::try_from(places[*place as usize]?).ok()?, *at)))
                .peekable();
            if wanted.peek().is_some() {
                only.visitors.insert(*hash, wanted.collect());
            }
        }
        only.trim();
        only
    }

    /// Whether all visitors are kept.
    pub fn is_exact(&self) -> bool {
        self.below.is_none()
    }

    /// How many visitors are kept.
    pub fn len(&self) -> usize {
        self.visitors.len()
    }

    /// Whether no visitor is kept.
    pub fn is_empty(&self) -> bool {
        self.visitors.is_empty()
    }

    /// Visitors with this hash or a larger one are not kept.
    pub(crate) fn below(&self) -> Option<u64> {
        self.below
    }

    /// The part of all visitors that is kept, from 0 (exclusive) to 1.
    #[allow(clippy::cast_precision_loss, reason = "a ratio of 64-bit hashes")]
    pub fn share(&self) -> f64 {
        self.below.map_or(1.0, |below| below as f64 / 2_f64.powi(64))
    }

    /// When each visitor that is kept first did each of `names`.
    pub fn firsts<'a>(&'a self, names: &'a [String]) -> impl Iterator<Item = Vec<Option<UnixMillis>>> + 'a {
        let places: Vec<Option<usize>> = names
            .iter()
            .map(|name| self.names.iter().position(|known| known == name))
            .collect();
        self.visitors.values().map(move |firsts| {
            let of = |place: &Option<usize>| {
                let place = (*place)?;
                firsts
                    .iter()
                    .find(|(known, _)| *known as usize == place)
                    .map(|(_, at)| *at)
            };
            places.iter().map(of).collect()
        })
    }

    /// Forgets a visitor, for erasure; whether there was one.
    pub fn forget(&mut self, hash: u64) -> bool {
        self.visitors.remove(&hash).is_some()
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.length(self.bound);
        writer.0.push(u8::from(self.below.is_some()));
        writer.fixed(self.below.unwrap_or(0));
        writer.length(self.names.len());
        self.names.iter().for_each(|name| writer.text(name));
        let start = self
            .visitors
            .values()
            .flatten()
            .map(|(_, at)| *at)
            .min()
            .unwrap_or(0);
        writer.number(start);
        writer.length(self.visitors.len());
        for (hash, firsts) in &self.visitors {
            writer.fixed(*hash);
            writer.length(firsts.len());
            for (place, at) in firsts {
                writer.number(u64::from(*place));
                writer.number(at - start);
            }
        }
    }

    /// Reads the visitors with hashes below a bound, or all: they are in order, so the rest is not looked at.
    pub(super) fn read(reader: &mut Reader<'_>, bound_below: Option<u64>) -> Result<Self, Malformed> {
        let bound = usize::try_from(reader.number()?).map_err(|_| Malformed)?;
        let mut is_cut = reader.byte()? == 1;
        let mut below = reader.fixed()?;
        let names = (0..reader.length()?)
            .map(|_| Ok(reader.text()?.to_owned()))
            .collect::<Result<Vec<_>, Malformed>>()?;
        let start = reader.number()?;
        let mut visitors = BTreeMap::new();
        for _ in 0..reader.length()? {
            let hash = reader.fixed()?;
            if bound_below.is_some_and(|below| hash >= below) {
                (is_cut, below) = (true, bound_below.unwrap_or(below));
                reader.0 = &[];
                break;
            }
            let mut firsts = Vec::new();
            for _ in 0..reader.length()? {
                let place = u32::try_from(reader.number()?).map_err(|_| Malformed)?;
                if place as usize >= names.len() {
                    return Err(Malformed);
                }
                let at = start.checked_add(reader.number()?).ok_or(Malformed)?;
                firsts.push((place, at));
            }
            visitors.insert(hash, firsts);
        }
        Ok(Self {
            names,
            visitors,
            below: is_cut.then_some(below),
            bound,
        })
    }
}

/// Keeps the earlier time.
fn note(firsts: &mut Vec<(u32, UnixMillis)>, place: u32, at: UnixMillis) {
    match firsts.iter_mut().find(|(known, _)| *known == place) {
        Some((_, first)) => *first = at.min(*first),
        None => firsts.push((place, at)),
    }
}

/// Equal where they say the same, in whatever order names were met.
impl PartialEq for Sample {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |sample: &Self| {
            let by_name = |firsts: &Vec<(u32, UnixMillis)>| {
                let name = |place: u32| sample.names[place as usize].clone();
                firsts
                    .iter()
                    .map(|(place, at)| (name(*place), *at))
                    .collect::<BTreeMap<_, _>>()
            };
            sample
                .visitors
                .iter()
                .map(|(hash, firsts)| (*hash, by_name(firsts)))
                .collect::<Vec<_>>()
        };
        (self.below, self.bound) == (other.below, other.bound) && sorted(self) == sorted(other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Notes = Vec<(u64, u8, UnixMillis)>;

    fn of(notes: &Notes) -> Sample {
        let mut sample = Sample::new(12);
        for (visitor, name, at) in notes {
            sample.add(hash::mix(*visitor), &format!("n{name}"), *at);
        }
        sample.trim();
        sample
    }

    fn notes() -> impl Strategy<Value = Notes> {
        proptest::collection::vec((0_u64..30, 0_u8..40, 0_u64..1_000), 0..60)
    }

    fn merged(mut a: Sample, b: &Sample) -> Sample {
        a.merge(b);
        a
    }

    proptest! {
        #[test]
        fn merging_is_a_law_on_what_is_kept(a in notes(), b in notes(), c in notes()) {
            let (x, y, z) = (of(&a), of(&b), of(&c));
            prop_assert_eq!(merged(x.clone(), &y), merged(y.clone(), &x));
            prop_assert_eq!(merged(merged(x.clone(), &y), &z), merged(x.clone(), &merged(y.clone(), &z)));
            prop_assert_eq!(merged(x.clone(), &Sample::new(12)), x.clone());
            prop_assert_eq!(merged(x.clone(), &x), x.clone());
            let all: Notes = a.into_iter().chain(b).collect();
            prop_assert_eq!(merged(x, &y), of(&all));
        }

        #[test]
        fn it_survives_its_bytes(notes in notes()) {
            let sample = of(&notes);
            let mut writer = Writer::default();
            sample.write(&mut writer);
            prop_assert_eq!(Sample::read(&mut Reader(&writer.0), None), Ok(sample.clone()));
            // What is not read is what merging with a smaller sample would have taken out.
            let below = u64::MAX / 3;
            let part = Sample::read(&mut Reader(&writer.0), Some(below)).expect("a part");
            let small = Sample { below: Some(below), ..Sample::new(12) };
            prop_assert_eq!(merged(part, &small), merged(sample, &small));
        }
    }

    #[test]
    fn one_day_s_visitor_is_another_on_the_next() {
        assert_ne!(visitor_hash("a", 0), visitor_hash("a", 86_400_000));
        let mut sample = Sample::new(12);
        sample.add(7, "a", 1);
        assert!(sample.forget(7) && !sample.forget(7) && sample.is_empty());
    }
}

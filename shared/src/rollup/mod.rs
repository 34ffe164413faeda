//! What is known of the events of one name in one hour or day, small enough to answer from.
//!
//! A [`Rollup`] is a value that merges: rollups of parts of the events, in whatever order, merge to the rollup of all
//! of them. So a shard adds what is new to what it keeps, days are the sums of hours, and the edge merges the shards.

mod breakdown;
mod distinct;
mod hash;
mod quantiles;
mod sample;

use litemap::LiteMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use breakdown::Breakdown;
pub use distinct::{Distinct, Values, Visitors};
pub use quantiles::{Quantiles, RELATIVE_ERROR};
pub use sample::{Sample, visitor_hash};

pub use crate::codec::Malformed;
use crate::codec::{Reader, Writer};
use crate::limits;

/// The name under which events beyond [`limits::NAMES_PER_DAY`] names are counted.
pub const OTHER: &str = "";

/// The dimension that tells apart what is counted under [`OTHER`].
pub const NAME: &str = "name";

/// Dimensions that every event is broken down by; chosen properties are `props.<name>` beside them.
pub const DIMENSIONS: [&str; 8] = [
    "path", "source", "country", "device", "browser", "os", "release", "env",
];

/// Numeric properties whose percentiles are kept in every project, on whatever event they come: the web vitals.
pub const WEB_VITALS: [&str; 5] = ["LCP", "INP", "CLS", "FCP", "TTFB"];

/// The first byte of stored bytes. Another layout, or another hash, is another version.
const VERSION: u8 = 1;

/// What is known of some events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rollup {
    /// Events, without those of bots.
    pub count: u64,
    /// Events of bots; they are in nothing else.
    pub bots: u64,
    /// Who sent them, where that is known.
    pub visitors: Visitors,
    /// Counts by value, by dimension.
    pub breakdowns: LiteMap<String, Breakdown>,
    /// Percentiles of numeric properties, by property.
    pub quantiles: LiteMap<String, Quantiles>,
}

impl Rollup {
    /// Adds all that was added to the other.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.bots += other.bots;
        self.visitors.merge(&other.visitors);
        for (dimension, theirs) in &other.breakdowns {
            match self.breakdowns.get_mut(dimension) {
                Some(mine) => mine.merge(theirs),
                None => drop(self.breakdowns.insert(dimension.clone(), theirs.clone())),
            }
        }
        for (property, theirs) in &other.quantiles {
            match self.quantiles.get_mut(property) {
                Some(mine) => mine.merge(theirs),
                None => drop(self.quantiles.insert(property.clone(), theirs.clone())),
            }
        }
    }

    /// Counts one event's value of a dimension, shortened to what is kept. Call [`Self::trim`] after a number of these.
    pub fn count_value(&mut self, dimension: &str, value: &str) {
        let value = &value[..value.floor_char_boundary(limits::BREAKDOWN_VALUE_BYTES)];
        match self.breakdowns.get_mut(dimension) {
            Some(breakdown) => breakdown.add(value, 1),
            None => self
                .breakdowns
                .entry(dimension.to_owned())
                .or_default()
                .add(value, 1),
        }
    }

    /// Adds a number of a property.
    pub fn add_number(&mut self, property: &str, value: f64) {
        match self.quantiles.get_mut(property) {
            Some(quantiles) => quantiles.add(value),
            None => self.quantiles.entry(property.to_owned()).or_default().add(value),
        }
    }

    /// Holds every breakdown to its bound.
    pub fn trim(&mut self) {
        for (_, breakdown) in self.breakdowns.iter_mut() {
            breakdown.trim();
        }
    }

    /// The same events under [`OTHER`], where their name is a value.
    #[must_use]
    pub fn as_other(mut self, name: &str) -> Self {
        let mut names = Breakdown::default();
        names.add(name, self.count + self.bots);
        self.breakdowns.insert(NAME.to_owned(), names);
        self
    }

    /// As storage keeps it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(vec![VERSION]);
        writer.number(self.count);
        writer.number(self.bots);
        self.visitors.write(&mut writer);
        writer.length(self.breakdowns.len());
        for (dimension, breakdown) in &self.breakdowns {
            writer.text(dimension);
            breakdown.write(&mut writer);
        }
        writer.length(self.quantiles.len());
        for (property, quantiles) in &self.quantiles {
            writer.text(property);
            quantiles.write(&mut writer);
        }
        writer.0
    }

    /// What [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::from_bytes_of(bytes, Wanted::All)
    }

    /// The counts and one part; the others are stepped over, which takes a small part of the time.
    pub fn from_bytes_of(bytes: &[u8], wanted: Wanted<'_>) -> Result<Self, Malformed> {
        let mut reader = Reader(bytes);
        version(&mut reader)?;
        let mut rollup = Self {
            count: reader.number()?,
            bots: reader.number()?,
            ..Self::default()
        };
        if matches!(wanted, Wanted::All | Wanted::Visitors) {
            rollup.visitors = Visitors::read(&mut reader)?;
        } else {
            Visitors::skip(&mut reader)?;
        }
        for _ in 0..reader.length()? {
            let dimension = reader.text()?;
            if matches!(wanted, Wanted::All) || matches!(wanted, Wanted::Breakdown(by) if by == dimension) {
                let breakdown = Breakdown::read(&mut reader)?;
                rollup.breakdowns.insert(dimension.to_owned(), breakdown);
            } else {
                Breakdown::skip(&mut reader)?;
            }
        }
        for _ in 0..reader.length()? {
            let property = reader.text()?;
            if matches!(wanted, Wanted::All) || matches!(wanted, Wanted::Quantiles(of) if of == property) {
                let quantiles = Quantiles::read(&mut reader)?;
                rollup.quantiles.insert(property.to_owned(), quantiles);
            } else {
                Quantiles::skip(&mut reader)?;
            }
        }
        reader.end()?;
        Ok(rollup)
    }
}

/// A part of a rollup that a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Everything.
    All,
    /// The values of this dimension.
    Breakdown(&'a str),
    /// The percentiles of this property.
    Quantiles(&'a str),
    /// The visitors.
    Visitors,
}

impl Sample {
    /// As storage keeps it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer(vec![VERSION]);
        self.write(&mut writer);
        writer.0
    }

    /// What [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        Self::from_bytes_below(bytes, None)
    }

    /// The same, of visitors with hashes below a bound only.
    pub fn from_bytes_below(bytes: &[u8], below: Option<u64>) -> Result<Self, Malformed> {
        let mut reader = Reader(bytes);
        version(&mut reader)?;
        let sample = Self::read(&mut reader, below)?;
        reader.end()?;
        Ok(sample)
    }
}

fn version(reader: &mut Reader<'_>) -> Result<(), Malformed> {
    (reader.byte()? == VERSION).then_some(()).ok_or(Malformed)
}

/// Between shard and edge, bytes travel in JSON as base64.
fn of_base64<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(&[u8]) -> Result<T, Malformed>,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD_NO_PAD.decode(text).map_err(de::Error::custom)?;
    read(&bytes).map_err(de::Error::custom)
}

impl Serialize for Rollup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Rollup {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        of_base64(deserializer, Self::from_bytes)
    }
}

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        of_base64(deserializer, Self::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rollup() -> impl Strategy<Value = Rollup> {
        let event = (0_u32..50, "[a-e]", 0.0_f64..9_000.0, any::<bool>());
        proptest::collection::vec(event, 0..60).prop_map(|events| {
            let mut rollup = Rollup::default();
            for (visitor, path, number, is_bot) in events {
                if is_bot {
                    rollup.bots += 1;
                    continue;
                }
                rollup.count += 1;
                rollup.visitors.add(&visitor.to_string());
                rollup.count_value("path", &path);
                rollup.add_number("LCP", number);
            }
            rollup
        })
    }

    fn merged(mut a: Rollup, b: &Rollup) -> Rollup {
        a.merge(b);
        a
    }

    proptest! {
        #[test]
        fn merging_does_not_depend_on_order_or_grouping(a in rollup(), b in rollup(), c in rollup()) {
            prop_assert_eq!(merged(a.clone(), &b), merged(b.clone(), &a));
            prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a.clone(), &merged(b.clone(), &c)));
            prop_assert_eq!(merged(a.clone(), &Rollup::default()), a);
        }

        #[test]
        fn a_rollup_survives_its_bytes_and_its_way_to_the_edge(rollup in rollup()) {
            let bytes = rollup.to_bytes();
            prop_assert_eq!(Rollup::from_bytes(&bytes), Ok(rollup.clone()));
            let json = serde_json::to_string(&rollup).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Rollup>(&json).expect("a rollup"), rollup.clone());
            prop_assert_eq!(Rollup::from_bytes(&bytes[..bytes.len() - 1]), Err(Malformed));
            let part = |wanted| Rollup::from_bytes_of(&bytes, wanted).expect("a part");
            prop_assert_eq!(part(Wanted::Visitors).visitors, rollup.visitors);
            for (dimension, breakdown) in &rollup.breakdowns {
                let part = part(Wanted::Breakdown(dimension)).breakdowns;
                prop_assert_eq!(part.iter().collect::<Vec<_>>(), [(dimension, breakdown)]);
            }
            for (property, quantiles) in &rollup.quantiles {
                let part = part(Wanted::Quantiles(property)).quantiles;
                prop_assert_eq!(part.iter().collect::<Vec<_>>(), [(property, quantiles)]);
            }
        }

        #[test]
        fn no_bytes_make_it_fall(bytes: Vec<u8>) {
            drop(Rollup::from_bytes(&bytes));
            drop(Sample::from_bytes(&bytes));
        }
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let mut rollup = Rollup::default();
        rollup.count_value("path", &"ü".repeat(300));
        let (value, _) = rollup
            .breakdowns
            .get("path")
            .expect("a breakdown")
            .values()
            .next()
            .expect("a value");
        assert_eq!(value.len(), limits::BREAKDOWN_VALUE_BYTES);
    }

    #[test]
    fn what_falls_into_other_keeps_its_names() {
        let mut other = Rollup {
            count: 3,
            ..Rollup::default()
        }
        .as_other("a");
        other.merge(
            &Rollup {
                count: 4,
                ..Rollup::default()
            }
            .as_other("b"),
        );
        assert_eq!(other.count, 7);
        assert_eq!(
            other
                .breakdowns
                .get(NAME)
                .expect("names")
                .values()
                .collect::<Vec<_>>(),
            [("a", 3), ("b", 4)]
        );
    }
}

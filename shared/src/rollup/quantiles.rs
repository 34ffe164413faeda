//! Percentiles with a bound on their relative error, without keeping the values: `DDSketch`.
//!
//! Masson, Rim, Lee, "`DDSketch`: a fast and fully-mergeable quantile sketch with relative-error guarantees" (PVLDB
//! 12(12), 2019): values are counted in bins whose bounds grow by the factor γ = (1 + α) / (1 − α), so the middle of a
//! bin is within α of whatever fell into it. The crate `sketches-ddsketch` was not taken: it keeps dense arrays whose
//! layout depends on the order of arrival, and its bytes do not carry its own settings back.

use litemap::LiteMap;

use crate::codec::{Malformed, Reader, Writer};

/// The relative error of a percentile: half a percent, so the promised 1 % has room.
pub const RELATIVE_ERROR: f64 = 0.005;

/// Bins kept below the highest, of each sign. They span a factor of 10^17; what lies lower is counted in the lowest.
const BINS: i32 = 4_096;

/// What is nearer to 0 counts as 0.
const SMALLEST: f64 = 1e-9;

/// Numbers, as counts of bins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantiles {
    positive: Bins,
    negative: Bins,
    zeros: u64,
    /// Least and greatest, exact.
    range: Option<(f64, f64)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Bins(LiteMap<i32, u64>);

impl Bins {
    fn add(&mut self, bin: i32, count: u64) {
        *self.0.entry(bin).or_default() += count;
        self.fold();
    }

    /// Which bin is the lowest follows from the highest alone, so the order of merging does not matter.
    fn fold(&mut self) {
        let Some(lowest) = self.0.last().map(|(highest, _)| highest - BINS + 1) else {
            return;
        };
        if self.0.first().is_some_and(|(bin, _)| *bin >= lowest) {
            return;
        }
        let mut folded = 0;
        self.0.retain(|bin, count| {
            let is_kept = *bin >= lowest;
            folded += if is_kept { 0 } else { *count };
            is_kept
        });
        *self.0.entry(lowest).or_default() += folded;
    }

    fn count(&self) -> u64 {
        self.0.values().sum()
    }

    fn write(&self, writer: &mut Writer) {
        writer.length(self.0.len());
        let mut before = 0;
        for (bin, count) in &self.0 {
            writer.signed(bin - before);
            writer.number(*count);
            before = *bin;
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let (mut bins, mut bin) = (LiteMap::new(), 0_i32);
        for _ in 0..reader.length()? {
            bin = bin.checked_add(reader.signed()?).ok_or(Malformed)?;
            bins.insert(bin, reader.number()?);
        }
        Ok(Self(bins))
    }

    fn skip(reader: &mut Reader<'_>) -> Result<(), Malformed> {
        for _ in 0..reader.length()? {
            reader.number()?;
            reader.number()?;
        }
        Ok(())
    }
}

fn gamma() -> f64 {
    (1.0 + RELATIVE_ERROR) / (1.0 - RELATIVE_ERROR)
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "the logarithm of a finite number is below 710, so a bin's number is below 2^17"
)]
fn bin(magnitude: f64) -> i32 {
    (magnitude.ln() / gamma().ln()).ceil() as i32
}

/// The value that is equally far, relatively, from both bounds of a bin.
fn middle(bin: i32) -> f64 {
    (f64::from(bin) * gamma().ln()).exp() * 2.0 / (1.0 + gamma())
}

impl Quantiles {
    /// Adds a number. What is not finite cannot have come through JSON and is left out.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if value.abs() < SMALLEST {
            self.zeros += 1;
        } else if value > 0.0 {
            self.positive.add(bin(value), 1);
        } else {
            self.negative.add(bin(-value), 1);
        }
        self.widen((value, value));
    }

    fn widen(&mut self, (low, high): (f64, f64)) {
        let (least, greatest) = self.range.unwrap_or((low, high));
        self.range = Some((least.min(low), greatest.max(high)));
    }

    /// Adds all that was added to the other.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.positive, &other.positive),
            (&mut self.negative, &other.negative),
        ] {
            for (bin, count) in &theirs.0 {
                *mine.0.entry(*bin).or_default() += count;
            }
            mine.fold();
        }
        self.zeros += other.zeros;
        if let Some(range) = other.range {
            self.widen(range);
        }
    }

    /// How many numbers were added.
    pub fn count(&self) -> u64 {
        self.positive.count() + self.negative.count() + self.zeros
    }

    /// Least and greatest number, exact; `None` where there is none.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.range
    }

    /// The number at rank `floor(quantile × (count − 1))` of the sorted numbers, within [`RELATIVE_ERROR`].
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank of fewer than 2^53 numbers"
    )]
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let (least, greatest) = self.range?;
        let highest = self.count().checked_sub(1)?;
        let mut rank = (quantile.clamp(0.0, 1.0) * highest as f64) as u64;
        let negative = self.negative.0.iter().rev().map(|(bin, n)| (-middle(*bin), *n));
        let positive = self.positive.0.iter().map(|(bin, n)| (middle(*bin), *n));
        let zero = std::iter::once((0.0, self.zeros));
        for (value, count) in negative.chain(zero).chain(positive) {
            if rank < count {
                return Some(value.clamp(least, greatest));
            }
            rank -= count;
        }
        Some(greatest)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        let Some((least, greatest)) = self.range else {
            writer.0.push(0);
            return;
        };
        writer.0.push(1);
        writer.fixed(least.to_bits());
        writer.fixed(greatest.to_bits());
        writer.number(self.zeros);
        self.positive.write(writer);
        self.negative.write(writer);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        if reader.byte()? == 0 {
            return Ok(Self::default());
        }
        let range = (f64::from_bits(reader.fixed()?), f64::from_bits(reader.fixed()?));
        if !(range.0.is_finite() && range.1.is_finite() && range.0 <= range.1) {
            return Err(Malformed);
        }
        Ok(Self {
            range: Some(range),
            zeros: reader.number()?,
            positive: Bins::read(reader)?,
            negative: Bins::read(reader)?,
        })
    }

    /// Steps over what [`Self::read`] reads.
    pub(super) fn skip(reader: &mut Reader<'_>) -> Result<(), Malformed> {
        if reader.byte()? != 0 {
            reader.fixed()?;
            reader.fixed()?;
            reader.number()?;
            Bins::skip(reader)?;
            Bins::skip(reader)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[f64]) -> Quantiles {
        let mut sketch = Quantiles::default();
        for value in values {
            sketch.add(*value);
        }
        sketch
    }

    fn merged(mut a: Quantiles, b: &Quantiles) -> Quantiles {
        a.merge(b);
        a
    }

    fn values() -> impl Strategy<Value = Vec<f64>> {
        let value = prop_oneof![
            Just(0.0),
            0.001_f64..60_000.0,
            -500.0_f64..500.0,
            proptest::num::f64::NORMAL
        ];
        proptest::collection::vec(value, 0..60)
    }

    proptest! {
        #[test]
        fn merging_is_a_law_on_the_bins(a in values(), b in values(), c in values()) {
            let (x, y, z) = (of(&a), of(&b), of(&c));
            prop_assert_eq!(merged(x.clone(), &y), merged(y.clone(), &x));
            prop_assert_eq!(merged(merged(x.clone(), &y), &z), merged(x.clone(), &merged(y.clone(), &z)));
            prop_assert_eq!(merged(x.clone(), &Quantiles::default()), x.clone());
            let all: Vec<f64> = a.iter().chain(&b).copied().collect();
            prop_assert_eq!(merged(x, &y), of(&all));
        }

        #[test]
        fn a_percentile_is_within_its_error_of_the_sorted_values(
            mut values in proptest::collection::vec(prop_oneof![Just(0.0), 0.001_f64..60_000.0, -90.0_f64..-0.01], 1..300),
            quantile in 0.0_f64..=1.0,
        ) {
            let estimate = of(&values).quantile(quantile).expect("there are values");
            values.sort_by(f64::total_cmp);
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let exact = values[(quantile * (values.len() - 1) as f64) as usize];
            prop_assert!((estimate - exact).abs() <= exact.abs() * RELATIVE_ERROR * 1.000_001 + 1e-9, "{estimate} for {exact}");
        }

        #[test]
        fn it_survives_its_bytes(values in values()) {
            let sketch = of(&values);
            let mut writer = Writer::default();
            sketch.write(&mut writer);
            prop_assert_eq!(Quantiles::read(&mut Reader(&writer.0)), Ok(sketch));
        }
    }

    #[test]
    fn of_nothing_there_is_no_percentile() {
        assert_eq!(Quantiles::default().quantile(0.5), None);
        assert_eq!(of(&[f64::NAN, f64::INFINITY]).count(), 0);
    }
}

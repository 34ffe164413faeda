//! Chance that is the same on every machine and in every year.

/// `SplitMix64` (Steele, Lea, Flood 2014): small, and good enough to make visitors up.
pub struct Rng(u64);

impl Rng {
    /// The same seed gives the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one less than `end`. The bias of the remainder is far below what anybody could see here.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end.max(1)
    }

    /// A number from `from` to `to`, both included.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(from.len() as u64)).expect("it is an index");
        &from[at]
    }

    /// One of several, each as often as its weight says.
    pub fn weighted<'a, T>(&mut self, from: &'a [(u64, T)]) -> &'a T {
        let mut left = self.below(from.iter().map(|(weight, _)| weight).sum());
        for (weight, value) in from {
            if left < *weight {
                return value;
            }
            left -= weight;
        }
        &from[0].1
    }

    /// Twelve bytes.
    pub fn bytes(&mut self) -> [u8; 12] {
        let (first, second) = (self.number().to_be_bytes(), self.number().to_be_bytes());
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&first);
        bytes[8..].copy_from_slice(&second[..4]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_reference_implementation() {
        let mut rng = Rng::new(1_234_567);
        assert_eq!(
            [rng.number(), rng.number()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]
        );
    }

    #[test]
    fn weights_decide_how_often() {
        let mut rng = Rng::new(1);
        let often = (0..1000)
            .filter(|_| *rng.weighted(&[(9, true), (1, false)]))
            .count();
        assert!((850..950).contains(&often), "{often}");
    }
}

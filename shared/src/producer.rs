//! A producer is one loaded page: the sender whose items are numbered by `seq`.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::UnixMillis;
use crate::limits;

/// 16 bytes: the minute since 1970 at which the page was loaded (4 bytes, big-endian, by the visitor's own clock
/// and corrected by nothing), then 12 random ones. Written as 22 characters of base64url without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Producer([u8; 16]);

/// The text is not a producer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidProducer;

impl fmt::Display for InvalidProducer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a producer is 16 bytes in base64url without padding (22 characters)")
    }
}

impl std::error::Error for InvalidProducer {}

impl Producer {
    /// A producer born at `at`, told apart by `random`.
    pub fn new(at: UnixMillis, random: [u8; 12]) -> Self {
        let minute = u32::try_from(at / 60_000).unwrap_or(u32::MAX);
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&minute.to_be_bytes());
        bytes[4..].copy_from_slice(&random);
        Self(bytes)
    }

    /// The producer with these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// All 16 bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Minutes since 1970 at which the page was loaded.
    pub fn birth_minute(&self) -> u32 {
        u32::from_be_bytes([self.0[0], self.0[1], self.0[2], self.0[3]])
    }

    /// Whether its items come too late to be told apart from repeats.
    pub fn is_too_old(&self, now: UnixMillis) -> bool {
        let minute = u32::try_from(now / 60_000).unwrap_or(u32::MAX);
        minute.saturating_sub(self.birth_minute()) > limits::PRODUCER_AGE_MINUTES
    }

    /// Whether it claims a birth further ahead than a wrong clock explains; its window would outlive every sweep.
    pub fn is_from_the_future(&self, now: UnixMillis) -> bool {
        let minute = u32::try_from(now / 60_000).unwrap_or(u32::MAX);
        self.birth_minute().saturating_sub(minute) > limits::PRODUCER_AHEAD_MINUTES
    }

    /// Which of `count` shards holds this producer's window. `count` is a power of two; doubling it moves a
    /// producer either nowhere or to the shard `count` further on.
    pub fn shard(&self, count: u32) -> u32 {
        let tail = u32::from_be_bytes([self.0[12], self.0[13], self.0[14], self.0[15]]);
        tail & (count.next_power_of_two() - 1)
    }
}

impl fmt::Display for Producer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for Producer {
    type Err = InvalidProducer;

    fn from_str(text: &str) -> Result<Self, InvalidProducer> {
        if text.len() != 22 {
            return Err(InvalidProducer);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidProducer)?;
        bytes.try_into().map(Self).map_err(|_| InvalidProducer)
    }
}

impl TryFrom<String> for Producer {
    type Error = InvalidProducer;

    fn try_from(text: String) -> Result<Self, InvalidProducer> {
        text.parse()
    }
}

impl From<Producer> for String {
    fn from(producer: Producer) -> Self {
        producer.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;
    const NOW: UnixMillis = 1_795_000_000_000;

    #[test]
    fn a_producer_reads_back_as_it_was_written() {
        let producer = Producer::new(NOW, [7; 12]);
        assert_eq!(producer.to_string().parse(), Ok(producer));
        assert_eq!(producer.to_string().len(), 22);
        assert_eq!(u64::from(producer.birth_minute()), NOW / 60_000);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "short",
            "AAAAAAAAAAAAAAAAAAAAAA==",
            "!!!!!!!!!!!!!!!!!!!!!!",
            "AAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(text.parse::<Producer>(), Err(InvalidProducer), "{text}");
        }
    }

    #[test]
    fn items_are_too_old_a_day_before_their_window_is_forgotten() {
        let producer = Producer::new(NOW, [0; 12]);
        assert!(!producer.is_too_old(NOW));
        assert!(!producer.is_too_old(NOW + 29 * DAY_MS));
        assert!(producer.is_too_old(NOW + 29 * DAY_MS + 120_000));
    }

    #[test]
    fn a_clock_may_be_a_day_ahead_and_no_more() {
        assert!(!Producer::new(NOW + DAY_MS, [0; 12]).is_from_the_future(NOW));
        assert!(Producer::new(NOW + 2 * DAY_MS, [0; 12]).is_from_the_future(NOW));
    }

    #[test]
    fn doubling_the_shards_moves_a_producer_nowhere_or_to_its_parents_child() {
        for last in 0..=255 {
            let producer = Producer::new(NOW, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
            let (before, after) = (producer.shard(4), producer.shard(8));
            assert!(after == before || after == before + 4);
        }
    }
}

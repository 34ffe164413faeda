//! The periods that usage is shown for.

use hearback_shared::UnixMillis;
use hearback_shared::query::{Interval, SeriesQuestion};

/// A period that ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The 24 hours that end with the current one, by the hour.
    Hours24,
    /// The 7 days that end today, by the day.
    Days7,
    /// The 30 days that end today, by the day.
    Days30,
}

impl Period {
    /// All periods, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Hours24, Self::Days7, Self::Days30];

    /// The period's name in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hours24 => "24h",
            Self::Days7 => "7d",
            Self::Days30 => "30d",
        }
    }

    /// The period with this name in an address.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.name() == name)
    }

    /// The period as it is chosen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Hours24 => "24 hours",
            Self::Days7 => "7 days",
            Self::Days30 => "30 days",
        }
    }

    /// The period within a sentence.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Hours24 => "last 24 hours",
            Self::Days7 => "last 7 days",
            Self::Days30 => "last 30 days",
        }
    }

    /// Width of a point.
    pub fn interval(self) -> Interval {
        match self {
            Self::Hours24 => Interval::Hour,
            Self::Days7 | Self::Days30 => Interval::Day,
        }
    }

    /// Points of the period, the unfinished current one included.
    pub fn points(self) -> u64 {
        match self {
            Self::Hours24 => 24,
            Self::Days7 => 7,
            Self::Days30 => 30,
        }
    }

    /// The question to ask at this time.
    pub fn question(self, now: UnixMillis) -> SeriesQuestion {
        let interval = self.interval();
        let to = interval.start(now) + interval.width_ms();
        SeriesQuestion {
            from: to.saturating_sub(self.points() * interval.width_ms()),
            to,
            interval,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_with_the_current_interval_and_has_whole_points() {
        const NOW: UnixMillis = 1_795_007_109_000;
        for period in Period::ALL {
            let SeriesQuestion { from, to, interval } = period.question(NOW);
            assert!((to - interval.width_ms()..to).contains(&NOW), "{period:?}");
            assert_eq!((to - from) / interval.width_ms(), period.points());
            assert_eq!((from % interval.width_ms(), to % interval.width_ms()), (0, 0));
        }
    }

    #[test]
    fn a_period_is_found_by_its_name() {
        for period in Period::ALL {
            assert_eq!(Period::parse(period.name()), Some(period));
        }
        assert_eq!(Period::parse("1y"), None);
    }
}

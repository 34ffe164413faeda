//! The live connection: whether new feedback is told as it arrives, and when to try again where it is not.

/// First wait after a connection is lost, in milliseconds.
const FIRST_WAIT_MS: u32 = 1_000;

/// Longest wait between two attempts. While the connection is down, each attempt also asks for the newest page, so
/// this is also how old the list can be behind a proxy that blocks WebSockets.
const LONGEST_WAIT_MS: u32 = 30_000;

/// A connection that held for this long was a good one: the next loss starts with a short wait again.
const STEADY_MS: f64 = 10_000.0;

/// State of the live connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// Being made; `attempt` counts the failures before it.
    Connecting {
        /// Failures in a row so far.
        attempt: u32,
    },
    /// New feedback arrives by itself.
    Open {
        /// Failures in a row before it, forgotten once it has held for a while.
        attempt: u32,
    },
    /// Lost; the next attempt is set.
    Waiting {
        /// Failures in a row so far.
        attempt: u32,
    },
    /// The browser says that there is no network.
    Offline,
}

impl Live {
    /// Failures in a row so far.
    pub fn attempt(self) -> u32 {
        match self {
            Self::Connecting { attempt } | Self::Open { attempt } | Self::Waiting { attempt } => attempt,
            Self::Offline => 0,
        }
    }

    /// The state after a loss, and the wait before the next attempt. `jitter` is random from 0 to 1: a collector
    /// that restarts should not meet all consoles in the same second.
    pub fn lost(self, open_for_ms: f64, jitter: f64) -> (Self, u32) {
        let attempt = if open_for_ms >= STEADY_MS {
            1
        } else {
            self.attempt().saturating_add(1)
        };
        (Self::Waiting { attempt }, wait_ms(attempt, jitter))
    }

    /// Whether it has failed more than once, so that a person may want to hurry it. One loss mostly mends itself.
    pub fn is_stuck(self) -> bool {
        matches!(self, Self::Connecting { attempt } | Self::Waiting { attempt } if attempt > 1)
    }

    /// The state in a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open { .. } => "Live",
            Self::Connecting { attempt: 0 } => "Connecting…",
            Self::Connecting { .. } | Self::Waiting { .. } => "Reconnecting…",
            Self::Offline => "Offline",
        }
    }

    /// What that means for the person looking.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Open { .. } => "New feedback appears here by itself.",
            Self::Connecting { attempt: 0 } => "The live connection is being made.",
            Self::Connecting { .. } | Self::Waiting { .. } => {
                "The live connection was lost. It is tried again, and the list is checked each time."
            }
            Self::Offline => "This device is offline. The list continues when it is back.",
        }
    }

    /// The state's name in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Open { .. } => "is-live",
            Self::Connecting { .. } | Self::Waiting { .. } => "is-connecting",
            Self::Offline => "is-offline",
        }
    }
}

/// Doubling waits, of which the upper half is random.
fn wait_ms(attempt: u32, jitter: f64) -> u32 {
    let doublings = attempt.saturating_sub(1).min(16);
    let full = FIRST_WAIT_MS.saturating_mul(1 << doublings).min(LONGEST_WAIT_MS);
    let half = full / 2;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 15,000"
    )]
    let random = (f64::from(half) * jitter.clamp(0.0, 1.0)) as u32;
    half + random
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute_and_half_of_each_is_random() {
        let mut live = Live::Connecting { attempt: 0 };
        let mut waits = Vec::new();
        for _ in 0..8 {
            let (next, wait) = live.lost(0.0, 1.0);
            waits.push(wait);
            live = next;
        }
        assert_eq!(
            waits,
            [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
        );
        assert_eq!(wait_ms(3, 0.0), 2_000);
        assert_eq!(wait_ms(u32::MAX, 9.0), 30_000);
    }

    #[test]
    fn a_connection_that_held_starts_over_with_a_short_wait() {
        let open = Live::Open { attempt: 7 };
        assert_eq!(open.lost(60_000.0, 1.0), (Live::Waiting { attempt: 1 }, 1_000));
    }

    #[test]
    fn a_collector_that_accepts_and_hangs_up_is_not_hammered() {
        assert_eq!(
            Live::Open { attempt: 4 }.lost(5.0, 1.0),
            (Live::Waiting { attempt: 5 }, 16_000)
        );
    }
}

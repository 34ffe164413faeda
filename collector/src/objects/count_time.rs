//! When a shard counts what it has not counted yet. Nobody waits for it, since a question counts what is missing
//! itself; and each time writes a row for every name of the hour, the day and the visitors' parts, however few events
//! came. So a few events wait for more, and what a question would have to catch up with stays bounded.

use hearback_shared::UnixMillis;

/// Events that came alone are counted when no more have come for this long.
pub const QUIET_MS: UnixMillis = 10_000;

/// While more keep coming, the first of them waits no longer than this.
const WAIT_MS: UnixMillis = 60_000;

/// How soon to look again whether it has become quiet: a look costs rows too, for the alarm.
const LOOK_MS: UnixMillis = 30_000;

/// Bytes of lines that are counted at once: a question counts them in a tenth of a second.
const MANY_BYTES: u64 = 4 * 1024 * 1024;

/// Rows of the log that are looked at: so many are counted, whatever their size.
pub const MANY_ROWS: u64 = 1_000;

/// What a shard has not counted yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncounted {
    /// Rows of the log, up to [`MANY_ROWS`].
    pub rows: u64,
    /// Bytes of their lines.
    pub bytes: u64,
    /// When the first was committed.
    pub oldest: UnixMillis,
    /// When the last was committed.
    pub newest: UnixMillis,
}

impl Uncounted {
    /// When to look again; none where it is time to count.
    pub fn waits_until(&self, now: UnixMillis) -> Option<UnixMillis> {
        let is_much = self.bytes >= MANY_BYTES || self.rows >= MANY_ROWS;
        // A clock that stepped back must not make anything wait for its return.
        let is_quiet = now >= self.newest + QUIET_MS || now < self.oldest;
        let end = self.oldest + WAIT_MS;
        (!is_much && !is_quiet && now < end).then(|| end.min(now + LOOK_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = 1_795_000_000_000;

    fn few(oldest: UnixMillis, newest: UnixMillis) -> Uncounted {
        Uncounted {
            rows: 3,
            bytes: 900,
            oldest,
            newest,
        }
    }

    #[test]
    fn a_few_events_are_counted_when_it_has_become_quiet() {
        assert_eq!(few(NOW, NOW + 4_000).waits_until(NOW + 14_000), None);
        assert_eq!(
            few(NOW, NOW + 4_000).waits_until(NOW + 10_000),
            Some(NOW + 40_000)
        );
    }

    #[test]
    fn while_more_keep_coming_the_first_waits_a_minute() {
        assert_eq!(
            few(NOW, NOW + 40_000).waits_until(NOW + 40_000),
            Some(NOW + 60_000)
        );
        assert_eq!(few(NOW, NOW + 60_000).waits_until(NOW + 60_000), None);
    }

    #[test]
    fn much_is_counted_at_once() {
        let much = Uncounted {
            bytes: MANY_BYTES,
            ..few(NOW, NOW)
        };
        assert_eq!(much.waits_until(NOW), None);
        let many = Uncounted {
            rows: MANY_ROWS,
            ..few(NOW, NOW)
        };
        assert_eq!(many.waits_until(NOW), None);
    }

    #[test]
    fn a_clock_that_steps_back_makes_nothing_wait() {
        assert_eq!(few(NOW, NOW).waits_until(NOW - 3_600_000), None);
    }
}

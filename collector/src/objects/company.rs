//! Whether a request waits for others to share its commit. A commit costs a row, a transaction and a write to disk
//! however many requests share it, so under load waiting is cheaper for everybody; and it is in vain where a single
//! sender waits for each answer before it sends again.

use std::time::Duration;

use hearback_shared::UnixMillis;

/// How soon after a commit the next request counts as load.
const BUSY_MS: UnixMillis = 20;

/// How long a request waits for company: at 500 requests a second for ten others, and less than anybody notices.
pub const COMPANY: Duration = Duration::from_millis(20);

/// Company enough: under more load than that, waiting longer would only make everybody wait.
pub const GROUP_REQUESTS: usize = 32;

/// Waits in vain after which the next is put off for longer still, each time for twice as many requests.
const VAIN_WAITS: u32 = 6;

/// What a shard has seen of its load.
#[derive(Clone, Copy, Debug, Default)]
pub struct Company {
    committed_at: UnixMillis,
    vain_waits: u32,
    /// Requests that do not wait, whatever the load.
    unwaiting: u32,
}

impl Company {
    /// Whether the first request of a group waits for others.
    pub fn is_expected(&mut self, now: UnixMillis) -> bool {
        if now.saturating_sub(self.committed_at) >= BUSY_MS {
            return false;
        }
        let may_wait = self.unwaiting == 0;
        self.unwaiting = self.unwaiting.saturating_sub(1);
        may_wait
    }

    /// A request has waited, and that many were there in the end.
    pub fn came(&mut self, requests: usize) {
        if requests > 1 {
            self.vain_waits = 0;
        } else {
            self.vain_waits = (self.vain_waits + 1).min(VAIN_WAITS);
            self.unwaiting = (1 << self.vain_waits) - 1;
        }
    }

    /// A group was committed.
    pub fn committed(&mut self, now: UnixMillis) {
        self.committed_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = 1_795_000_000_000;

    /// How many of so many requests, a few milliseconds apart, wait.
    fn waits(requests: u64, company: impl Fn(u64) -> usize) -> usize {
        let mut seen = Company::default();
        seen.committed(NOW);
        let mut waits = 0;
        for n in 0..requests {
            let now = NOW + n * 5;
            if seen.is_expected(now) {
                waits += 1;
                seen.came(company(n));
            }
            seen.committed(now);
        }
        waits
    }

    #[test]
    fn nobody_waits_when_it_is_quiet() {
        let mut company = Company::default();
        assert!(!company.is_expected(NOW));
        company.committed(NOW);
        assert!(!company.is_expected(NOW + BUSY_MS));
        assert!(company.is_expected(NOW + 5));
    }

    #[test]
    fn under_load_every_group_waits() {
        assert_eq!(waits(100, |_| 10), 100);
    }

    #[test]
    fn a_single_sender_is_hardly_ever_made_to_wait() {
        let waits = waits(1_000, |_| 1);
        assert!(waits < 25, "{waits} of 1,000 requests waited");
    }

    #[test]
    fn company_that_comes_again_is_waited_for_again() {
        let waits = waits(1_000, |n| if n < 100 { 1 } else { 5 });
        assert!(waits > 800, "{waits} of 1,000 requests waited");
    }

    #[test]
    fn a_clock_that_steps_back_counts_as_load_until_the_next_commit() {
        let mut company = Company::default();
        company.committed(NOW);
        assert!(company.is_expected(NOW - 3_600_000));
        company.committed(NOW - 3_600_000);
        assert!(!company.is_expected(NOW));
    }
}

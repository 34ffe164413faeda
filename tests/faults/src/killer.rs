//! Kills the server, again and again, spread over all that is sent.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use xtask::runtime::Server;
use xtask::seed::rng::Rng;

use crate::sender::Work;

/// How long one life is at most, where nothing gets through.
const LONGEST_LIFE: Duration = Duration::from_secs(8);

/// Kills and restarts it `kills` times while `events` items are answered; says how often.
pub fn run(work: &Work, server: &mut Server, kills: u64, events: u64, mut rng: Rng) -> Result<u64> {
    for kill in 0..kills {
        let born = Instant::now();
        // Somewhere in its share of all that is sent.
        let due = (kill * events + rng.below(events)) / kills.max(1);
        while work.done.load(Ordering::Relaxed) < due && born.elapsed() < LONGEST_LIFE {
            if work.is_over.load(Ordering::Relaxed) {
                return Ok(kill);
            }
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(Duration::from_micros(rng.below(30_000)));
        server.kill9()?;
        server.restart()?;
    }
    Ok(kills)
}

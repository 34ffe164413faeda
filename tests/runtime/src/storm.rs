//! Senders that go on while the server is killed again and again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::Stage;

/// How many send at once.
pub const SENDERS: u64 = 4;

/// Kills the server six times while four senders send. `batch` is what one of them sends in a round, with the ids under
/// which its items are stored; without an answer for every item the same is sent again. Returns the ids of all that was
/// acknowledged.
pub fn storm(stage: &mut Stage, batch: impl Fn(u64, u32) -> (Value, Vec<String>) + Sync) -> BTreeSet<String> {
    let is_over = AtomicBool::new(false);
    let clients: Vec<_> = (0..SENDERS).map(|number| (number, stage.client())).collect();
    thread::scope(|scope| {
        let (is_over, batch) = (&is_over, &batch);
        let senders: Vec<_> = clients
            .iter()
            .map(|(number, client)| {
                scope.spawn(move || {
                    let (mut acknowledged, mut round) = (BTreeSet::new(), 0);
                    while !is_over.load(Ordering::Relaxed) {
                        let (sent, ids) = batch(*number, round);
                        match client.ingest(&sent) {
                            Ok(answer) if answer.status == 202 && !answer.statuses().contains(&"retry") => {
                                acknowledged.extend(ids);
                                round += 1;
                            }
                            _ => thread::sleep(Duration::from_millis(20)),
                        }
                    }
                    acknowledged
                })
            })
            .collect();
        for round in 0..6_u64 {
            thread::sleep(Duration::from_millis(150 + 97 * round));
            stage.server.kill9().unwrap();
            stage.server.restart().unwrap();
        }
        thread::sleep(Duration::from_millis(300));
        is_over.store(true, Ordering::Relaxed);
        senders
            .into_iter()
            .flat_map(|sender| sender.join().unwrap())
            .collect()
    })
}

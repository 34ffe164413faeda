//! Items with ids of their own, when the objects that store them end or fail in the middle of their work.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use hearback_runtime_tests::{Stage, batch_of, events_of, eventually};
use serde_json::json;
use xtask::paths;

fn stage(faults: &str) -> Stage {
    Stage::start(|options| {
        options.collector = paths::collector_with_faults();
        options.shards = Some(4);
        options.settings.push(("FAULTS".into(), faults.into()));
    })
}

/// Everything that was sent is in the logs, once, and counted once.
fn check(stage: &Stage, sent: usize) {
    let logged = stage.logged();
    let ids: BTreeSet<_> = logged.iter().map(|item| item["id"].to_string()).collect();
    assert_eq!((ids.len(), logged.len()), (sent, sent));
    assert_eq!(stage.client().count("paid"), sent as u64);
    let total = stage.client().get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!(
        (&total["accepted"], &total["difference"]),
        (&json!(sent), &json!(0))
    );
}

#[test]
fn where_one_shard_fails_only_its_items_are_to_be_sent_again() {
    let stage = stage("throw@committed=1");
    let items = events_of("order", 0..40);
    let answer = stage.client().ingest(&batch_of(&items)).unwrap();
    let statuses = answer.statuses();
    let again: Vec<_> = items
        .iter()
        .zip(&statuses)
        .filter(|(_, status)| **status == "retry")
        .map(|(item, _)| item.clone())
        .collect();
    assert!((1..30).contains(&again.len()), "{statuses:?}");
    assert!(
        statuses
            .iter()
            .all(|status| ["retry", "accepted"].contains(status))
    );
    let rest = stage.client().ingest(&batch_of(&again)).unwrap();
    // It failed after its commit: what it did not say is on disk.
    assert!(rest.statuses().iter().all(|status| *status == "duplicate"));
    check(&stage, 40);
}

/// The objects end at this place, four times, while a server sends.
fn evicted_at(place: &str) {
    let stage = stage(&format!("evict@{place}=4"));
    for round in 0..12 {
        let items = events_of("order", round * 10..round * 10 + 15);
        eventually(60, "an answer", || {
            let answer = stage.client().ingest(&batch_of(&items)).ok()?;
            (answer.status == 202 && !answer.statuses().contains(&"retry")).then_some(())
        });
        thread::sleep(Duration::from_millis(60));
    }
    check(&stage, 125);
    let said = std::fs::read_to_string(stage.server.log()).unwrap();
    assert!(
        said.contains(&format!("fault: evict@{place}, 0 more")),
        "it never came to {place}"
    );
}

#[test]
fn shards_evicted_before_a_commit_lose_nothing() {
    evicted_at("company");
}

#[test]
fn shards_evicted_after_a_commit_store_nothing_twice() {
    evicted_at("committed");
}

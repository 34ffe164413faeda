//! A collector with faults, a page that sends to it, and where everything has to be in the end.

#![allow(dead_code, unreachable_pub, reason = "each test program uses its part")]

use std::collections::BTreeSet;

use hearback_runtime_tests::{Client, Page, Sink, Stage, eventually};
use hearback_shared::item::item_id;
use rusqlite::Connection;
use serde_json::Value;
use xtask::paths;

/// A collector with faults, one shard, and a sink that is told at once.
pub fn stage(sink: &Sink, faults: &str, delay_ms: u64) -> Stage {
    Stage::start(|options| {
        options.collector = paths::collector_with_faults();
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(delay_ms);
        options.settings.push(("FAULTS".into(), faults.into()));
    })
}

/// Items of one request: the first is feedback.
pub fn items(first: u64) -> Vec<Value> {
    (first..first + 4)
        .map(|seq| {
            if seq == first {
                Page::feedback(seq, "kept")
            } else {
                Page::event(seq, "kept")
            }
        })
        .collect()
}

/// Sends until every item has an answer that is final, as the loader does.
pub fn send(client: &Client, page: &Page, items: &[Value]) {
    eventually(60, "an answer", || {
        let answer = client.ingest(&page.batch(items)).ok()?;
        (answer.status == 202 && !answer.statuses().contains(&"retry")).then_some(())
    });
}

/// Everything is where it belongs, once.
pub fn check(stage: &Stage, sink: &Sink, page: &Page, count: u64) {
    let mut sent: Vec<String> = (1..=count).map(|seq| item_id(&page.producer, seq)).collect();
    sent.sort();
    eventually(60, "everything at the sink", || {
        (sink.items() == sent).then_some(())
    });
    let client = stage.client();
    eventually(30, "the feedback", || {
        (client.all_feedback().len() as u64 == count / 4).then_some(())
    });
    assert_eq!(client.count("kept"), count / 4 * 3);
    let fed: BTreeSet<String> = client.all_feedback().into_iter().map(|row| row.id).collect();
    assert_eq!(fed.len() as u64, count / 4);
}

/// What the server said so far.
pub fn said(stage: &Stage) -> String {
    std::fs::read_to_string(stage.server.log()).unwrap()
}

/// Takes the alarms of all shards away, from the runtime's list and from the objects themselves.
pub fn take_alarms_away(stage: &Stage) {
    let list = stage
        .server
        .state()
        .join("storage/hearback-shard/metadata.sqlite");
    let taken = Connection::open(list)
        .unwrap()
        .execute("DELETE FROM _cf_ALARM", [])
        .unwrap();
    assert_eq!(taken, 1, "there was an alarm to take away");
    for shard in stage.databases("shard") {
        shard
            .execute("UPDATE _cf_METADATA SET value = NULL WHERE key = 1", [])
            .unwrap();
    }
}

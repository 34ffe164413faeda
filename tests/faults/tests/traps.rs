//! A trap takes the memory of a whole isolate: the object that trapped, its neighbours and the edge. All of them go on
//! by themselves (`collector/recovery.js`), also those whose alarm was under way.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod scene;

use std::thread;
use std::time::Duration;

use hearback_runtime_tests::{Page, Sink, Stage, eventually};
use hearback_shared::item::item_id;
use scene::{items, said, send};
use xtask::paths;

/// Two shards; the first that comes to this place traps there, so often. Everything sent arrives once, and what was
/// sent before the trap arrives without anybody sending more.
fn trapped_at(place: &str, times: u32) {
    let sink = Sink::start();
    let stage = Stage::start(|options| {
        options.collector = paths::collector_with_faults();
        options.shards = Some(2);
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(0);
        options
            .settings
            .push(("FAULTS".into(), format!("trap@{place}={times}")));
    });
    // Odd numbers belong to shard 1.
    let (client, page, neighbour) = (stage.client(), Page::new(1), Page::new(2));
    for first in (1..40).step_by(4) {
        send(&client, &page, &items(first));
        send(&client, &neighbour, &items(first));
        thread::sleep(Duration::from_millis(100));
    }
    let mut sent: Vec<String> = [page, neighbour]
        .iter()
        .flat_map(|page| (1..=40).map(|seq| item_id(&page.producer, seq)))
        .collect();
    sent.sort();
    eventually(90, "everything at the sink", || {
        (sink.items() == sent).then_some(())
    });
    assert_eq!(client.count("kept"), 60);
    eventually(30, "the feedback", || {
        (client.all_feedback().len() == 20).then_some(())
    });
    let traps = said(&stage).matches(&format!("asked to trap at {place}")).count();
    assert!(traps >= 1, "it never trapped");
}

#[test]
fn after_a_trap_in_a_request_this_and_the_neighbouring_object_go_on() {
    trapped_at("committed", 1);
}

#[test]
fn after_a_trap_in_an_alarm_this_and_the_neighbouring_object_go_on() {
    trapped_at("alarm", 2);
}

#[test]
fn after_a_trap_between_two_deliveries_this_and_the_neighbouring_object_go_on() {
    trapped_at("deliver", 2);
}

#[test]
fn after_a_trap_when_the_sink_has_answered_nothing_arrives_under_two_ids() {
    trapped_at("delivered", 2);
}

#[test]
fn after_a_trap_in_the_project_object_the_shards_go_on() {
    trapped_at("absorbed", 2);
}

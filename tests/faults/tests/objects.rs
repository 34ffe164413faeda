//! What an object does when its alarm throws or goes missing, when the clock jumps, when its sink is down for long. The
//! collector is one to which faults can be given: `cargo xtask test faults` builds it.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod scene;

use std::thread;
use std::time::Duration;

use hearback_runtime_tests::{Client, Mood, Page, Sink, eventually, now};
use hearback_shared::producer::Producer;
use scene::{check, items, send, stage};

#[test]
fn an_alarm_that_throws_twenty_times_comes_back() {
    let sink = Sink::start();
    let stage = stage(&sink, "throw@alarm=20", 0);
    let (client, page) = (stage.client(), Page::new(1));
    let mut first = 1;
    eventually(120, "twenty errors", || {
        send(&client, &page, &items(first));
        first += 4;
        thread::sleep(Duration::from_millis(100));
        let said = std::fs::read_to_string(stage.server.log()).unwrap();
        said.contains("fault: throw@alarm, 0 more").then_some(())
    });
    check(&stage, &sink, &page, first - 1);
}

#[test]
fn a_missing_alarm_is_mended_by_the_sweep_and_not_by_itself() {
    let sink = Sink::start();
    let mut stage = stage(&sink, "", 3_000);
    let page = Page::new(1);
    send(&stage.client(), &page, &items(1));
    stage.server.kill9().unwrap();
    scene::take_alarms_away(&stage);
    stage.server.restart().unwrap();
    thread::sleep(Duration::from_secs(5));
    assert!(sink.kept().is_empty(), "the alarm was not missing");

    let client = stage.client();
    let sweep = || client.post_with_token("/api/v1/sweep", &[]).unwrap();
    let swept = sweep();
    assert_eq!(
        (swept.status, &swept.body),
        (200, &serde_json::json!({"shards": 1, "mended": 1}))
    );
    check(&stage, &sink, &page, 4);
    eventually(20, "nothing to mend", || {
        (sweep().body["mended"] == 0).then_some(())
    });
    assert_eq!(
        client
            .with_token("tk_demo_a.nonsense")
            .post_with_token("/api/v1/sweep", &[])
            .unwrap()
            .status,
        401
    );
}

#[test]
fn a_missing_alarm_is_mended_by_the_next_item() {
    let sink = Sink::start();
    let mut stage = stage(&sink, "", 3_000);
    let page = Page::new(1);
    send(&stage.client(), &page, &items(1));
    stage.server.kill9().unwrap();
    scene::take_alarms_away(&stage);
    stage.server.restart().unwrap();
    send(&stage.client(), &page, &items(5));
    check(&stage, &sink, &page, 8);
}

#[test]
fn a_sink_that_was_down_gets_everything_and_nothing_under_two_ids() {
    let sink = Sink::start();
    sink.set_mood(Mood::Failing);
    let stage = stage(&sink, "evict@delivered=2", 0);
    let (client, page) = (stage.client(), Page::new(1));
    for first in (1..40).step_by(4) {
        send(&client, &page, &items(first));
        thread::sleep(Duration::from_millis(150));
    }
    sink.set_mood(Mood::Well);
    check(&stage, &sink, &page, 40);
}

/// Moves the collector's clock.
fn move_clock(client: &Client, by_s: i64) {
    let answer = client
        .post(&format!("/faults/clock?by={by_s}"), &[], b"")
        .unwrap();
    assert_eq!(answer.status, 204, "{}", answer.body);
}

/// A page that was loaded so long ago that a clock which steps back does not make it one from the future.
fn early_page() -> Page {
    Page {
        producer: Producer::new(now() - 3 * 60 * 60 * 1000, [7; 12]),
    }
}

#[test]
fn a_clock_that_steps_back_and_forth_holds_nothing_up_and_repeats_nothing() {
    let sink = Sink::start();
    let stage = stage(&sink, "clock", 0);
    let (client, page) = (stage.client(), early_page());
    for (round, by_s) in [0, -3_600, 7_200, -5_400, 1_800].into_iter().enumerate() {
        move_clock(&client, by_s);
        // A delivery that failed before the step must not wait for as long as the step was.
        sink.set_mood(Mood::Failing);
        let first = round as u64 * 8 + 1;
        send(&client, &page, &items(first));
        thread::sleep(Duration::from_millis(300));
        sink.set_mood(Mood::Well);
        send(&client, &page, &items(first + 4));
        send(&client, &page, &items(first));
    }
    check(&stage, &sink, &page, 40);
}

#[test]
fn a_sink_that_is_down_for_an_hour_is_asked_ever_less_often_and_then_gets_everything_once() {
    let sink = Sink::start();
    sink.set_mood(Mood::Failing);
    let stage = stage(&sink, "clock", 0);
    let (client, page) = (stage.client(), early_page());
    let mut asked = Vec::new();
    // Each round is a minute of simulated time with 100 items; the alarm rings in each, and keeps to the pauses.
    for round in 0..60 {
        move_clock(&client, 60);
        let first = round * 100 + 1;
        for first in (first..first + 100).step_by(20) {
            let items: Vec<_> = (first..first + 20).map(|seq| Page::event(seq, "kept")).collect();
            send(&client, &page, &items);
        }
        thread::sleep(Duration::from_millis(60));
        asked.push(sink.asked());
    }
    assert!(sink.kept().is_empty());
    let (early, late) = (asked[9], asked[59] - asked[49]);
    assert!(late * 2 < early + 8 && late > 0, "asked {asked:?}");
    assert!(sink.asked() < 60 * 4, "asked {} times in an hour", sink.asked());
    let found = client.get("/api/v1/sinks").unwrap().body["sinks"][0].take();
    assert_eq!(found["pending"], 6_000);

    sink.set_mood(Mood::Well);
    move_clock(&client, 5 * 60);
    let before = sink.asked();
    send(&client, &page, &[Page::event(6_001, "kept")]);
    eventually(60, "everything at the sink", || {
        (sink.items().len() == 6_001).then_some(())
    });
    // Four small deliveries were on their way when it went down; what gathered behind them goes by the thousand.
    let tries = sink.asked() - before;
    assert!(tries <= 14, "{tries} deliveries");
    assert_eq!(sink.kept().len(), tries, "each arrived at the first try");
    assert_eq!(client.count("kept"), 6_001);
}

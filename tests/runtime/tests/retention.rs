//! What is kept for how long.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Page, Sink, Stage, eventually, number};
use serde_json::json;

#[test]
fn the_log_is_let_go_of_when_its_time_is_over_and_not_before_every_consumer_has_it() {
    let sink = Sink::start();
    let mut stage = Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(0);
    });
    let client = stage.client();
    client.set(&json!({"retention": {"events_days": 1}}));
    let page = Page::new(1);
    for seq in 1..=5 {
        let answer = client.ingest(&page.batch(&[Page::event(seq, "a")])).unwrap();
        assert_eq!(answer.statuses(), ["accepted"]);
    }
    eventually(30, "five delivered items", || {
        (sink.items().len() == 5).then_some(())
    });
    stage.server.stop().unwrap();
    let two_days_ago = "UPDATE log SET at = at - 2 * 24 * 3600 * 1000 WHERE first < 4";
    stage.databases("shard")[0].execute(two_days_ago, []).unwrap();
    stage.server.restart().unwrap();
    let client = stage.client();
    client.ingest(&page.batch(&[Page::event(6, "a")])).unwrap();
    eventually(30, "what is older than a day is gone", || {
        (number(&stage.databases("shard")[0], "SELECT min(first) FROM log") == 4).then_some(())
    });
    // What was counted stays, a repeat is a repeat, and positions go on.
    assert_eq!(client.count("a"), 6);
    let repeat = client.ingest(&page.batch(&[Page::event(1, "a")])).unwrap();
    assert_eq!(repeat.statuses(), ["duplicate"]);
}

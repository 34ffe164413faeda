//! An object that is evicted at each place where it waits: it loses nothing and repeats nothing. The places are before
//! and after each `await` of the shard and the project object that stands between two changes
//! (`collector/src/platform/faults.rs`).
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod scene;

use std::thread;
use std::time::Duration;

use hearback_runtime_tests::{Client, Page, Sink, Stage, eventually, number};
use hearback_shared::item::item_id;
use rusqlite::Connection;
use scene::{check, items, said, send, stage};
use serde_json::{Value, json};

/// All evictions that were asked for at this place have happened.
fn is_over(stage: &Stage, place: &str) -> bool {
    said(stage).contains(&format!("fault: evict@{place}, 0 more"))
}

/// The object ends at this place, three times, while a page sends.
fn evicted_at(place: &str, times: u32) {
    let sink = Sink::start();
    let stage = stage(&sink, &format!("evict@{place}={times}"), 0);
    let (client, page) = (stage.client(), Page::new(1));
    for first in (1..60).step_by(4) {
        send(&client, &page, &items(first));
        thread::sleep(Duration::from_millis(120));
    }
    check(&stage, &sink, &page, 60);
    assert!(is_over(&stage, place), "it never came to {place}");
}

#[test]
fn while_it_waits_for_company() {
    evicted_at("company", 3);
}

#[test]
fn after_a_commit() {
    evicted_at("committed", 3);
}

#[test]
fn after_setting_its_alarm() {
    evicted_at("armed", 3);
}

#[test]
fn at_the_start_of_its_alarm() {
    evicted_at("alarm", 3);
}

#[test]
fn before_a_push() {
    evicted_at("push", 3);
}

#[test]
fn after_a_push() {
    evicted_at("pushed", 3);
}

#[test]
fn before_counting() {
    evicted_at("count", 3);
}

#[test]
fn after_its_project_was_listed() {
    evicted_at("enlisted", 3);
}

#[test]
fn before_a_delivery() {
    evicted_at("deliver", 3);
}

#[test]
fn after_a_delivery_which_is_repeated_under_its_id() {
    evicted_at("delivered", 3);
}

#[test]
fn when_the_project_s_settings_have_come_for_retention() {
    evicted_at("forget", 3);
}

#[test]
fn before_it_sets_its_next_alarm() {
    evicted_at("rearm", 3);
}

#[test]
fn the_project_object_when_it_has_taken_feedback_in() {
    evicted_at("absorbed", 3);
}

#[test]
fn the_project_object_while_an_edge_asks_for_its_view() {
    evicted_at("viewed", 1);
}

/// Asks until it goes well.
fn until_well(client: &Client, method: &str, path: &str, body: &Value) -> Value {
    let body = body.to_string();
    eventually(60, path, || {
        let answer = client.send(method, path, &[], body.as_bytes()).ok()?;
        (answer.status == 200).then_some(answer.body)
    })
}

#[test]
fn parents_and_children_while_shards_are_split() {
    let sink = Sink::start();
    let stage = stage(&sink, "evict@told=3,evict@hand-over=2,evict@handed=2", 0);
    let (client, pages) = (stage.client(), (1..=4).map(Page::new).collect::<Vec<_>>());
    for page in &pages {
        send(&client, page, &items(1));
    }
    until_well(&client, "PUT", "/api/v1/shards", &json!({"shards": 4}));
    for page in &pages {
        // A repeat of what the parent has, and something new.
        send(&client, page, &items(1));
        send(&client, page, &items(5));
    }
    let mut sent: Vec<String> = pages
        .iter()
        .flat_map(|page| (1..=8).map(|seq| item_id(&page.producer, seq)))
        .collect();
    sent.sort();
    eventually(60, "everything at the sink", || {
        (sink.items() == sent).then_some(())
    });
    assert_eq!(client.count("kept"), 24);
    for place in ["told", "hand-over", "handed"] {
        assert!(is_over(&stage, place), "it never came to {place}");
    }
}

#[test]
fn before_and_after_a_person_is_erased() {
    let sink = Sink::start();
    let stage = stage(&sink, "evict@erase=2,evict@erased=2", 0);
    let (client, page) = (stage.client(), Page::new(1));
    let by = |seq: u64, user: &str| {
        let mut item = Page::event(seq, "kept");
        item["props"] = json!({"user_id": user});
        item
    };
    send(
        &client,
        &page,
        &[by(1, "ann"), by(2, "bob"), by(3, "ann"), by(4, "bob")],
    );
    until_well(&client, "POST", "/api/v1/erase", &json!({"user": "ann"}));
    let export = String::from_utf8(client.get("/api/v1/export").unwrap().bytes).unwrap();
    assert!(!export.contains("ann") && export.contains("bob"), "{export}");
    let notices = || {
        sink.items()
            .iter()
            .filter(|id| id.starts_with("erasure-"))
            .count()
    };
    eventually(60, "the sink is told of both, once", || {
        (notices() == 2).then_some(())
    });
    assert_eq!(client.count("kept"), 4);
    let total = client.get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!((&total["accepted"], &total["difference"]), (&json!(6), &json!(0)));
    assert!(is_over(&stage, "erase") && is_over(&stage, "erased"));
}

#[test]
fn before_the_sweep_sets_a_missing_alarm() {
    let sink = Sink::start();
    let mut stage = stage(&sink, "evict@mend=2", 3_000);
    let page = Page::new(1);
    send(&stage.client(), &page, &items(1));
    stage.server.kill9().unwrap();
    scene::take_alarms_away(&stage);
    stage.server.restart().unwrap();
    let client = stage.client();
    eventually(30, "an alarm that is mended", || {
        let swept = client.post_with_token("/api/v1/sweep", &[]).ok()?;
        (swept.body["mended"] == 1).then_some(())
    });
    check(&stage, &sink, &page, 4);
    assert!(is_over(&stage, "mend"));
}

/// Salts of ten days ago and more; today's is made anew whenever somebody asks for the project's view.
const OLD_SALTS: &str =
    "SELECT count(*) FROM salts WHERE day < CAST(strftime('%s', 'now') AS INTEGER) * 1000 - 10 * 86400000";

#[test]
fn the_project_object_while_it_forgets() {
    let sink = Sink::start();
    let mut stage = stage(&sink, "evict@forgetting=1", 0);
    send(&stage.client(), &Page::new(1), &items(1));
    stage.server.kill9().unwrap();
    // A salt from long ago, and an alarm that is due.
    let long_ago = "UPDATE salts SET day = day - 30 * 86400000";
    let changed: usize = stage
        .databases("project")
        .iter()
        .map(|project| project.execute(long_ago, []).unwrap())
        .sum();
    assert!(changed > 0, "there is a salt to forget");
    let alarms = stage
        .server
        .state()
        .join("storage/hearback-project/metadata.sqlite");
    Connection::open(alarms)
        .unwrap()
        .execute("UPDATE _cf_ALARM SET scheduled_time = 1", [])
        .unwrap();
    for project in stage.databases("project") {
        project
            .execute(
                "UPDATE _cf_METADATA SET value = 1 WHERE key = 1 AND value IS NOT NULL",
                [],
            )
            .unwrap();
    }
    stage.server.restart().unwrap();
    eventually(120, "no salt from long ago", || {
        let left: i64 = stage
            .databases("project")
            .iter()
            .map(|project| number(project, OLD_SALTS))
            .sum();
        (left == 0).then_some(())
    });
    // Whoever asks for the project's view forgets them too, so the alarm may still be to come.
    eventually(120, "the eviction", || {
        is_over(&stage, "forgetting").then_some(())
    });
}

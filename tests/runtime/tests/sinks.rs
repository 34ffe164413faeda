//! What becomes of deliveries that a sink refuses.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Mood, Page, Sink, Stage, eventually};
use serde_json::{Value, json};

fn stage(sink: &Sink) -> Stage {
    Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(0);
    })
}

fn of_sink(stage: &Stage) -> Value {
    stage.client().get("/api/v1/sinks").unwrap().body["sinks"][0].take()
}

#[test]
fn poison_becomes_a_dead_letter_and_everything_beside_it_is_delivered() {
    let sink = Sink::start();
    sink.refuse("poison", 422);
    let stage = stage(&sink);
    let client = stage.client();
    let page = Page::new(1);
    let items: Vec<Value> = (1..=40)
        .map(|seq| Page::event(seq, if seq == 17 { "poison" } else { "fine" }))
        .collect();
    client.ingest(&page.batch(&items)).unwrap();
    let letters = eventually(30, "a dead letter", || {
        let letters = client.get("/api/v1/dead-letters").unwrap().body["letters"].take();
        letters.as_array().filter(|letters| !letters.is_empty()).cloned()
    });
    assert_eq!(letters.len(), 1);
    eventually(30, "the other 39 items", || {
        (sink.items().len() == 39).then_some(())
    });
    assert_eq!(of_sink(&stage)["dead"], 1);

    let id = letters[0]["id"].as_str().unwrap();
    let letter = client.get(&format!("/api/v1/dead-letters/{id}")).unwrap().body;
    assert!(letter["line"].as_str().unwrap().contains("\"poison\""));
    assert_eq!(letter["item"], format!("{}-17", page.producer));
    assert_eq!(letter["reason"], "it answered 422");

    let total = client.get("/api/v1/ledger").unwrap().body["total"]["sinks"]["http"].take();
    assert_eq!(
        (&total["delivered"], &total["dead"], &total["pending"]),
        (&json!(39), &json!(1), &json!(0))
    );

    // Mended and sent again, it arrives.
    sink.refuse("poison", 200);
    let replay = format!("/api/v1/dead-letters/{id}/replay");
    assert_eq!(client.send("POST", &replay, &[], b"").unwrap().status, 202);
    eventually(30, "all 40 items", || (sink.items().len() == 40).then_some(()));
    eventually(30, "no dead letter", || {
        (of_sink(&stage)["dead"] == 0).then_some(())
    });
    let total = client.get("/api/v1/ledger").unwrap().body["total"]["sinks"]["http"].take();
    assert_eq!((&total["delivered"], &total["dead"]), (&json!(40), &json!(0)));
    assert_eq!(client.send("POST", &replay, &[], b"").unwrap().status, 404);
}

/// A sink that has refused twelve items for good.
fn with_twelve_dead_letters() -> (Sink, Stage) {
    let sink = Sink::start();
    sink.refuse("poison", 422);
    let stage = stage(&sink);
    let items: Vec<Value> = (1..=12).map(|seq| Page::event(seq, "poison")).collect();
    stage.client().ingest(&Page::new(1).batch(&items)).unwrap();
    eventually(30, "12 dead letters", || {
        (of_sink(&stage)["dead"] == 12).then_some(())
    });
    (sink, stage)
}

#[test]
fn all_dead_letters_are_sent_again_at_once_and_those_of_other_sinks_are_left_alone() {
    let (sink, stage) = with_twelve_dead_letters();
    let client = stage.client();
    let replay = |query: &str| {
        let path = format!("/api/v1/dead-letters/replay{query}");
        let answer = client.send("POST", &path, &[], b"").unwrap();
        (answer.status, answer.body)
    };
    assert_eq!(replay("?sink=another"), (202, json!({"replayed": 0})));
    sink.refuse("poison", 200);
    assert_eq!(replay("?sink=http"), (202, json!({"replayed": 12})));
    eventually(30, "no dead letter", || {
        (of_sink(&stage)["dead"] == 0).then_some(())
    });
    assert_eq!(sink.items().len(), 12);
    let total = client.get("/api/v1/ledger").unwrap().body["total"]["sinks"]["http"].take();
    assert_eq!((&total["delivered"], &total["dead"]), (&json!(12), &json!(0)));
    assert_eq!(replay(""), (202, json!({"replayed": 0})));
}

#[test]
fn however_many_letters_are_sent_again_new_items_are_delivered_beside_them() {
    let (sink, stage) = with_twelve_dead_letters();
    let client = stage.client();
    // It may work another time: each of them waits for its next attempt.
    sink.refuse("poison", 503);
    client
        .send("POST", "/api/v1/dead-letters/replay", &[], b"")
        .unwrap();
    let letters = || client.get("/api/v1/dead-letters").unwrap().body["letters"].take();
    assert!(
        letters()
            .as_array()
            .unwrap()
            .iter()
            .all(|letter| letter["replaying"] == true)
    );
    client
        .ingest(&Page::new(2).batch(&[Page::event(1, "fine")]))
        .unwrap();
    eventually(30, "the new item", || (sink.items().len() == 1).then_some(()));
}

#[test]
fn an_erased_dead_letter_is_gone_and_the_ledger_says_so() {
    let sink = Sink::start();
    sink.refuse("poison", 422);
    let stage = stage(&sink);
    let client = stage.client();
    let mut poison = Page::event(1, "poison");
    poison["props"] = json!({"user_id": "ann"});
    client
        .ingest(&Page::new(1).batch(&[poison, Page::event(2, "poison")]))
        .unwrap();
    let letters = || client.get("/api/v1/dead-letters").unwrap().body["letters"].take();
    eventually(30, "two dead letters", || {
        (letters().as_array()?.len() == 2).then_some(())
    });
    client
        .post_with_token("/api/v1/erase", br#"{"user":"ann"}"#)
        .unwrap();
    let left = letters();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert!(left[0]["item"].as_str().unwrap().ends_with("-2"));
    // The notice of the erasure is an item too, and the sink takes it.
    eventually(30, "a balance", || {
        let total = client.get("/api/v1/ledger").unwrap().body["total"]["sinks"]["http"].take();
        let numbers = ["delivered", "pending", "dead", "erased"].map(|name| total[name].as_u64().unwrap());
        (numbers == [1, 0, 1, 1]).then_some(())
    });
}

#[test]
fn a_sink_that_does_not_let_us_in_is_left_alone_and_says_so() {
    let sink = Sink::start();
    sink.refuse("", 401);
    let stage = stage(&sink);
    stage
        .client()
        .ingest(&Page::new(1).batch(&[Page::event(1, "a")]))
        .unwrap();
    let paused = eventually(30, "a paused sink", || {
        Some(of_sink(&stage)).filter(|paused| paused["paused_until"].is_u64())
    });
    assert_eq!(paused["last_error"], "it answered 401");
    assert!(paused["pending_since"].is_u64(), "{paused}");
    assert_eq!((&paused["pending"], &paused["dead"]), (&json!(1), &json!(0)));
}

#[test]
fn a_test_call_says_what_the_sink_answered() {
    let sink = Sink::start();
    let stage = stage(&sink);
    let test = || {
        stage
            .client()
            .send("POST", "/api/v1/sinks/http/test", &[], b"")
            .unwrap()
            .body
    };
    assert_eq!(test(), json!({"delivered": true, "answer": "it answered 204"}));
    sink.set_mood(Mood::Failing);
    assert_eq!(test(), json!({"delivered": false, "answer": "it answered 503"}));
    let unknown = stage.client().send("POST", "/api/v1/sinks/none/test", &[], b"");
    assert_eq!(unknown.unwrap().status, 404);
}

//! More shards while pages go on sending: nothing lost, nothing twice.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use hearback_runtime_tests::{Answer, Client, Page, Stage, batch_of, events_of, feedback_of};
use serde_json::{Value, json};

fn raise(client: &Client, count: u32) -> Answer {
    client
        .send(
            "PUT",
            "/api/v1/shards",
            &[],
            json!({ "shards": count }).to_string().as_bytes(),
        )
        .unwrap()
}

#[test]
fn raising_the_count_while_pages_send_stores_every_item_once() {
    let mut stage = Stage::start(|options| options.shards = Some(1));
    let client = stage.client();
    let pages: Vec<Page> = (0..16).map(Page::new).collect();
    let batch = |page: &Page, from: u64| {
        page.batch(&[
            Page::event(from, "a"),
            Page::event(from + 1, "a"),
            Page::feedback(from + 2, "b"),
        ])
    };
    for page in &pages {
        assert_eq!(
            client.ingest(&batch(page, 1)).unwrap().statuses(),
            ["accepted"; 3]
        );
    }
    let is_over = AtomicBool::new(false);
    let sent = thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let mut rounds = 1;
            // Every batch overlaps the one before it, and goes out twice.
            while !is_over.load(Ordering::Relaxed) || rounds < 8 {
                for page in &pages {
                    for _ in 0..2 {
                        let answer = client.ingest(&batch(page, rounds * 2)).unwrap();
                        assert!(!answer.statuses().contains(&"retry"), "{:?}", answer.body);
                    }
                }
                rounds += 1;
            }
            rounds * 2
        });
        for count in [2, 8] {
            let raised = raise(&client, count);
            assert_eq!((raised.status, &raised.body), (200, &json!({ "shards": count })));
        }
        is_over.store(true, Ordering::Relaxed);
        sender.join().unwrap()
    });
    stage.server.kill9().unwrap();
    stage.server.restart().unwrap();
    let client = stage.client();
    for page in &pages {
        // What the parent stored long ago is a repeat at the child, even after both have slept.
        assert_eq!(
            client.ingest(&batch(page, 1)).unwrap().statuses(),
            ["duplicate"; 3]
        );
    }
    let total = client.get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!(total["accepted"], 16 * sent);
    assert_eq!(total["difference"], 0);
    let feedback = client.all_feedback().len() as u64;
    assert_eq!(client.count("a") + feedback, 16 * sent);
    assert_eq!(client.get("/api/v1/shards").unwrap().body, json!({"shards": 8}));
}

#[test]
fn a_count_that_is_no_power_of_two_or_smaller_than_now_is_refused() {
    let stage = Stage::start(|options| options.shards = Some(2));
    for count in [0, 1, 3, 128] {
        let answer = raise(&stage.client(), count);
        assert_eq!(answer.status, 400, "{count}");
    }
}

#[test]
fn raising_the_count_while_servers_send_stores_every_item_once() {
    let mut stage = Stage::start(|options| options.shards = Some(1));
    let client = stage.client();
    let batch = |round: u32| batch_of(&events_of("order", round * 20..round * 20 + 40));
    client
        .ingest(&batch_of(&[feedback_of("said", "before")]))
        .unwrap();
    let is_over = AtomicBool::new(false);
    let rounds = thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let mut round = 0;
            // Every batch overlaps the one before it, and goes out twice.
            while !is_over.load(Ordering::Relaxed) || round < 8 {
                for _ in 0..2 {
                    let answer = client.ingest(&batch(round)).unwrap();
                    assert!(!answer.statuses().contains(&"retry"), "{:?}", answer.body);
                }
                round += 1;
            }
            round
        });
        for count in [2, 8] {
            assert_eq!(raise(&client, count).status, 200);
        }
        is_over.store(true, Ordering::Relaxed);
        sender.join().unwrap()
    });
    let sent = u64::from(rounds * 20 + 20);
    stage.server.kill9().unwrap();
    stage.server.restart().unwrap();
    let client = stage.client();
    for round in 0..rounds {
        // What the parent stored long ago is a repeat at the child, even after both have slept, and again.
        for _ in 0..2 {
            let answer = client.ingest(&batch(round)).unwrap();
            assert_eq!(answer.statuses(), ["duplicate"; 40], "{:?}", answer.body);
        }
    }
    let mut ids: Vec<_> = stage.logged().iter().map(|item| item["id"].to_string()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(
        (ids.len() as u64, stage.logged().len() as u64),
        (sent + 1, sent + 1)
    );
    assert_eq!(client.count("paid"), sent);
    let total = client.get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!(
        (&total["accepted"], &total["difference"]),
        (&json!(sent + 1), &json!(0))
    );
}

#[test]
fn an_erasure_reaches_shards_that_were_split_off() {
    let stage = Stage::start(|options| options.shards = Some(1));
    let client = stage.client();
    assert_eq!(raise(&client, 8).status, 200);
    let of_ann = |item: Value| {
        let mut item = item;
        item["props"] = json!({"user_id": "ann"});
        item
    };
    let items: Vec<_> = events_of("order", 0..32).into_iter().map(of_ann).collect();
    assert_eq!(
        client.ingest(&batch_of(&items)).unwrap().statuses(),
        ["accepted"; 32]
    );
    let erase = || {
        client
            .send("POST", "/api/v1/erase", &[], br#"{"user":"ann"}"#)
            .unwrap()
    };
    let erased = erase();
    assert_eq!(
        (erased.status, &erased.body),
        (200, &json!({"items": 32, "feedback": 0}))
    );
    assert_eq!(erase().body["items"], 0);
    let notices = stage
        .logged()
        .iter()
        .filter(|item| item["type"] == "erasure")
        .count();
    assert_eq!(notices, 32);
    assert_eq!(
        client.ingest(&batch_of(&items)).unwrap().statuses(),
        ["duplicate"; 32]
    );
}

//! Servers send items that have ids of their own instead of seqs: each is stored once, whatever happens on the way.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use hearback_runtime_tests::{
    Answer, Client, Stage, batch_of, demo_item_id as item_id, events_of, feedback_of, number, storm,
};
use serde_json::{Value, json};

fn send(client: &Client, items: &[Value]) -> Answer {
    let answer = client.ingest(&batch_of(items)).unwrap();
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer
}

/// How many items have each of these two answers.
fn tally(answer: &Answer) -> (usize, usize) {
    let of = |wanted: &str| {
        answer
            .statuses()
            .iter()
            .filter(|status| **status == wanted)
            .count()
    };
    (of("accepted"), of("duplicate"))
}

/// No item is in the logs twice; how many there are.
fn distinct(stage: &Stage) -> BTreeSet<String> {
    let logged = stage.logged();
    let ids: BTreeSet<String> = logged
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), logged.len(), "an item is in the log twice");
    ids
}

#[test]
fn an_item_is_stored_once_in_a_batch_across_batches_shards_and_a_power_cut() {
    let mut stage = Stage::start(|options| options.shards = Some(4));
    let client = stage.client();
    let mut items = events_of("order", 0..40);
    items.push(feedback_of("said", "More tea"));
    items.push(items[3].clone());
    let first = send(&client, &items);
    assert_eq!(tally(&first), (41, 1));
    assert_eq!(
        first.body["results"][41],
        json!({"id": "order-3", "status": "duplicate"})
    );
    assert_eq!(tally(&send(&client, &items)), (0, 42));

    stage.server.kill9().unwrap();
    stage.server.restart().unwrap();
    let client = stage.client();
    let again = send(&client, &items);
    assert_eq!(tally(&again), (0, 42));
    assert_eq!(
        again.body["results"][40]["receipt"],
        first.body["results"][40]["receipt"]
    );
    let mut others = events_of("order", 30..50);
    others.reverse();
    assert_eq!(tally(&send(&client, &others)), (10, 10));

    assert_eq!(client.count("paid"), 50);
    let ids = distinct(&stage);
    assert_eq!(ids.len(), 51);
    assert!(ids.contains(&item_id("order-49")) && ids.contains(&item_id("said")));
    let shards = stage.databases("shard");
    let holding = shards
        .iter()
        .filter(|database| number(database, "SELECT count(*) FROM log") > 0);
    assert_eq!(holding.count(), 4);
    let total = client.get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!(
        (
            &total["received"],
            &total["accepted"],
            &total["duplicate"],
            &total["difference"]
        ),
        (
            &json!(42 * 3 + 20),
            &json!(51),
            &json!(42 * 3 + 20 - 51),
            &json!(0)
        )
    );
}

#[test]
fn requests_with_the_same_ids_at_once_store_each_once() {
    let stage = Stage::start(|options| options.shards = Some(2));
    let accepted = AtomicU32::new(0);
    for round in 0..6 {
        let items = events_of(&format!("round-{round}"), 0..10);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let (new, known) = tally(&send(&stage.client(), &items));
                    assert_eq!(new + known, 10);
                    accepted.fetch_add(u32::try_from(new).unwrap(), Ordering::Relaxed);
                });
            }
        });
    }
    assert_eq!(accepted.into_inner(), 60);
    assert_eq!(distinct(&stage).len(), 60);
}

#[test]
fn what_was_acknowledged_between_many_kills_is_there_once() {
    let mut stage = Stage::start(|options| options.shards = Some(4));
    let acknowledged = storm(&mut stage, |sender, round| {
        let items = events_of(&format!("storm-{sender}"), round * 12..round * 12 + 12);
        let ids = items.iter().map(|item| item_id(item["id"].as_str().unwrap()));
        (batch_of(&items), ids.collect())
    });
    assert!(
        acknowledged.len() > 100,
        "only {} were acknowledged",
        acknowledged.len()
    );
    let ids = distinct(&stage);
    assert!(
        acknowledged.iter().all(|id| ids.contains(id)),
        "an acknowledged item is missing"
    );
    assert_eq!(stage.client().count("paid"), ids.len() as u64);
    let total = stage.client().get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!(
        (&total["accepted"], &total["difference"]),
        (&json!(ids.len()), &json!(0))
    );
}

#[test]
fn an_id_is_free_again_when_its_time_is_over_and_old_ones_do_not_pile_up() {
    let mut stage = Stage::start(|_| {});
    let items = events_of("old", 0..300);
    assert_eq!(tally(&send(&stage.client(), &items)), (300, 0));
    stage.server.kill9().unwrap();
    let age = |stage: &Stage, days: u32| {
        let question = format!("UPDATE messages SET day = day - {days}");
        stage.databases("shard")[0].execute(&question, []).unwrap();
    };
    let kept = |stage: &Stage| number(&stage.databases("shard")[0], "SELECT count(*) FROM messages");
    age(&stage, 30);
    stage.server.restart().unwrap();
    assert_eq!(tally(&send(&stage.client(), &items[..10])), (0, 10));
    stage.server.kill9().unwrap();
    age(&stage, 2);
    stage.server.restart().unwrap();
    let client = stage.client();
    assert_eq!(tally(&send(&client, &items[..10])), (10, 0));
    // Every commit looks at some of those that are there: few are left before the next checkpoint.
    for round in 0..4 {
        send(&client, &events_of(&format!("new-{round}"), 0..100));
    }
    let left = kept(&stage);
    assert!((410..500).contains(&left), "{left}");
    for round in 0..512 {
        send(&client, &events_of("one", round..round + 1));
    }
    assert_eq!(kept(&stage), 410 + 512);
}

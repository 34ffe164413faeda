//! What servers are answered: packed batches, mistakes, receipts, the token, quotas, and the guide's own example.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use hearback_collector::objects::placement::shard_of_message;
use hearback_runtime_tests::{
    Answer, Client, Page, Stage, batch_of, demo_item_id as item_id, event_of, events_of, eventually,
    feedback_of, now,
};
use serde_json::{Value, json};

fn send(client: &Client, items: &[Value]) -> Answer {
    let answer = client.ingest(&batch_of(items)).unwrap();
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer
}

#[test]
fn a_server_may_pack_its_batch() {
    let stage = Stage::start(|_| {});
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let batch = batch_of(&events_of("packed", 0..500)).to_string();
    packed.write_all(batch.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    for expected in ["accepted", "duplicate"] {
        let answer = stage.client().post("/v1/ingest", &headers, &packed).unwrap();
        assert_eq!(answer.statuses(), [expected; 500]);
    }
}

#[test]
fn each_mistake_in_a_servers_batch_is_named_and_counted_once() {
    let stage = Stage::start(|options| options.shards = Some(4));
    let client = stage.client();
    let day_ms = 24 * 60 * 60 * 1000;
    let at = |at: u64| {
        let mut item = event_of("late", "paid");
        item["at"] = json!(at);
        item
    };
    let mut unnamed = event_of("x", "paid");
    unnamed.as_object_mut().unwrap().remove("id");
    let items = [
        event_of("a", "paid"),
        Page::event(1, "paid"),
        event_of("two words", "paid"),
        at(now() - 30 * day_ms),
        at(now() + 2 * day_ms),
        at(now() / 1000),
        unnamed,
        json!(7),
        event_of("b", "paid"),
    ];
    let answer = send(&client, &items);
    let codes: Vec<_> = answer.body["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| &result["code"])
        .collect();
    let expected = json!([
        null,
        "identity_mismatch",
        "id_invalid",
        "too_old",
        "in_the_future",
        "too_old",
        "missing_field",
        "malformed_item",
        null
    ]);
    assert_eq!(json!(codes), expected);
    assert_eq!(
        (answer.statuses()[0], answer.statuses()[8]),
        ("accepted", "accepted")
    );
    let page = Page::new(1).batch(&[event_of("a", "paid"), Page::event(1, "paid")]);
    let mixed = client.ingest(&page).unwrap();
    assert_eq!(mixed.statuses(), ["rejected", "accepted"]);
    assert_eq!(
        (
            &mixed.body["results"][0]["code"],
            &mixed.body["results"][0]["field"]
        ),
        (&json!("identity_mismatch"), &json!("id"))
    );
    // A batch of nothing but mistakes is explained, too.
    assert_eq!(send(&client, &[json!(7)]).statuses(), ["rejected"]);
    let total = client.get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!(
        (&total["received"], &total["accepted"], &total["difference"]),
        (&json!(12), &json!(3), &json!(0))
    );
    assert_eq!(
        total["rejected"],
        json!({"identity_mismatch": 2, "id_invalid": 1, "too_old": 2, "in_the_future": 1, "missing_field": 1, "malformed_item": 2})
    );
}

#[test]
fn the_receipt_of_what_a_server_sent_finds_it_and_erases_it() {
    let stage = Stage::start(|options| options.shards = Some(4));
    let client = stage.client();
    let said = feedback_of("ticket-17", "It broke");
    let receipt = send(&client, std::slice::from_ref(&said)).body["results"][0]["receipt"].take();
    let receipt = receipt.as_str().unwrap().to_owned();
    let seen = eventually(20, "the feedback arrives", || {
        let answer = client.get(&format!("/v1/receipts/{receipt}")).unwrap();
        (answer.status == 200).then_some(answer)
    });
    assert_eq!(seen.body["status"], "received");
    assert_eq!(client.all_feedback()[0].id, item_id("ticket-17"));
    let erase = || {
        let body = json!({"receipt": receipt}).to_string();
        client
            .send("POST", "/api/v1/erase", &[], body.as_bytes())
            .unwrap()
            .body
    };
    assert_eq!(erase(), json!({"items": 1, "feedback": 1}));
    assert_eq!(erase(), json!({"items": 0, "feedback": 0}));
    assert_eq!(
        client.get(&format!("/v1/receipts/{receipt}")).unwrap().status,
        404
    );
    // What was erased does not come back with a repeat.
    let again = send(&client, &[said]);
    assert_eq!(
        (again.statuses(), &again.body["results"][0]["receipt"]),
        (vec!["duplicate"], &json!(receipt))
    );
    assert!(client.all_feedback().is_empty());
}

#[test]
fn with_a_list_of_origins_a_server_brings_the_token_and_is_counted_as_no_visitor() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let post = |items: &[Value], headers: &[(&str, &str)]| {
        let headers = [
            &[("content-type", "application/json"), ("user-agent", "curl/8.1")][..],
            headers,
        ]
        .concat();
        client
            .post("/v1/ingest", &headers, batch_of(items).to_string().as_bytes())
            .unwrap()
    };
    assert_eq!(post(&[event_of("open", "paid")], &[]).statuses(), ["accepted"]);
    client.set(&json!({"origins": ["https://shop.example"]}));
    let refused = eventually(90, "the list is known", || {
        let answer = post(&[event_of("without", "paid")], &[]);
        (answer.status == 403).then_some(answer)
    });
    assert_eq!(refused.body["type"], "urn:hearback:problem:origin-not-allowed");
    let token = format!("Bearer {}", stage.server.token());
    let told = post(&[event_of("with", "paid")], &[("authorization", &token)]);
    assert_eq!(told.statuses(), ["accepted"]);
    let logged = stage.logged();
    let edge_of = |id: &str| {
        &logged
            .iter()
            .find(|item| item["id"] == item_id(id).as_str())
            .unwrap()["edge"]
    };
    assert_eq!(edge_of("with"), &Value::Null);
    assert_eq!(edge_of("open")["flags"][0], "bot:script");
}

#[test]
fn a_full_shard_keeps_no_other_from_taking_its_part() {
    let stage = Stage::start(|options| options.shards = Some(4));
    let client = stage.client();
    // Each of the four shards has room for two items.
    client.set(&json!({"quota": {"items_per_hour": 8}}));
    let of_shard = |shard: u32| {
        (0..)
            .map(|n| format!("id-{n}"))
            .filter(move |id| shard_of_message(&item_id(id), 4) == shard)
    };
    let named = |shard: u32, skip: usize, count: usize| -> Vec<Value> {
        of_shard(shard)
            .skip(skip)
            .take(count)
            .map(|id| event_of(&id, "paid"))
            .collect()
    };
    let items = [named(0, 0, 3), named(1, 0, 2), named(2, 0, 1)].concat();
    let answer = send(&client, &items);
    assert_eq!(
        answer.statuses(),
        ["retry", "retry", "retry", "accepted", "accepted", "accepted"]
    );
    // Where all that were asked are full, the request is refused whole.
    let full = client
        .ingest(&batch_of(&[named(0, 0, 3), named(1, 2, 1)].concat()))
        .unwrap();
    assert_eq!(
        (full.status, &full.body["type"]),
        (429, &json!("urn:hearback:problem:too-many-requests"))
    );
    assert!(full.header("retry-after").unwrap().parse::<u64>().unwrap() <= 3_600);
    assert_eq!(stage.logged().len(), 3);
    // Both are told to the ledger with what is stored next.
    assert_eq!(send(&client, &named(3, 0, 1)).statuses(), ["accepted"]);
    let total = client.get("/api/v1/ledger").unwrap().body["total"].take();
    assert_eq!(
        (&total["received"], &total["accepted"], &total["difference"]),
        (&json!(4), &json!(4), &json!(0))
    );
    assert_eq!(total["apart"]["quota"], 3 + 4);
}

/// The block of docs/server.md in this language.
fn example(language: &str) -> String {
    let page = std::fs::read_to_string(xtask::paths::root().join("docs/server.md")).unwrap();
    let block = page.split(&format!("```{language}\n")).nth(1).unwrap();
    block.split("```").next().unwrap().to_owned()
}

#[test]
fn the_example_of_the_guide_sends_until_it_has_an_answer() {
    let mut stage = Stage::start(|_| {});
    stage.server.kill9().unwrap();
    let mut sender = Command::new("node")
        .args(["--input-type=module", "--eval", &example("js")])
        .env("HEARBACK_URL", stage.server.url())
        .env("HEARBACK_KEY", "pk_demo")
        .env("HEARBACK_TOKEN", stage.server.token())
        .spawn()
        .unwrap();
    thread::sleep(Duration::from_millis(700));
    assert!(
        sender.try_wait().unwrap().is_none(),
        "it gave up without an answer"
    );
    stage.server.restart().unwrap();
    assert!(sender.wait().unwrap().success());
    assert_eq!(stage.client().count("order_paid"), 1);
}

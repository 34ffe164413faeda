//! Where every item went, and that it adds up.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Page, Stage};
use serde_json::{Value, json};

fn ledger(stage: &Stage) -> Value {
    stage.client().get("/api/v1/ledger").unwrap().body
}

#[test]
fn every_item_is_explained_whatever_became_of_it() {
    let mut stage = Stage::start(|options| options.shards = Some(2));
    let client = stage.client();
    for number in 0..8 {
        let page = Page::new(number << 32 | number);
        let mut items = vec![Page::event(1, "a"), Page::event(2, "b"), Page::feedback(3, "c")];
        items.push(json!({"seq": 4, "at": 1, "type": "event"}));
        items.push(json!(7));
        client.ingest(&page.batch(&items)).unwrap();
        client.ingest(&page.batch(&items[..2])).unwrap();
        client.ingest(&page.batch(&items[3..4])).unwrap();
    }
    let check = |stage: &Stage| {
        let total = ledger(stage)["total"].take();
        assert_eq!(total["received"], 8 * 8);
        assert_eq!(total["accepted"], 8 * 3);
        assert_eq!(total["duplicate"], 8 * 2);
        assert_eq!(
            total["rejected"],
            json!({"missing_field": 8 * 2, "malformed_item": 8})
        );
        assert_eq!(total["difference"], 0);
    };
    check(&stage);
    // None of it lives in memory only.
    stage.server.kill9().unwrap();
    stage.server.restart().unwrap();
    check(&stage);
}

#[test]
fn it_is_read_with_a_token_and_by_full_hours() {
    let stage = Stage::start(|_| {});
    assert_eq!(
        stage
            .client()
            .with_token("tk_demo_x")
            .get("/api/v1/ledger")
            .unwrap()
            .status,
        401
    );
    let answer = stage
        .client()
        .get("/api/v1/ledger?from=3600001&to=7200001")
        .unwrap();
    assert_eq!(
        (answer.body["from"].as_u64(), answer.body["to"].as_u64()),
        (Some(3_600_000), Some(10_800_000))
    );
    assert_eq!(answer.body["hours"], json!([]));
}

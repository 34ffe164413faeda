//! What the team sets takes effect: settings, keys, origins, limits.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Page, Stage};
use serde_json::json;

#[test]
fn of_two_editors_one_saves_and_the_other_is_told() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let first = client.get("/api/v1/settings").unwrap();
    assert_eq!((first.status, first.header("etag")), (200, Some("\"0\"")));
    assert_eq!(first.body["retention"]["events_days"], 90);
    let put = |tag: &str, body: &str| {
        client
            .send("PUT", "/api/v1/settings", &[("if-match", tag)], body.as_bytes())
            .unwrap()
    };
    let saved = put("\"0\"", r#"{"keep_query":["page"]}"#);
    assert_eq!((saved.status, saved.header("etag")), (200, Some("\"1\"")));
    assert_eq!(put("\"0\"", "{}").status, 412);
    assert_eq!(
        client.send("PUT", "/api/v1/settings", &[], b"{}").unwrap().status,
        428
    );
    let wrong = put("*", r#"{"quota":{"items_per_huor":1}}"#);
    assert_eq!(
        (wrong.status, &wrong.body["mistakes"][0]["path"]),
        (422, &json!("quota.items_per_huor"))
    );
    let kept = client.get("/api/v1/settings").unwrap();
    assert_eq!(
        (kept.header("etag"), &kept.body["keep_query"]),
        (Some("\"1\""), &json!(["page"]))
    );
    assert_eq!(
        client
            .with_token("tk_demo_a.x")
            .get("/api/v1/settings")
            .unwrap()
            .status,
        401
    );
}

#[test]
fn settings_outlive_a_power_cut() {
    let mut stage = Stage::start(|_| {});
    stage.client().set(&json!({"breakdowns": ["plan"]}));
    stage.server.kill9().unwrap();
    stage.server.restart().unwrap();
    let kept = stage.client().get("/api/v1/settings").unwrap();
    assert_eq!(kept.body["breakdowns"], json!(["plan"]));
    let page = Page::new(1);
    let answer = stage
        .client()
        .ingest(&page.batch(&[Page::event(1, "a")]))
        .unwrap();
    assert_eq!(answer.statuses(), ["accepted"]);
}

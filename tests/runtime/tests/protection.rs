//! What the team sets takes effect: settings, keys, origins, limits.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Answer, Client, Page, Stage, eventually};
use serde_json::{Value, json};

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

fn ingest(client: &Client, batch: &Value, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("content-type", "text/plain")];
    all.extend_from_slice(headers);
    client
        .post("/v1/ingest", &all, batch.to_string().as_bytes())
        .unwrap()
}

#[test]
fn a_revoked_key_is_refused_and_the_next_generation_works() {
    let stage = Stage::start(|options| options.demo = false);
    let client = stage.client();
    let page = Page::new(1);
    let send = |key: &Value, seq: u64| {
        let mut batch = page.batch(&[Page::event(seq, "a")]);
        batch["key"] = key.clone();
        client.ingest(&batch).unwrap()
    };
    let old = client.get("/api/v1/project").unwrap().body["key"].clone();
    assert_eq!(send(&old, 1).statuses(), ["accepted"]);
    let in_use = client.send("DELETE", "/api/v1/keys/0", &[], b"").unwrap();
    assert_eq!(
        (in_use.status, &in_use.body["type"]),
        (409, &json!("urn:hearback:problem:key-in-use"))
    );
    let rotated = client.send("POST", "/api/v1/keys", &[], b"").unwrap();
    assert_eq!((rotated.status, &rotated.body["generation"]), (201, &json!(1)));
    let new = rotated.body["key"].clone();
    assert_eq!(client.get("/api/v1/project").unwrap().body["key"], new);
    assert_eq!((send(&old, 2).status, send(&new, 3).status), (202, 202));
    assert_eq!(
        client.send("DELETE", "/api/v1/keys/0", &[], b"").unwrap().status,
        204
    );
    eventually(60, "the old key is refused", || {
        (send(&old, 4).status == 401).then_some(())
    });
    assert_eq!(send(&new, 5).statuses(), ["accepted"]);
    let list = client.get("/api/v1/keys").unwrap().body;
    assert_eq!(list["keys"][0]["generation"], 1);
    assert!(
        list["keys"][1]["revoked_at"].is_u64() && list["keys"][0]["revoked_at"].is_null(),
        "{list}"
    );
}

#[test]
fn only_listed_origins_may_send_and_servers_bring_a_token() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    client.set(&json!({"origins": ["https://shop.example"]}));
    let page = Page::new(1);
    let batch = |seq| page.batch(&[Page::event(seq, "a")]);
    let ours = ingest(&client, &batch(1), &[("origin", "https://shop.example")]);
    assert_eq!(
        (ours.statuses(), ours.header("access-control-allow-origin")),
        (vec!["accepted"], Some("https://shop.example"))
    );
    let theirs = ingest(&client, &batch(2), &[("origin", "https://evil.example")]);
    assert_eq!(
        (theirs.status, &theirs.body["type"]),
        (403, &json!("urn:hearback:problem:origin-not-allowed"))
    );
    assert_eq!(ingest(&client, &batch(3), &[]).status, 403);
    let token = format!("Bearer {}", stage.server.token());
    assert_eq!(
        ingest(&client, &batch(4), &[("authorization", &token)]).statuses(),
        ["accepted"]
    );
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", stage.server.url().leak() as &str),
    ];
    let sent = client
        .post("/f/pk_demo", &form, b"kind=bug&text=It+broke+again")
        .unwrap();
    assert_eq!(sent.status, 200, "{}", sent.body);
}

#[test]
fn who_sends_too_often_is_told_how_long_to_wait_and_others_are_not_touched() {
    let stage =
        Stage::start(|options| options.settings = vec![("CLIENT_ADDRESS_HEADER".into(), "x-peer".into())]);
    let client = stage.client();
    client.set(&json!({"quota": {"requests_per_minute_per_address": 3}}));
    let page = Page::new(1);
    let from = |seq, peer| {
        ingest(
            &client,
            &page.batch(&[Page::event(seq, "a")]),
            &[("x-peer", peer)],
        )
    };
    // The minute may turn in between, and lets in as many again at most.
    let refused = (1..=8)
        .map(|seq| from(seq, "192.0.2.7"))
        .find(|answer| answer.status == 429)
        .unwrap();
    assert_eq!(refused.body["type"], "urn:hearback:problem:too-many-requests");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(from(1, "192.0.2.99").status, 429, "the same network");
    assert_eq!(from(9, "198.51.100.7").statuses(), ["accepted"]);
}

#[test]
fn a_projects_hourly_quota_is_exact_and_holds_over_a_restart() {
    let mut stage = Stage::start(|_| {});
    let client = stage.client();
    client.set(&json!({"quota": {"items_per_hour": 10}}));
    let page = Page::new(1);
    let batch =
        |from: u64, to: u64| page.batch(&(from..=to).map(|seq| Page::event(seq, "a")).collect::<Vec<_>>());
    assert_eq!(client.ingest(&batch(1, 8)).unwrap().status, 202);
    assert_eq!(client.ingest(&batch(1, 1)).unwrap().statuses(), ["duplicate"]);
    assert_eq!(client.ingest(&batch(9, 11)).unwrap().status, 429);
    stage.server.restart().unwrap();
    let client = stage.client();
    assert_eq!(
        client.ingest(&batch(9, 10)).unwrap().statuses(),
        ["accepted", "accepted"]
    );
    let full = client.ingest(&batch(11, 11)).unwrap();
    assert_eq!(full.status, 429);
    assert!(full.header("retry-after").unwrap().parse::<u64>().unwrap() <= 3_600);
}

#[test]
fn privacy_control_stops_events_and_never_feedback() {
    let stage = Stage::start(|_| {});
    let page = Page::new(1);
    let batch = page.batch(&[Page::event(1, "a"), Page::feedback(2, "Still broken")]);
    let answer = ingest(&stage.client(), &batch, &[("sec-gpc", "1")]);
    assert_eq!(answer.statuses(), ["rejected", "accepted"]);
    assert_eq!(answer.body["results"][0]["code"], "gpc");
}

#[test]
fn suspicious_feedback_is_held_back_listed_and_released() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let trapped = b"kind=bug&text=Cheap+pills&website=x&made_at=1";
    assert_eq!(client.post("/f/pk_demo", &form, trapped).unwrap().status, 200);
    let held = eventually(20, "it is held back", || {
        let page = client.get("/api/v1/feedback?state=quarantined").unwrap().body;
        page["items"].get(0).cloned()
    });
    assert_eq!(held["quarantine"], json!(["suspect:honeypot"]));
    assert_eq!(client.get("/api/v1/feedback").unwrap().body["total"], 0);
    let release = format!("/api/v1/feedback/{}/release", held["id"].as_str().unwrap());
    assert_eq!(client.send("POST", &release, &[], b"").unwrap().status, 204);
    let open = client.get("/api/v1/feedback").unwrap().body;
    assert_eq!(
        (&open["total"], &open["items"][0]["id"]),
        (&json!(1), &held["id"])
    );
    assert_eq!(
        client
            .send("POST", "/api/v1/feedback/x/release", &[], b"")
            .unwrap()
            .status,
        404
    );
}

//! Attachments, export and erasure.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Client, Page, Sink, Stage, eventually};
use serde_json::{Value, json};

const PNG: &[u8] = include_bytes!("../../../collector/src/attachments/pictures/text.png");

fn attach(client: &Client, body: &[u8]) -> hearback_runtime_tests::Answer {
    // What the sender calls it does not matter.
    client
        .post(
            "/v1/attachments?key=pk_demo",
            &[("content-type", "text/html")],
            body,
        )
        .unwrap()
}

fn feedback_with(seq: u64, attachments: &[&Value]) -> Value {
    let mut item = Page::feedback(seq, "See the picture");
    item["attachments"] = json!(attachments);
    item
}

#[test]
fn a_picture_is_stripped_kept_and_served_to_signed_in_readers_as_a_download() {
    let mut stage = Stage::start(|_| {});
    let client = stage.client();
    let taken = attach(&client, PNG);
    assert_eq!(taken.status, 201, "{}", taken.body);
    let id = taken.body["id"].clone();
    let page = Page::new(1);
    let answer = client.ingest(&page.batch(&[feedback_with(1, &[&id])])).unwrap();
    assert_eq!(answer.statuses(), ["accepted"]);
    let row = eventually(20, "the feedback arrives", || client.all_feedback().pop());
    assert_eq!(json!(row.attachments), json!([id]));

    stage.server.kill9().unwrap();
    stage.server.restart().unwrap();
    let client = stage.client();
    let path = format!("/api/v1/attachments/{}", id.as_str().unwrap());
    let served = client.get(&path).unwrap();
    assert_eq!((served.status, served.content_type.as_str()), (200, "image/png"));
    assert!(served.bytes.starts_with(b"\x89PNG") && !served.bytes.windows(6).any(|part| part == b"secret"));
    assert_eq!(served.header("x-content-type-options"), Some("nosniff"));
    assert!(
        served
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
    assert!(
        served
            .header("content-security-policy")
            .unwrap()
            .starts_with("sandbox")
    );
    assert_eq!(client.with_token("tk_x").get(&path).unwrap().status, 401);
}

#[test]
fn what_is_no_picture_too_large_or_not_ours_is_refused() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    for body in [b"<svg onload=alert(1)>".as_slice(), &PNG[..100], b""] {
        assert_eq!(attach(&client, body).status, 415);
    }
    let mut large = PNG.to_vec();
    large.resize(5 * 1024 * 1024 + 1, 0);
    // It is refused by its announced length: the sender may find the connection closed while it still sends.
    let refused = client.post("/v1/attachments?key=pk_demo", &[], &large);
    assert!(refused.map_or(true, |answer| answer.status == 413));
    large.truncate(5 * 1024 * 1024);
    assert_eq!(attach(&client, &large).status, 201);
    assert_eq!(client.post("/v1/attachments", &[], PNG).unwrap().status, 401);
    let forged = json!("att_demo_a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let page = Page::new(1);
    let answer = client
        .ingest(&page.batch(&[feedback_with(1, &[&forged])]))
        .unwrap();
    assert_eq!(answer.body["results"][0]["code"], "attachment_invalid");
}

fn said_by(seq: u64, email: &str) -> Value {
    let mut item = Page::feedback(seq, "=HYPERLINK(1)");
    item["contact"] = json!({"email": email});
    item
}

fn done_by(seq: u64, user: &str) -> Value {
    let mut item = Page::event(seq, "signup");
    item["props"] = json!({"user_id": user});
    item
}

#[test]
fn an_export_holds_everything_of_a_project_or_a_person() {
    let stage = Stage::start(|options| options.shards = Some(2));
    let client = stage.client();
    for page in 1..=6 {
        let items = [done_by(1, "ann"), done_by(2, "bob"), said_by(3, "ann@b.example")];
        let answer = client.ingest(&Page::new(page).batch(&items)).unwrap();
        assert_eq!(answer.statuses(), ["accepted"; 3]);
    }
    let lines = |query: &str| -> Vec<Value> {
        let answer = client.get(&format!("/api/v1/export{query}")).unwrap();
        assert_eq!(answer.status, 200);
        let text = String::from_utf8(answer.bytes).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    eventually(20, "everything is there", || {
        (lines("").len() == 18).then_some(())
    });
    assert_eq!(lines("?user=bob").len(), 6);
    assert_eq!(lines("?user=ann%40b.example").len(), 6);
    let csv = client.get("/api/v1/export?format=csv").unwrap();
    let text = String::from_utf8(csv.bytes).unwrap();
    assert_eq!(text.lines().count(), 19);
    assert!(text.contains("\"'=HYPERLINK(1)\""), "{text}");
    assert_eq!(client.get("/api/v1/export?format=xls").unwrap().status, 400);
    assert_eq!(
        client.with_token("tk_x").get("/api/v1/export").unwrap().status,
        401
    );
}

#[test]
fn an_erasure_reaches_the_log_the_inbox_the_pictures_and_the_sinks() {
    let sink = Sink::start();
    let stage = Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(100);
    });
    let client = stage.client();
    let picture = attach(&client, PNG).body["id"].clone();
    let page = Page::new(1);
    let mut said = said_by(2, "ann@b.example");
    said["attachments"] = json!([picture]);
    let sent = client
        .ingest(&page.batch(&[done_by(1, "ann"), said, done_by(3, "bob")]))
        .unwrap();
    let receipt = sent.body["results"][1]["receipt"].as_str().unwrap().to_owned();
    eventually(20, "the feedback arrives", || client.all_feedback().pop());
    assert_eq!(client.count("signup"), 2);

    let erase = |body: Value| {
        client
            .send("POST", "/api/v1/erase", &[], body.to_string().as_bytes())
            .unwrap()
    };
    assert_eq!(
        erase(json!({"user": "ann"})).body,
        json!({"items": 1, "feedback": 0})
    );
    assert_eq!(
        erase(json!({"receipt": receipt})).body,
        json!({"items": 1, "feedback": 1})
    );
    assert_eq!(
        erase(json!({"receipt": receipt})).body,
        json!({"items": 0, "feedback": 0})
    );
    assert_eq!(erase(json!({"receipt": "rcp_x"})).status, 404);
    assert_eq!(erase(json!({"everybody": true})).status, 400);

    assert!(client.all_feedback().is_empty());
    let path = format!("/api/v1/attachments/{}", picture.as_str().unwrap());
    assert_eq!(client.get(&path).unwrap().status, 404);
    let export = String::from_utf8(client.get("/api/v1/export").unwrap().bytes).unwrap();
    assert!(!export.contains("ann") && export.contains("bob"), "{export}");
    // What was counted stays, and an item that was erased is not stored again.
    assert_eq!(client.count("signup"), 2);
    let again = client.ingest(&page.batch(&[done_by(1, "ann")])).unwrap();
    assert_eq!(again.statuses(), ["duplicate"]);
    let gone = |seq: u64| format!("{}-{seq}", page.producer);
    eventually(20, "the sink is told", || {
        let lines: Vec<Value> = sink
            .kept()
            .iter()
            .flat_map(|delivery| {
                delivery
                    .body
                    .lines()
                    .map(|line| serde_json::from_str(line).unwrap())
                    .collect::<Vec<_>>()
            })
            .collect();
        let notices: Vec<_> = lines.iter().filter(|line| line["type"] == "erasure").collect();
        let tells = |id: String| notices.iter().any(|notice| notice["of"] == id.as_str());
        (notices.len() == 2 && tells(gone(1)) && tells(gone(2))).then_some(())
    });
}

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use hearback_shared::UnixMillis;
use hearback_shared::producer::Producer;
use hearback_shared::settings::EdgeView;
use hearback_shared::wire::{IngestAnswer, Status};
use serde_json::json;

use super::*;
use crate::objects::append::{AppendItem, Outcome};
use crate::sender::Sender;

const NOW: UnixMillis = 1_795_000_000_000;

fn config() -> Config {
    let lookup = |name: &str| match name {
        "SIGNING_KEYS" => Some("a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE".to_owned()),
        "DEMO" => Some("1".to_owned()),
        _ => None,
    };
    Config::read(lookup).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn body(key: &str, items: &str) -> String {
    let producer = Producer::new(NOW, [1; 12]);
    format!(r#"{{"key":"{key}","producer":"{producer}","sent_at":{NOW},"items":[{items}]}}"#)
}

fn judge(body: &[u8], config: &Config, now: UnixMillis) -> Result<JudgedBatch, Problem> {
    let opened = open(body, config, now)?;
    Ok(opened.judge(&EdgeView::default(), &Sender::default(), &config.signing, now))
}

#[track_caller]
fn refused(body: &[u8]) -> Problem {
    judge(body, &config(), NOW).map(|_| ()).expect_err("a problem")
}

#[test]
fn the_tenant_comes_from_the_key() {
    let key = config().signing.key(&"shop".parse().expect("a project"), 0);
    let judged = judge(body(&key, "").as_bytes(), &config(), NOW).expect("a batch");
    assert_eq!(judged.project.as_str(), "shop");
    assert_eq!(
        refused(body("pk_shop_a.AAAAAAAAAAAAAAAAAAAAAA", "").as_bytes()),
        Problem::UnknownKey
    );
}

#[test]
fn the_demo_key_exists_in_the_demo_only() {
    assert!(project_of_key("pk_demo", &config()).is_ok());
    assert_eq!(
        project_of_key(
            "pk_demo",
            &Config {
                demo: false,
                ..config()
            }
        ),
        Err(Problem::UnknownKey)
    );
}

#[test]
fn privacy_control_stops_events_and_never_feedback() {
    let items = r#"{"seq":1,"at":1,"type":"event","name":"a"},{"seq":2,"at":1,"type":"feedback","kind":"bug","text":"b"}"#;
    let body = body("pk_demo", items);
    let config = config();
    let sender = Sender {
        says_gpc: true,
        ..Sender::default()
    };
    let opened = open(body.as_bytes(), &config, NOW).expect("a batch");
    let judged = opened.judge(&EdgeView::default(), &sender, &config.signing, NOW);
    let answer =
        serde_json::to_value(judged.answer(&[Some(Outcome::Stored)], &config.signing)).expect("JSON");
    assert_eq!(answer["results"][0]["code"], "gpc");
    assert_eq!(answer["results"][1]["status"], "accepted");
}

#[test]
fn a_body_that_cannot_be_read_is_refused_whole_and_says_where() {
    assert_eq!(refused(b"{\"key\":\"\xff\"}"), Problem::BrokenUtf8 { at_byte: 8 });
    assert!(matches!(refused(b"{"), Problem::BrokenJson { .. }));
    assert!(matches!(refused(b"{\"more\":1}"), Problem::BadBatch { .. }));
    assert_eq!(
        refused(body("pk_demo", &vec!["1"; 501].join(",")).as_bytes()),
        Problem::TooManyItems
    );
    let future = Producer::new(NOW + 3 * 86_400_000, [0; 12]);
    let json = body("pk_demo", "").replace(&Producer::new(NOW, [1; 12]).to_string(), &future.to_string());
    assert_eq!(refused(json.as_bytes()), Problem::BadProducer);
}

#[test]
fn a_gzip_bomb_is_cut_off_at_the_limit() {
    let pack = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    assert_eq!(decoded(pack(b"hello"), Some("gzip")), Ok(b"hello".to_vec()));
    assert_eq!(
        decoded(pack(&vec![b' '; 50 << 20]), Some("gzip")),
        Err(Problem::BodyTooLarge)
    );
    assert_eq!(decoded(b"junk".to_vec(), Some("gzip")), Err(Problem::BrokenGzip));
    assert_eq!(
        decoded(b"x".to_vec(), Some("br")),
        Err(Problem::UnsupportedEncoding)
    );
}

#[test]
fn a_batch_that_grows_too_large_is_stored_in_part_and_the_rest_is_asked_for_again() {
    let path = "ü".repeat(2_000);
    let context = format!(
        r#""context":{{"url":"https://a.example/{path}","referrer":"https://b.example/{path}"}},"items""#
    );
    let items: Vec<String> = (1..=500)
        .map(|seq| format!(r#"{{"seq":{seq},"at":1,"type":"event","name":"a"}}"#))
        .collect();
    let body = body("pk_demo", &items.join(",")).replace(r#""items""#, &context);
    let mut judged = judge(body.as_bytes(), &config(), NOW).expect("a batch");
    let stored = judged.append().items.len();
    assert!((100..500).contains(&stored), "{stored}");
    let answer = judged.answer(&vec![Some(Outcome::Stored); stored], &config().signing);
    let retries = answer
        .results
        .iter()
        .filter(|result| result.status == Status::Retry)
        .count();
    assert_eq!(retries, 500 - stored);
}

#[test]
fn every_item_gets_its_own_answer_in_order() {
    let items = r#"{"seq":1,"at":1,"type":"event","name":"a"},7,{"seq":2,"at":1,"type":"feedback","kind":"bug","text":"b"}"#;
    let mut judged = judge(body("pk_demo", items).as_bytes(), &config(), NOW).expect("a batch");
    assert_eq!(judged.append().items.len(), 3);
    let json = |outcomes: &[Option<Outcome>]| {
        serde_json::to_value(judged.answer(outcomes, &config().signing)).expect("JSON")["results"].take()
    };
    let results = json(&[Some(Outcome::Stored), Some(Outcome::Duplicate)]);
    assert_eq!(results[0], json!({"seq": 1, "status": "accepted"}));
    assert_eq!(
        (&results[1]["index"], &results[1]["code"]),
        (&1.into(), &"malformed_item".into())
    );
    assert_eq!(results[2]["status"], "duplicate");
    assert!(
        results[2]["receipt"]
            .as_str()
            .is_some_and(|receipt| receipt.starts_with("rcp_demo_a."))
    );
    assert_eq!(json(&[])[0], json!({"seq": 1, "status": "retry"}));
}

/// A batch of a server: no producer, each item with its id.
fn named(items: &str) -> JudgedBatch {
    let body = format!(r#"{{"key":"pk_demo","sent_at":{NOW},"items":[{items}]}}"#);
    judge(body.as_bytes(), &config(), NOW).expect("a batch")
}

fn event(id: &str) -> String {
    format!(r#"{{"id":"{id}","at":{NOW},"type":"event","name":"paid"}}"#)
}

fn results(answer: &IngestAnswer) -> serde_json::Value {
    serde_json::to_value(answer).expect("JSON")["results"].take()
}

#[test]
fn items_with_ids_are_told_apart_by_them_and_answered_under_them() {
    let said = format!(r#"{{"id":"b","at":{NOW},"type":"feedback","kind":"bug","text":"b"}}"#);
    let mut judged = named(&format!(r#"{},{said},{{"id":"c d","at":1}},7"#, event("a")));
    let append = judged.append();
    assert_eq!((append.producer, append.received), (None, 4));
    let stored: Vec<_> = append.message_ids().collect();
    let id = |id: &str| {
        let id: hearback_shared::message_id::MessageId = id.parse().expect("an id");
        id.item_id(&"demo".parse().expect("a project"))
    };
    assert_eq!(stored, [id("a"), id("b")]);
    assert!(append.has_feedback());
    let AppendItem::Message { line, .. } = &append.items[0] else {
        panic!("a message")
    };
    assert!(line.starts_with(&format!(r#"{{"id":"{}""#, id("a"))), "{line}");

    let outcomes = [Some(Outcome::Stored), Some(Outcome::Duplicate)];
    let told = results(&judged.answer(&outcomes, &config().signing));
    assert_eq!(told[0], json!({"id": "a", "status": "accepted"}));
    assert_eq!(
        (&told[1]["id"], &told[1]["status"]),
        (&json!("b"), &json!("duplicate"))
    );
    let receipt = told[1]["receipt"].as_str().expect("a receipt");
    let receipt = config().signing.verify_receipt(receipt).expect("ours");
    assert_eq!(receipt.item_id, id("b"));
    assert_eq!(
        (&told[2]["index"], &told[2]["code"]),
        (&json!(2), &json!("missing_field"))
    );
    assert_eq!(
        (&told[3]["index"], &told[3]["code"]),
        (&json!(3), &json!("malformed_item"))
    );
}

#[test]
fn a_batch_numbers_its_items_or_names_them_and_not_both() {
    let numbered = r#"{"seq":1,"at":1,"type":"event","name":"a"}"#;
    let mut mixed = named(&format!("{numbered},{}", event("a")));
    assert_eq!(mixed.append().message_ids().count(), 1);
    let told = results(&mixed.answer(&[Some(Outcome::Stored)], &config().signing));
    assert_eq!(
        (&told[0]["seq"], &told[0]["code"], &told[0]["field"]),
        (&json!(1), &json!("identity_mismatch"), &json!("seq"))
    );
    assert_eq!(told[1]["status"], "accepted");

    let mixed = body("pk_demo", &format!("{},{numbered}", event("a")));
    let mixed = judge(mixed.as_bytes(), &config(), NOW).expect("a batch");
    let told = results(&mixed.answer(&[Some(Outcome::Stored)], &config().signing));
    assert_eq!(
        (&told[0]["id"], &told[0]["code"], &told[0]["field"]),
        (&json!("a"), &json!("identity_mismatch"), &json!("id"))
    );
    assert_eq!(told[1]["status"], "accepted");
}

#[test]
fn items_with_ids_that_grow_too_large_are_stored_in_part() {
    let path = "ü".repeat(2_000);
    let items: Vec<_> = (0..500).map(|n| event(&n.to_string())).collect();
    let body = format!(
        r#"{{"key":"pk_demo","sent_at":{NOW},"context":{{"url":"https://a.example/{path}","referrer":"https://b.example/{path}"}},"items":[{}]}}"#,
        items.join(",")
    );
    let mut judged = judge(body.as_bytes(), &config(), NOW).expect("a batch");
    let append = judged.append();
    let stored = append.items.len();
    assert!((100..500).contains(&stored), "{stored}");
    assert_eq!(judged.left_out(&append), 500 - stored as u64);
    let mut spread = Spread::of(append, 4);
    for part in spread.next_parts() {
        let done = vec![Outcome::Stored; part.append.items.len()];
        spread.heard(part, Some(crate::objects::append::AppendAnswer::Done(done)));
    }
    let answer = judged.answer(&spread.finish().outcomes, &config().signing);
    let (kept, again) = answer.results.split_at(stored);
    assert!(
        kept.iter()
            .all(|result| matches!(result.status, Status::Accepted { .. }))
    );
    assert!(again.iter().all(|result| result.status == Status::Retry));
}

//! Deliveries to what is bound to the Worker: an R2 bucket and a queue, in Miniflare.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;

use hearback_runtime_tests::{Client, Kept, Miniflare, Page, eventually, gunzipped, ids_of, now};
use serde_json::{Value, json};

fn sinks(client: &Client) -> [Value; 2] {
    let sinks = client.get("/api/v1/sinks").unwrap().body["sinks"].take();
    [0, 1].map(|index| sinks[index].clone())
}

fn delivered(client: &Client) {
    eventually(40, "nothing pending", || {
        sinks(client)
            .iter()
            .all(|sink| sink["pending"] == 0)
            .then_some(())
    });
}

fn text(kept: &Kept) -> String {
    String::from_utf8(kept.bytes.clone()).unwrap()
}

#[test]
fn every_item_arrives_in_the_bucket_and_in_the_queue_and_what_no_message_holds_is_a_dead_letter() {
    let stage = Miniflare::start();
    let client = stage.client();
    let page = Page::new(1);
    // 32 properties of 1,024 characters of four bytes: within every limit of an item, beyond that of a message.
    let props: serde_json::Map<String, Value> = (0..32)
        .map(|n| (format!("p{n}"), json!("🦀".repeat(1_024))))
        .collect();
    let mut items: Vec<Value> = (1..=60).map(|seq| Page::event(seq, "signup")).collect();
    items[30] = json!({"seq": 31, "at": now(), "type": "event", "name": "large", "props": props});
    items[40] = Page::feedback(41, "größer");
    let answer = client.ingest(&page.batch(&items)).unwrap();
    assert!(
        answer.statuses().iter().all(|status| *status == "accepted"),
        "{}",
        answer.body
    );
    client.ingest(&page.batch(&items)).unwrap();
    delivered(client);

    let sent: BTreeSet<String> = (1..=60).map(|seq| format!("{}-{seq}", page.producer)).collect();
    let objects = stage.objects();
    let in_bucket: Vec<String> = objects
        .iter()
        .flat_map(|object| ids_of(&gunzipped(&object.bytes)))
        .collect();
    assert_eq!(in_bucket.len(), sent.len());
    assert_eq!(in_bucket.into_iter().collect::<BTreeSet<_>>(), sent);
    for object in &objects {
        assert!(
            object.key.starts_with("demo/") && object.key.ends_with(".ndjson.gz"),
            "{}",
            object.key
        );
        assert_eq!(object.content_type, "application/gzip");
    }

    let large = format!("{}-31", page.producer);
    let messages = eventually(60, "59 messages", || {
        Some(stage.messages()).filter(|messages| messages.len() >= 59)
    });
    let in_queue: Vec<String> = messages
        .iter()
        .flat_map(|message| ids_of(&text(message)))
        .collect();
    assert_eq!(in_queue.len(), 59);
    let rest: BTreeSet<String> = sent.into_iter().filter(|id| *id != large).collect();
    assert_eq!(in_queue.into_iter().collect::<BTreeSet<_>>(), rest);

    let letters = client.get("/api/v1/dead-letters").unwrap().body["letters"].take();
    assert_eq!(letters.as_array().unwrap().len(), 1);
    assert_eq!(
        (&letters[0]["sink"], &letters[0]["item"]),
        (&json!("queue"), &json!(large))
    );
    assert_eq!(
        letters[0]["reason"],
        "an item is larger than a message of a queue can be, 128 KB"
    );
    let [bucket, queue] = sinks(client);
    assert_eq!((&bucket["dead"], &queue["dead"]), (&json!(0), &json!(1)));

    for (sink, answer) in [("bucket", "stored"), ("queue", "queued")] {
        let test = client.send("POST", &format!("/api/v1/sinks/{sink}/test"), &[], b"");
        assert_eq!(test.unwrap().body, json!({"delivered": true, "answer": answer}));
    }
}

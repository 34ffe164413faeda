//! Deliveries to a store that speaks S3: a real one, which checks signatures.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;

use hearback_collector::sinks::{Parcel, SinkKind, sinks};
use hearback_runtime_tests::{Client, Page, S3Server, Stage, eventually, gunzipped, ids_of, now};
use hearback_shared::guard::Reach;
use serde_json::{Value, json};

const SECRET: &str = "a/secret+key";

fn setting(store: &S3Server, more: &Value) -> Value {
    let mut sink = json!({
        "name": "lake", "type": "s3", "endpoint": store.url(), "bucket": S3Server::BUCKET, "region": "eu-1",
        "access_key": S3Server::ACCESS_KEY, "secret_key": SECRET,
    });
    sink.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!([sink])
}

fn stage(store: &S3Server, more: &Value) -> Stage {
    let sinks = setting(store, more).to_string();
    Stage::start(|options| {
        options.shards = Some(2);
        options.sink_delay_ms = Some(0);
        options.settings.push(("SINKS".to_owned(), sinks));
    })
}

fn state(client: &Client) -> Value {
    client.get("/api/v1/sinks").unwrap().body["sinks"][0].take()
}

fn test_call(client: &Client) -> Value {
    let answer = client.send("POST", "/api/v1/sinks/lake/test", &[], b"");
    answer.unwrap().body
}

/// Sends a page's items, each twice; gives the ids under which they are stored.
fn send(client: &Client, number: u64) -> Vec<String> {
    let page = Page::new(number);
    let items: Vec<Value> = (1..=20)
        .map(|seq| match seq % 5 {
            0 => Page::feedback(seq, "größer, \"bitte\""),
            _ => Page::event(seq, "signup"),
        })
        .collect();
    for _ in 0..2 {
        client.ingest(&page.batch(&items)).unwrap();
    }
    (1..=20).map(|seq| format!("{}-{seq}", page.producer)).collect()
}

fn delivered(client: &Client) {
    eventually(40, "nothing pending", || {
        (state(client)["pending"] == 0).then_some(())
    });
}

#[test]
fn every_item_lies_in_one_object_under_the_hour_it_came() {
    let store = S3Server::start(SECRET);
    let stage = stage(&store, &json!({"prefix": "raw/hearback"}));
    let client = stage.client();
    let before = now();
    let sent: Vec<String> = (1..=6).flat_map(|page| send(&client, page)).collect();
    delivered(&client);

    let objects = store.objects();
    let keys: BTreeSet<&str> = objects.iter().map(|(key, _)| key.as_str()).collect();
    assert!(keys.len() > 1 && keys.len() == objects.len(), "{keys:?}");
    let hours: Vec<String> = [before, now()].map(hour).to_vec();
    for key in keys {
        let rest = key.strip_prefix("raw/hearback/demo/").unwrap();
        let (place, name) = rest.rsplit_once('/').unwrap();
        assert!(hours.contains(&place.to_owned()), "{key}");
        assert!(name.starts_with("dlv_") && name.ends_with(".ndjson.gz"), "{key}");
    }
    assert_stored(&objects, sent);
}

/// The objects hold each of these items once, and nothing else.
fn assert_stored(objects: &[(String, Vec<u8>)], mut sent: Vec<String>) {
    let mut stored: Vec<String> = objects
        .iter()
        .flat_map(|(_, bytes)| ids_of(&gunzipped(bytes)))
        .collect();
    stored.sort();
    sent.sort();
    assert_eq!(stored, sent);
}

/// `2026-11-18/12`, by the object name of a delivery of that time.
fn hour(at: u64) -> String {
    let parcel = Parcel {
        id: "x".into(),
        project: "demo".parse().unwrap(),
        received_at: at,
        body: String::new(),
    };
    let name = parcel.object_name();
    name.strip_prefix("demo/")
        .unwrap()
        .strip_suffix("/x.ndjson.gz")
        .unwrap()
        .to_owned()
}

#[test]
fn a_wrong_secret_pauses_the_sink_and_a_test_call_after_mending_lets_it_go_on() {
    let mut store = S3Server::start("another-secret");
    let stage = stage(&store, &json!({}));
    let client = stage.client();
    let mut sent = send(&client, 1);
    let paused = eventually(30, "a paused sink", || {
        Some(state(&client)).filter(|state| state["paused_until"].is_u64())
    });
    assert!(paused["paused_until"].as_u64().unwrap() > now());
    let why = "it answered 403 SignatureDoesNotMatch: mend `secret_key`";
    assert_eq!(paused["last_error"], why);
    assert_eq!(test_call(&client), json!({"delivered": false, "answer": why}));

    // While it is paused nothing is tried, whatever comes in.
    sent.extend(send(&client, 1));
    std::thread::sleep(std::time::Duration::from_secs(2));
    let still = state(&client);
    assert_eq!(
        (&still["paused_until"], &still["attempts"], &still["dead"]),
        (&paused["paused_until"], &json!(1), &json!(0))
    );
    assert!(store.objects().is_empty());

    store.restart(SECRET);
    assert_eq!(
        test_call(&client),
        json!({"delivered": true, "answer": "it answered 200"})
    );
    delivered(&client);
    let stored: BTreeSet<String> = store
        .objects()
        .iter()
        .flat_map(|(_, bytes)| ids_of(&gunzipped(bytes)))
        .collect();
    assert!(sent.iter().all(|id| stored.contains(id)));
    assert_eq!(
        (&state(&client)["paused_until"], &state(&client)["last_error"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_store_that_is_down_is_waited_for() {
    let mut store = S3Server::start(SECRET);
    let stage = stage(&store, &json!({}));
    let client = stage.client();
    store.stop();
    let sent = send(&client, 1);
    eventually(30, "an error", || {
        (state(&client)["last_error"] == "no connection, or a broken one").then_some(())
    });
    store.restart(SECRET);
    delivered(&client);
    assert_eq!(state(&client)["dead"], 0);
    assert_stored(&store.objects(), sent);
}

/// The host names no machine here, so the request goes to the server's address with the host that was signed.
#[test]
fn the_bucket_may_stand_in_the_host() {
    let store = S3Server::start(SECRET);
    let endpoint = format!("http://{}", store.domain());
    let setting = setting(&store, &json!({"endpoint": endpoint, "path_style": false}));
    let SinkKind::S3(sink) = &sinks(&setting.to_string(), Reach::Public).unwrap()[0].kind else {
        panic!("an S3 sink")
    };
    let parcel = Parcel {
        id: "dlv_x".into(),
        project: "demo".parse().unwrap(),
        received_at: 0,
        body: "{}\n".into(),
    };
    let request = sink.request(&parcel, now());
    let host = format!("{}.{}", S3Server::BUCKET, store.domain());
    let path = request.url.strip_prefix(&format!("http://{host}")).unwrap();
    let put = |host: &str| {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let put = agent.put(format!("{}{path}", store.url())).header("host", host);
        let put = request
            .headers
            .iter()
            .fold(put, |put, (name, value)| put.header(*name, value));
        put.send(&request.body[..]).unwrap().status().as_u16()
    };
    assert_eq!(put(&host), 200);
    let objects = store.objects();
    assert_eq!(objects[0].0, "demo/1970-01-01/00/dlv_x.ndjson.gz");
    assert_eq!(gunzipped(&objects[0].1), "{}\n");
    // What was signed for one bucket is refused for another.
    assert_eq!(put(&host.replace(S3Server::BUCKET, "other-lake")), 403);
}

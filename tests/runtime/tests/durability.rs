//! What is acknowledged is kept, through power cuts and failing sinks.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearback_runtime_tests::{Mood, Page, SENDERS, Sink, Stage, eventually, storm};
use hearback_shared::item::item_id;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn ids(page: &Page, seqs: impl IntoIterator<Item = u64>) -> Vec<String> {
    let mut ids: Vec<String> = seqs.into_iter().map(|seq| item_id(&page.producer, seq)).collect();
    ids.sort();
    ids
}

#[test]
fn a_kill_between_acknowledgement_and_delivery_loses_nothing() {
    let sink = Sink::start();
    let mut stage = Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(3_000);
    });
    let page = Page::new(1);
    let items: Vec<_> = (1..=20)
        .map(|seq| {
            if seq % 4 == 0 {
                Page::feedback(seq, "kept")
            } else {
                Page::event(seq, "kept")
            }
        })
        .collect();
    assert_eq!(
        stage.client().ingest(&page.batch(&items)).unwrap().statuses(),
        ["accepted"; 20]
    );
    assert!(sink.kept().is_empty(), "the delivery was to wait");
    stage.server.kill9().unwrap();
    stage.server.restart().unwrap();

    let client = stage.client();
    assert_eq!(client.count("kept"), 15);
    eventually(30, "the delivery", || (sink.items().len() == 20).then_some(()));
    assert_eq!(sink.items(), ids(&page, 1..=20));
    eventually(10, "the feedback", || {
        (client.all_feedback().len() == 5).then_some(())
    });
    // And the same again is known.
    assert_eq!(
        client.ingest(&page.batch(&items)).unwrap().statuses(),
        ["duplicate"; 20]
    );
}

#[test]
fn what_was_acknowledged_between_many_kills_is_there_once() {
    let sink = Sink::start();
    let mut stage = Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(0);
        options.shards = Some(2);
    });
    let pages: Vec<_> = (1..=SENDERS).map(Page::new).collect();
    let acknowledged = storm(&mut stage, |sender, round| {
        let page = &pages[usize::try_from(sender).unwrap()];
        let seqs = u64::from(round) * 5 + 1..u64::from(round) * 5 + 6;
        let items: Vec<_> = seqs.clone().map(|seq| Page::event(seq, "storm")).collect();
        (page.batch(&items), ids(page, seqs))
    });
    assert!(
        acknowledged.len() > 50,
        "only {} were acknowledged",
        acknowledged.len()
    );
    let total = eventually(60, "every acknowledged item at the sink", || {
        let items = sink.items();
        acknowledged
            .iter()
            .all(|id| items.binary_search(id).is_ok())
            .then_some(items)
    });
    let distinct: BTreeSet<&String> = total.iter().collect();
    assert_eq!(
        distinct.len(),
        total.len(),
        "an item arrived under two delivery ids"
    );
    assert_eq!(
        stage.client().count("storm"),
        total.len() as u64,
        "counts and deliveries differ"
    );
}

#[test]
fn a_delivery_is_repeated_under_the_same_id_until_it_is_acknowledged() {
    let sink = Sink::start();
    sink.set_mood(Mood::KeepsAndHangsUp);
    let stage = Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(0);
    });
    let client = stage.client();
    let page = Page::new(1);
    client
        .ingest(&page.batch(&[Page::event(1, "a"), Page::event(2, "b")]))
        .unwrap();
    eventually(20, "two attempts", || (sink.kept().len() >= 2).then_some(()));
    // While the sink misbehaves, ingestion goes on.
    assert_eq!(
        client
            .ingest(&page.batch(&[Page::event(3, "c")]))
            .unwrap()
            .statuses(),
        ["accepted"]
    );
    sink.set_mood(Mood::Well);
    eventually(30, "all three items", || (sink.items().len() == 3).then_some(()));
    let kept = sink.kept();
    assert_eq!(kept[0].id(), kept[1].id());
    assert_eq!(kept[0].body, kept[1].body);
    assert_eq!(sink.items(), ids(&page, 1..=3));
}

#[test]
fn a_failing_sink_gets_everything_once_it_is_well() {
    let sink = Sink::start();
    sink.set_mood(Mood::Failing);
    let stage = Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(0);
    });
    let (client, page) = (stage.client(), Page::new(1));
    for seq in 1..=10 {
        client.ingest(&page.batch(&[Page::event(seq, "a")])).unwrap();
    }
    thread::sleep(Duration::from_secs(2));
    assert!(sink.kept().is_empty());
    sink.set_mood(Mood::Well);
    eventually(30, "all ten items", || (sink.items().len() == 10).then_some(()));
    assert_eq!(sink.items(), ids(&page, 1..=10));
}

#[test]
fn a_delivery_is_signed_as_standard_webhooks_are() {
    let sink = Sink::start();
    let stage = Stage::start(|options| {
        options.sink = Some(sink.setting());
        options.sink_delay_ms = Some(0);
    });
    stage
        .client()
        .ingest(&Page::new(1).batch(&[Page::feedback(1, "Grüße")]))
        .unwrap();
    let delivery = eventually(20, "a delivery", || sink.kept().into_iter().next());
    let header = |name: &str| delivery.headers[name].as_str();
    let secret = STANDARD
        .decode(Sink::SECRET.trim_start_matches("whsec_"))
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
    mac.update(
        format!(
            "{}.{}.{}",
            delivery.id(),
            header("webhook-timestamp"),
            delivery.body
        )
        .as_bytes(),
    );
    let signature = STANDARD
        .decode(header("webhook-signature").trim_start_matches("v1,"))
        .unwrap();
    mac.verify_slice(&signature).unwrap();
    assert_eq!(header("content-type"), "application/x-ndjson");
}

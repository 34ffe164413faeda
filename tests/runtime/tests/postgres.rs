//! The PostgreSQL sink against a real server, whose table and rights are those of the docs.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Client, Page, Postgres, Stage, eventually, now};
use hearback_shared::item::item_id;
use serde_json::{Value, json};
use xtask::runtime::ServeOptions;

/// A collector with this server as its only sink.
fn stage(url: &str) -> Stage {
    stage_with(&json!({"url": url}), |_| ())
}

fn stage_with(server: &Value, set: impl FnOnce(&mut ServeOptions)) -> Stage {
    let mut sink = json!({"name": "rows", "type": "postgres", "table": "hearback_items"});
    sink.as_object_mut()
        .unwrap()
        .extend(server.as_object().unwrap().clone());
    Stage::start(|options| {
        options.sink_delay_ms = Some(0);
        options.settings.push(("SINKS".into(), json!([sink]).to_string()));
        set(options);
    })
}

fn events(seqs: std::ops::RangeInclusive<u64>) -> Vec<Value> {
    seqs.map(|seq| Page::event(seq, "kept")).collect()
}

/// The ids of a page's items, as the table sorts them.
fn ids(page: &Page, seqs: std::ops::RangeInclusive<u64>) -> String {
    let mut ids: Vec<String> = seqs.map(|seq| item_id(&page.producer, seq)).collect();
    ids.sort();
    ids.join("\n")
}

fn stored(server: &Postgres) -> String {
    server.sql("SELECT id FROM hearback_items ORDER BY id COLLATE \"C\"")
}

fn arrive(server: &Postgres, ids: &str) {
    eventually(60, "every item in the table, once", || {
        (stored(server) == ids).then_some(())
    });
}

fn state(client: &Client) -> Value {
    client.get("/api/v1/sinks").unwrap().body["sinks"][0].take()
}

/// Waits until the sink complains in these words.
fn complains(client: &Client, words: &str) -> Value {
    eventually(60, words, || {
        Some(state(client)).filter(|state| state["last_error"] == words)
    })
}

fn test_call(client: &Client) -> Value {
    let answer = client.send("POST", "/api/v1/sinks/rows/test", &[], b"");
    answer.unwrap().body
}

/// Sends the log again from its beginning, as after a restore of yesterday's backup.
fn rewind(stage: &mut Stage) {
    stage.server.kill9().unwrap();
    for shard in stage.databases("shard") {
        shard.execute("UPDATE sinks SET sealed = 0", []).unwrap();
    }
    stage.server.restart().unwrap();
}

#[test]
fn items_arrive_with_their_columns_and_a_repeat_changes_nothing() {
    let server = Postgres::start();
    let mut stage = stage(&server.url());
    let (page, before) = (Page::new(1), now());
    let text = "\u{2028} \"quoted\" \\ back\tslash, 漢字, 😀, 'single', $1";
    let mut items = events(1..=300);
    items[4] = Page::feedback(5, text);
    stage.client().ingest(&page.batch(&items)).unwrap();
    arrive(&server, &ids(&page, 1..=300));

    let row = |what: &str| {
        let id = item_id(&page.producer, 5);
        server.sql(&format!("SELECT {what} FROM hearback_items WHERE id = '{id}'"))
    };
    assert_eq!(row("project"), "demo");
    assert_eq!(row("item->>'text'"), text);
    assert_eq!(
        row("received_at = to_timestamp((item->>'received_at')::numeric / 1000)"),
        "t"
    );
    let at: u64 = row("(extract(epoch FROM received_at) * 1000)::bigint")
        .parse()
        .unwrap();
    assert!((before..=now()).contains(&at), "{before} {at}");

    // The delivery is sent once more, together with what came after it.
    let first = server.sql("SELECT xmin FROM hearback_items LIMIT 1");
    rewind(&mut stage);
    stage.client().ingest(&page.batch(&events(301..=310))).unwrap();
    arrive(&server, &ids(&page, 1..=310));
    assert_eq!(server.sql("SELECT count(*) FROM hearback_items"), "310");
    assert_eq!(
        server.sql(&format!(
            "SELECT count(*) FROM hearback_items WHERE xmin = '{first}'"
        )),
        "300"
    );
    eventually(30, "nothing pending", || {
        (state(&stage.client())["pending"] == 0).then_some(())
    });
}

#[test]
fn a_delivery_whose_answer_was_lost_is_sent_again_and_stored_once() {
    let server = Postgres::start();
    let mut stage = stage(&server.url());
    let page = Page::new(1);
    let lock = server.lock_table();
    stage.client().ingest(&page.batch(&events(1..=50))).unwrap();
    eventually(30, "the insert at the lock", || server.waiting().first().copied());
    stage.server.kill9().unwrap();
    drop(lock);
    // The server has it, and nobody was there to hear so.
    arrive(&server, &ids(&page, 1..=50));
    stage.server.restart().unwrap();
    let shown = eventually(60, "the repeat", || {
        Some(state(&stage.client())).filter(|state| state["pending"] == 0)
    });
    assert!(shown["delivered_at"].is_u64(), "{shown}");
    assert_eq!(stored(&server), ids(&page, 1..=50));
    assert_eq!(
        test_call(&stage.client()),
        json!({"delivered": true, "answer": "it stored 1"})
    );
}

#[test]
fn a_server_that_hangs_is_given_up_after_a_while_and_its_connection_closed() {
    let server = Postgres::start();
    let stage = stage(&server.url());
    let page = Page::new(1);
    let lock = server.lock_table();
    stage.client().ingest(&page.batch(&events(1..=3))).unwrap();
    let first = eventually(30, "the insert at the lock", || server.waiting().first().copied());
    complains(&stage.client(), "no answer within 30 s");
    // The server looks every second whether its clients are still there. The next attempt waits there meanwhile.
    eventually(10, "the first connection's end", || {
        (!server.waiting().contains(&first)).then_some(())
    });
    drop(lock);
    arrive(&server, &ids(&page, 1..=3));
    eventually(30, "no connection left", || {
        (server.connections() == 0).then_some(())
    });
}

#[test]
fn a_missing_table_is_named_and_waited_for() {
    let server = Postgres::start();
    server.sql("DROP TABLE hearback_items");
    let stage = stage(&server.url());
    let page = Page::new(1);
    stage.client().ingest(&page.batch(&events(1..=20))).unwrap();
    let words = "it answered 42P01: there is no such table; create it as docs/sinks.md shows";
    let shown = complains(&stage.client(), words);
    assert_eq!((&shown["pending"], &shown["dead"]), (&json!(20), &json!(0)));
    assert_eq!(
        test_call(&stage.client()),
        json!({"delivered": false, "answer": words})
    );
    server.create_table();
    arrive(&server, &ids(&page, 1..=20));
}

#[test]
fn without_its_unique_index_a_table_is_refused_instead_of_collecting_repeats() {
    let server = Postgres::start();
    server.sql("ALTER TABLE hearback_items DROP CONSTRAINT hearback_items_pkey");
    let stage = stage(&server.url());
    let words = "it answered 42P10: the table is not as docs/sinks.md shows";
    assert_eq!(
        test_call(&stage.client()),
        json!({"delivered": false, "answer": words})
    );
}

#[test]
fn a_wrong_password_pauses_the_sink_and_nothing_repeats_it() {
    let server = Postgres::start();
    server.sql("ALTER ROLE writer PASSWORD 'another'");
    let stage = stage(&server.url());
    stage
        .client()
        .ingest(&Page::new(1).batch(&events(1..=1)))
        .unwrap();
    let shown = complains(&stage.client(), "it answered 28P01: the password is wrong");
    assert!(
        shown["paused_until"].as_u64().unwrap() > now() + 60_000,
        "{shown}"
    );
    assert_eq!((&shown["pending"], &shown["dead"]), (&json!(1), &json!(0)));
    let said = std::fs::read_to_string(stage.server.log()).unwrap();
    assert!(!said.contains("p@ss") && !said.contains("p%40ss"), "{said}");
}

#[test]
fn a_user_without_the_right_to_insert_pauses_the_sink() {
    let server = Postgres::start();
    server.sql("REVOKE INSERT ON hearback_items FROM writer");
    let stage = stage(&server.url());
    let words = "it answered 42501: the user lacks a right that docs/sinks.md lists";
    assert_eq!(
        test_call(&stage.client()),
        json!({"delivered": false, "answer": words})
    );
}

#[test]
fn one_poisonous_row_is_a_dead_letter_until_the_table_takes_it() {
    let server = Postgres::start();
    server.sql(
        "ALTER TABLE hearback_items ADD CONSTRAINT no_poison CHECK (item->>'name' IS DISTINCT FROM 'poison')",
    );
    let stage = stage(&server.url());
    let (client, page) = (stage.client(), Page::new(1));
    let mut items = events(1..=40);
    items[16] = Page::event(17, "poison");
    client.ingest(&page.batch(&items)).unwrap();
    let letter = eventually(60, "a dead letter", || {
        let letters = client.get("/api/v1/dead-letters").unwrap().body["letters"].take();
        letters.as_array().and_then(|letters| letters.first()).cloned()
    });
    let healthy = ids(&page, 1..=40).replace(&format!("{}\n", item_id(&page.producer, 17)), "");
    arrive(&server, &healthy);
    assert_eq!(letter["item"], item_id(&page.producer, 17));
    assert_eq!(letter["reason"], "it answered 23514: the table refuses an item");
    assert_eq!(state(&client)["dead"], 1);

    server.sql("ALTER TABLE hearback_items DROP CONSTRAINT no_poison");
    let replay = format!("/api/v1/dead-letters/{}/replay", letter["id"].as_str().unwrap());
    assert_eq!(client.send("POST", &replay, &[], b"").unwrap().status, 202);
    arrive(&server, &ids(&page, 1..=40));
    eventually(30, "no dead letter", || {
        (state(&client)["dead"] == 0).then_some(())
    });
}

#[test]
fn a_server_that_went_away_gets_everything_when_it_is_back() {
    let mut server = Postgres::start();
    let stage = stage(&server.url());
    let (client, page) = (stage.client(), Page::new(1));
    server.stop();
    client.ingest(&page.batch(&events(1..=20))).unwrap();
    complains(&client, "no connection, or a broken one");
    server.restart();
    arrive(&server, &ids(&page, 1..=20));
}

#[test]
fn tls_is_spoken_with_a_server_whose_certificate_is_trusted_and_with_no_other() {
    let server = Postgres::start();
    let url = json!({"url": format!("{}?sslmode=require", server.url_at("localhost"))});
    let trusting = stage_with(&url, |options| options.certificate = Some(server.certificate()));
    let plain = json!({"delivered": false, "answer": "the server does not speak TLS"});
    assert_eq!(test_call(&trusting.client()), plain);

    server.speak_tls();
    // Plain connections are turned away, so that what arrives came encrypted.
    server.refuse_plain_connections();
    let stored = json!({"delivered": true, "answer": "it stored 1"});
    assert_eq!(test_call(&trusting.client()), stored);
    drop(trusting);

    let wary = stage_with(&url, |_| ());
    let broken = json!({"delivered": false, "answer": "no connection, or a broken one"});
    assert_eq!(test_call(&wary.client()), broken);
    let bare = stage_with(
        &json!({"url": format!("{}?sslmode=disable", server.url())}),
        |_| (),
    );
    let refused = json!({"delivered": false, "answer": "it answered 28000: it does not let this user in"});
    assert_eq!(test_call(&bare.client()), refused);
}

#[test]
fn hyperdrive_carries_deliveries() {
    let server = Postgres::start();
    let stage = stage_with(&json!({"binding": "HYPERDRIVE"}), |options| {
        options.hyperdrive = Some(Box::new(server.hyperdrive()));
    });
    let page = Page::new(1);
    stage.client().ingest(&page.batch(&events(1..=20))).unwrap();
    arrive(&server, &ids(&page, 1..=20));
}

#[test]
fn a_binding_that_is_not_there_is_named() {
    let stage = stage_with(&json!({"binding": "HYPERDRIVE"}), |options| {
        options.checked = false;
    });
    let health = stage.client().get("/healthz").unwrap();
    let detail = health.body["detail"].as_str().unwrap();
    assert_eq!(health.status, 503);
    assert!(
        detail.contains("needs the Hyperdrive `HYPERDRIVE`, which is not bound"),
        "{detail}"
    );
}

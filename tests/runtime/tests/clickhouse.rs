//! Deliveries to ClickHouse: its own engine runs the statements that the sink sends, on the table that docs/sinks.md
//! defines.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_collector::sinks::{ClickHouseSink, Parcel};
use hearback_runtime_tests::{ClickHouse, Client, Page, Stage, eventually};
use serde_json::{Value, json};

const TABLE: &str = "hearback.items";

/// The statements that the page about sinks shows, in order.
fn documented() -> Vec<&'static str> {
    let docs = include_str!("../../../docs/sinks.md");
    let section = docs
        .split("\n## ")
        .find(|part| part.starts_with("ClickHouse"))
        .unwrap();
    section
        .split("```sql\n")
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap())
        .collect()
}

fn with_table() -> ClickHouse {
    let engine = ClickHouse::start();
    for statement in documented()
        .iter()
        .filter(|statement| statement.starts_with("CREATE"))
    {
        engine.ask(statement);
    }
    engine
}

fn stage(engine: &ClickHouse, password: &str) -> Stage {
    let sinks = json!([{
        "name": "house", "type": "clickhouse", "url": engine.url(), "table": TABLE,
        "user": ClickHouse::USER, "password": password,
    }]);
    Stage::start(|options| {
        options.sink_delay_ms = Some(0);
        options.settings.push(("SINKS".to_owned(), sinks.to_string()));
    })
}

fn state(client: &Client) -> Value {
    client.get("/api/v1/sinks").unwrap().body["sinks"][0].take()
}

/// Sends a page's items and waits until the table has as many rows.
fn send(client: &Client, number: u64, names: &[&str]) {
    let page = Page::new(number);
    let mut items: Vec<Value> = (1..)
        .zip(names)
        .map(|(seq, name)| Page::event(seq, name))
        .collect();
    items.push(Page::feedback(
        items.len() as u64 + 1,
        "It's \\ \"quoted\";\nüber\ttwo lines 🦀",
    ));
    client.ingest(&page.batch(&items)).unwrap();
}

fn delivered(client: &Client) {
    eventually(40, "nothing pending", || {
        (state(client)["pending"] == 0).then_some(())
    });
}

fn error(client: &Client) -> String {
    eventually(30, "an error", || {
        state(client)["last_error"].as_str().map(str::to_owned)
    })
}

#[test]
fn an_insert_whose_answer_was_lost_is_not_inserted_twice() {
    let engine = with_table();
    let stage = stage(&engine, ClickHouse::PASSWORD);
    let client = stage.client();
    engine.hang_up_once();
    send(&client, 1, &["signup", "signup", "buy"]);
    delivered(&client);
    let rows = engine.ask(&format!(
        "SELECT type, name, count() FROM {TABLE} GROUP BY ALL ORDER BY ALL"
    ));
    assert_eq!(rows, "event\tbuy\t1\nevent\tsignup\t2\nfeedback\t\t1");
    let wrong =
        "SELECT count() FROM hearback.items WHERE project != 'demo' OR id = '' OR NOT isValidJSON(item)
        OR abs(toUnixTimestamp64Milli(received_at) - toUnixTimestamp(now()) * 1000) > 600000
        OR abs(toUnixTimestamp64Milli(at) - toUnixTimestamp(now()) * 1000) > 600000";
    assert_eq!(engine.ask(wrong), "0");
    let text =
        "SELECT JSONExtractString(item, 'text') FROM hearback.items WHERE type = 'feedback' FORMAT TSVRaw";
    assert_eq!(engine.ask(text), "It's \\ \"quoted\";\nüber\ttwo lines 🦀");
}

#[test]
fn a_repeat_that_the_table_has_forgotten_collapses_by_the_items_ids() {
    let engine = with_table();
    let sink = ClickHouseSink {
        url: engine.url(),
        table: TABLE.into(),
        user: ClickHouse::USER.into(),
        password: ClickHouse::PASSWORD.into(),
    };
    let line = |id: &str| format!("{{\"id\":\"{id}\",\"project\":\"demo\",\"at\":1,\"received_at\":1}}\n");
    let insert = |delivery: &str| {
        let parcel = Parcel {
            id: delivery.into(),
            project: "demo".parse().unwrap(),
            received_at: 0,
            body: line("a-1") + &line("a-2"),
        };
        let request = sink.request(&parcel);
        let post = request
            .headers
            .iter()
            .fold(ureq::post(&request.url), |post, (name, value)| {
                post.header(*name, value)
            });
        post.send(&request.body[..]).unwrap();
    };
    let count = |what: &str| engine.ask(&format!("SELECT count() FROM {TABLE} {what}"));
    insert("dlv_a");
    insert("dlv_a");
    assert_eq!(count(""), "2");
    // Under another token, as if the window had passed.
    insert("dlv_b");
    assert_eq!((count(""), count("FINAL")), ("4".into(), "2".into()));
    engine.ask(&format!("OPTIMIZE TABLE {TABLE} FINAL"));
    assert_eq!(count(""), "2");
}

#[test]
fn an_item_that_the_table_does_not_take_is_a_dead_letter_until_it_does() {
    let engine = with_table();
    let constraint = "CONSTRAINT taste CHECK JSONExtractString(item, 'name') != 'odd'";
    engine.ask(&format!("ALTER TABLE {TABLE} ADD {constraint}"));
    let stage = stage(&engine, ClickHouse::PASSWORD);
    let client = stage.client();
    send(&client, 1, &["fine", "fine", "odd", "fine", "fine", "fine"]);
    delivered(&client);
    let letters = client.get("/api/v1/dead-letters?sink=house").unwrap().body["letters"].take();
    let [letter] = &letters.as_array().unwrap()[..] else {
        panic!("one letter: {letters}")
    };
    assert_eq!(
        letter["reason"],
        "it answered 500 with ClickHouse's error 469: the table does not take an item"
    );
    let count = || {
        engine.ask(&format!(
            "SELECT name, count() FROM {TABLE} GROUP BY ALL ORDER BY ALL"
        ))
    };
    assert_eq!(count(), "\t1\nfine\t5");

    engine.ask(&format!("ALTER TABLE {TABLE} DROP CONSTRAINT taste"));
    let replay = format!("/api/v1/dead-letters/{}/replay", letter["id"].as_str().unwrap());
    assert_eq!(client.send("POST", &replay, &[], b"").unwrap().status, 202);
    eventually(30, "no dead letter", || {
        (state(&client)["dead"] == 0).then_some(())
    });
    assert_eq!(count(), "\t1\nfine\t5\nodd\t1");
}

#[test]
fn a_missing_table_is_waited_for_and_a_wrong_password_pauses() {
    let engine = ClickHouse::start();
    let missing = stage(&engine, ClickHouse::PASSWORD);
    send(&missing.client(), 1, &["a"]);
    let said = error(&missing.client());
    assert!(
        said.contains("error 60: make the table") || said.contains("error 81: make the table"),
        "{said}"
    );
    let closed = stage(&engine, "wrong");
    send(&closed.client(), 1, &["a"]);
    assert_eq!(
        error(&closed.client()),
        "it answered 403 with ClickHouse's error 516: mend `user` or `password`"
    );
    assert!(state(&closed.client())["paused_until"].is_u64());

    for statement in documented()
        .iter()
        .filter(|statement| statement.starts_with("CREATE"))
    {
        engine.ask(statement);
    }
    delivered(&missing.client());
    assert_eq!(engine.ask(&format!("SELECT count() FROM {TABLE}")), "2");
}

#[test]
fn every_documented_statement_runs() {
    let engine = with_table();
    let stage = stage(&engine, ClickHouse::PASSWORD);
    let client = stage.client();
    client
        .ingest(&Page::new(1).batch(&[
            json!({"seq": 1, "at": hearback_runtime_tests::now(), "type": "event",
            "name": "signup", "props": {"user_id": "ann", "plan": "pro"}}),
        ]))
        .unwrap();
    delivered(&client);
    let rest: Vec<_> = documented()
        .into_iter()
        .filter(|statement| !statement.starts_with("CREATE"))
        .collect();
    assert!(rest.len() >= 3);
    let (erasure, others) = rest.split_last().unwrap();
    for statement in others {
        engine.ask(&statement.replace("'shop'", "'demo'"));
    }
    assert_eq!(engine.ask(&format!("SELECT plan FROM {TABLE}")), "pro");

    client
        .post_with_token("/api/v1/erase", br#"{"user":"ann"}"#)
        .unwrap();
    eventually(30, "the notice", || {
        let notices = format!("SELECT count() FROM {TABLE} WHERE type = 'erasure'");
        (engine.ask(&notices) == "1").then_some(())
    });
    engine.ask(erasure);
    assert_eq!(
        engine.ask(&format!("SELECT count() FROM {TABLE} WHERE type = 'event'")),
        "0"
    );
}

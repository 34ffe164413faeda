//! Questions asked of the real runtime are answered as by counting the lines of its log, read with SQLite itself.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use hearback_runtime_tests::{Client, Page, Stage};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

const HOUR: u64 = 3_600_000;

/// All events in all shards' logs. The server must not be running.
fn events_in(state: &Path) -> Vec<Value> {
    let mut events = Vec::new();
    for entry in fs::read_dir(state.join("storage").join("hearback-shard")).unwrap() {
        let path = entry.unwrap().path();
        let is_object = path.extension().is_some_and(|ending| ending == "sqlite");
        if !is_object || path.file_stem().unwrap() == "metadata" {
            continue;
        }
        let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let mut rows = database.prepare("SELECT lines FROM log ORDER BY first").unwrap();
        for lines in rows.query_map([], |row| row.get::<_, String>(0)).unwrap() {
            let lines = lines.unwrap();
            let items = lines
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).unwrap());
            events.extend(items.filter(|item| item["type"] == "event"));
        }
    }
    events
}

fn by(events: &[Value], value: impl Fn(&Value) -> Option<String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for value in events.iter().filter_map(value) {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn counted(answer: &Value) -> BTreeMap<String, u64> {
    let of = |value: &Value| (text(&value["value"]).unwrap(), value["events"].as_u64().unwrap());
    answer["values"].as_array().unwrap().iter().map(of).collect()
}

fn ask(client: &Client, fields: &Value) -> Value {
    let answer = client.ask(fields).unwrap();
    assert_eq!(answer.status, 200, "{fields}: {:?}", answer.body);
    answer.body
}

/// Sends events of a page: names, addresses and numbers that differ.
fn send(client: &Client, number: u64, count: u64) {
    let page = Page::new(number);
    let event = |seq: u64| {
        let name = ["view", "cart", "buy"][usize::try_from((seq * number) % 3).unwrap()];
        let mut event = Page::event(seq, name);
        event["url"] = json!(format!("https://shop.example/p{}", seq % 7));
        event["props"] = json!({"LCP": 100 + seq * 37 % 4_000, "plan": format!("plan{}", seq % 4)});
        event
    };
    let items: Vec<Value> = (1..=count).map(event).collect();
    let answer = client.ingest(&page.batch(&items)).unwrap();
    assert!(
        answer.statuses().iter().all(|status| *status == "accepted"),
        "{:?}",
        answer.body
    );
}

#[test]
#[allow(clippy::too_many_lines, reason = "one storage, all questions")]
fn every_question_is_answered_as_by_counting_the_log_itself() {
    let mut stage = Stage::start(|options| options.shards = Some(2));
    let client = stage.client();
    let now = hearback_runtime_tests::now();
    let (from, to) = ((now / HOUR - 2) * HOUR, (now / HOUR + 2) * HOUR);
    let question = |fields: Value| {
        let mut question = json!({"from": from, "to": to});
        question
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        question
    };
    let questions = BTreeMap::from([
        ("series", question(json!({"ask": "series", "interval": "hour"}))),
        ("path", question(json!({"ask": "breakdown", "by": "path"}))),
        ("name", question(json!({"ask": "breakdown", "by": "name"}))),
        (
            "top",
            question(json!({"ask": "top", "by": "path", "name": "view", "limit": 3})),
        ),
        (
            "percentile",
            question(json!({"ask": "percentile", "of": "LCP", "at": [0.5, 0.95]})),
        ),
        ("uniques", question(json!({"ask": "uniques"}))),
        (
            "funnel",
            question(json!({"ask": "funnel", "steps": ["view", "cart", "buy"]})),
        ),
        (
            "compare",
            json!({"ask": "compare", "question": question(json!({"ask": "breakdown", "by": "path"}))}),
        ),
    ]);
    // The first half is rolled up by the first questions; the rest lies in the log when the second ones are asked.
    (1..=6).for_each(|page| send(&client, page, 30));
    let half = ask(&client, &questions["path"]);
    assert_eq!(half["events"], 180);
    (7..=12).for_each(|page| send(&client, page, 30));
    let live: BTreeMap<&str, Value> = questions
        .iter()
        .map(|(name, question)| (*name, ask(&client, question)))
        .collect();

    stage.server.stop().unwrap();
    let events = events_in(stage.server.state());
    assert_eq!(events.len(), 360);
    let path = |event: &Value| {
        let url = event["url"].as_str().or(event["context"]["url"].as_str())?;
        Some(url["https://shop.example".len()..].to_owned())
    };
    assert_eq!(counted(&live["path"]), by(&events, path));
    assert_eq!(counted(&live["name"]), by(&events, |event| text(&event["name"])));
    let totals: BTreeMap<String, u64> = live["series"]["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(&one["name"]).unwrap(), one["total"].as_u64().unwrap()))
        .collect();
    assert_eq!(totals, by(&events, |event| text(&event["name"])));
    let views: Vec<Value> = events
        .iter()
        .filter(|event| event["name"] == "view")
        .cloned()
        .collect();
    let mut top: Vec<u64> = by(&views, path).into_values().collect();
    top.sort_unstable_by(|a, b| b.cmp(a));
    let shown: Vec<u64> = live["top"]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["events"].as_u64().unwrap())
        .collect();
    assert_eq!(shown, top[..3]);
    assert_eq!(
        live["top"]["other"]["events"].as_u64().unwrap(),
        top[3..].iter().sum::<u64>()
    );

    let mut numbers: Vec<f64> = events
        .iter()
        .map(|event| event["props"]["LCP"].as_f64().unwrap())
        .collect();
    numbers.sort_by(f64::total_cmp);
    for (place, rank) in [(0, 359 / 2), (1, 359 * 95 / 100)] {
        let value = live["percentile"]["overall"]["values"][place]["value"]
            .as_f64()
            .unwrap();
        assert!(
            (value / numbers[rank] - 1.0).abs() <= 0.01,
            "{value} for {}",
            numbers[rank]
        );
    }
    let visitors: BTreeSet<String> = events
        .iter()
        .filter_map(|event| text(&event["edge"]["visitor"]))
        .collect();
    assert_eq!(
        live["uniques"]["visitors"].as_u64().unwrap(),
        visitors.len() as u64
    );
    let mut views = BTreeSet::new();
    for event in events.iter().filter(|event| event["name"] == "view") {
        views.extend(text(&event["edge"]["visitor"]));
    }
    assert_eq!(
        live["funnel"]["steps"][0]["visitors"].as_u64().unwrap(),
        views.len() as u64
    );
    assert_eq!(live["funnel"]["exact"], true);
    assert_eq!(live["compare"]["now"]["events"], 360);
    assert_eq!(live["compare"]["before"]["events"], 0);
    assert_eq!(live["compare"]["change"], Value::Null);

    // After a restart everything is sealed, and says the same.
    stage.server.restart().unwrap();
    let client = stage.client();
    for (name, question) in &questions {
        assert_eq!(ask(&client, question), live[name], "{name}");
    }
}

#[test]
fn a_question_that_cannot_be_answered_names_its_field() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    for (question, field) in [
        (json!({"ask": "uniques", "from": 0}), "to "),
        (
            json!({"ask": "series", "from": 0, "to": 1, "interval": "week"}),
            "interval ",
        ),
        (
            json!({"ask": "funnel", "from": 0, "to": 1, "steps": ["a", 7]}),
            "steps[1] ",
        ),
    ] {
        let answer = client.ask(&question).unwrap();
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body["type"], "urn:hearback:problem:bad-question");
        assert!(
            answer.body["detail"].as_str().unwrap().starts_with(field),
            "{:?}",
            answer.body
        );
    }
    let question = json!({"ask": "uniques", "from": 0, "to": 1});
    assert_eq!(
        client.with_token("tk_demo_x.y").ask(&question).unwrap().status,
        401
    );
}

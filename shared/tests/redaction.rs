//! What redaction is held to: two hundred planted secrets are gone from everything that leaves judging, and of a
//! thousand ordinary sentences nearly all stay as they are. The data lies in `redaction/`.
#![allow(clippy::print_stdout, reason = "the figure is what a person runs this for")]

use hearback_shared::item::EdgeFacts;
use hearback_shared::producer::Producer;
use hearback_shared::redact;
use hearback_shared::rejection::Rejection;
use hearback_shared::scan::Batch;
use hearback_shared::settings::ProjectSettings;
use hearback_shared::validate::{self, Arrival, Judged, JudgedItem};
use serde_json::{Map, Value, json};

const NOW: u64 = 1_795_000_000_000;

const CANARIES: &str = include_str!("redaction/canaries.tsv");
const NEAR_MISSES: &str = include_str!("redaction/near-misses.txt");
const ORDINARY: &str = include_str!("redaction/ordinary.txt");

/// The batch with a text in one place of it.
fn batch(place: &str, text: &str) -> String {
    let mut context = Map::new();
    let mut item = json!({"seq": 1, "at": NOW, "type": "event", "name": "signup"});
    match place {
        "text" => item = json!({"seq": 1, "at": NOW, "type": "feedback", "kind": "bug", "text": text}),
        "prop" => item["props"] = json!({"note": text}),
        "prop_number" => item["props"] = json!({"note": text.parse::<u64>().expect("a number")}),
        "prop_name" => item["props"] = json!({text: 1}),
        "name" => item["name"] = text.into(),
        "item_url" => item["url"] = text.into(),
        "url" | "referrer" | "release" | "env" | "lang" => {
            drop(context.insert(place.to_owned(), text.into()));
        }
        prop => {
            let name = prop.strip_prefix("prop_").expect("a place");
            item["props"] = json!({name: text});
        }
    }
    let producer = Producer::new(NOW, [3; 12]);
    json!({"key": "pk_demo", "producer": producer, "sent_at": NOW, "context": context, "items": [item]})
        .to_string()
}

/// What is stored, or why not: by the way that the collector takes, which leaves unusual items to the careful one.
fn judge(body: &str, settings: &str) -> Result<String, Rejection> {
    let settings: ProjectSettings = serde_json::from_str(settings).expect("settings");
    let arrival = Arrival {
        project: "demo".parse().expect("a project"),
        settings: &settings,
        producer: Some(Producer::new(NOW, [3; 12])),
        sent_at: NOW,
        now: NOW,
        edge: EdgeFacts::default(),
    };
    let batch = Batch::read(body).expect("a batch");
    match validate::scanned(&batch, &arrival).remove(0) {
        Judged::Written { line, .. } => Ok(line),
        Judged::Item(JudgedItem::Valid { item, .. }) => Ok(serde_json::to_string(&item).expect("JSON")),
        Judged::Item(JudgedItem::Refused { rejection, .. }) => Err(rejection),
    }
}

fn canaries() -> Vec<[&'static str; 4]> {
    let rows = CANARIES.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let columns: Vec<_> = row.split('\t').collect();
        columns.try_into().expect("four columns")
    })
    .collect()
}

#[test]
fn every_planted_secret_is_gone_from_what_is_stored() {
    let rows = canaries();
    assert!(rows.len() >= 200, "{}", rows.len());
    let mut survived = Vec::new();
    for [kind, place, text, secret] in &rows {
        // A key file has line ends.
        let text = text.replace("\\n", "\n");
        let line =
            judge(&batch(place, &text), "{}").unwrap_or_else(|why| panic!("{kind} in {place}: {why:?}"));
        if line.contains(secret) {
            survived.push(format!("{kind} in {place}: {secret} in {line}"));
        }
    }
    println!(
        "{} of {} planted secrets are gone",
        rows.len() - survived.len(),
        rows.len()
    );
    assert!(survived.is_empty(), "{}", survived.join("\n"));
}

#[test]
fn a_refusal_repeats_no_secret() {
    let schemas = r#"{"schemas":{"mode":"enforce","events":{"signup":{}}}}"#;
    for [_, place, text, secret] in canaries() {
        if place != "prop_name" {
            continue;
        }
        let rejection = judge(&batch(place, text), schemas).expect_err("an unknown property");
        let answer = serde_json::to_string(&rejection).expect("JSON");
        assert!(!answer.contains(secret), "{answer}");
    }
}

#[test]
fn of_a_thousand_ordinary_sentences_at_most_ten_are_touched() {
    let sentences: Vec<_> = ORDINARY.lines().collect();
    assert_eq!(sentences.len(), 1_000);
    let touched: Vec<String> = sentences
        .iter()
        .filter_map(|sentence| {
            let redacted = redact::text(sentence);
            (redacted != **sentence).then(|| format!("{sentence}\n    {redacted}"))
        })
        .collect();
    println!(
        "{} of {} ordinary sentences were touched",
        touched.len(),
        sentences.len()
    );
    println!("{}", touched.join("\n"));
    assert!(touched.len() * 100 <= sentences.len(), "{}", touched.join("\n"));
}

/// Lines that are all made of what resembles secrets most; nothing in them is one.
#[test]
fn of_the_nearest_misses_at_most_one_in_fifty_is_touched() {
    let lines: Vec<_> = NEAR_MISSES.lines().collect();
    let touched: Vec<_> = lines
        .iter()
        .filter(|line| redact::text(line) != ***line)
        .collect();
    println!("{} of {} near misses were touched", touched.len(), lines.len());
    assert!(touched.len() * 50 <= lines.len(), "{touched:#?}");
}

#[test]
fn whoever_skips_what_holds_no_secret_skips_no_secret() {
    for [kind, place, text, _] in canaries() {
        if matches!(place, "text" | "prop") {
            assert!(redact::may_hold_secret(text), "{kind}: {text}");
        }
    }
}

/// A value in the middle of the ordinary keeps its type, so that nothing that counts it breaks.
#[test]
fn ordinary_numbers_stay_numbers() {
    for number in [0_u64, 7, 1_795_000_000_008, 4_242_424_242_424_241] {
        let body = batch("prop_number", &number.to_string());
        let line: Value = serde_json::from_str(&judge(&body, "{}").expect("valid")).expect("JSON");
        assert!(line["props"]["note"].is_number(), "{line}");
    }
}

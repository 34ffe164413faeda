//! Every golden payload in `corpus/` is judged as `corpus/expected.tsv` says, and stored as `corpus/stored/` shows.
//! `BLESS=1 cargo test -p hearback-shared --test corpus` writes `stored/` anew; look at the difference.
#![allow(clippy::disallowed_methods, reason = "the corpus is read from files")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use hearback_shared::item::{EdgeFacts, ItemKey};
use hearback_shared::producer::Producer;
use hearback_shared::rejection::RejectionCode;
use hearback_shared::scan::Batch;
use hearback_shared::settings::ProjectSettings;
use hearback_shared::validate::{self, Arrival, Judged, JudgedItem};
use hearback_shared::wire::RawBatch;

const NOW: u64 = 1_795_000_000_000;
const SENT_AT: u64 = NOW - 5_000;

/// Codes that come from elsewhere than judging one batch.
const NOT_HERE: [RejectionCode; 8] = [
    // The shard's window.
    RejectionCode::SeqGap,
    // Need a project's schemas: tests beside `validate::schema`.
    RejectionCode::SchemaUnknownEvent,
    RejectionCode::SchemaMissingProp,
    RejectionCode::SchemaUnknownProp,
    RejectionCode::SchemaWrongType,
    RejectionCode::SchemaNotAChoice,
    RejectionCode::Gpc,
    RejectionCode::AttachmentInvalid,
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

struct Case {
    name: String,
    expect: String,
}

fn cases() -> Vec<Case> {
    let table = fs::read_to_string(root().join("expected.tsv")).expect("the table");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let (name, expect) = row.split_once('\t').expect("two columns");
        Case {
            name: name.to_owned(),
            expect: expect.to_owned(),
        }
    })
    .collect()
}

/// The request's body: a batch as it is, an item in the envelope that its folder stands for.
fn body(name: &str) -> Vec<u8> {
    let bytes = fs::read(root().join(format!("{name}.json"))).expect(name);
    let producer = match name.split('/').next() {
        Some("batches") => return bytes,
        Some("items") => format!(r#""producer":"{}","#, Producer::new(NOW, [3; 12])),
        _ => String::new(),
    };
    let envelope = format!(r#"{{"key":"pk_demo",{producer}"sent_at":{SENT_AT},"items":["#);
    [envelope.as_bytes(), &bytes, b"]}"].concat()
}

fn judge(body: &[u8]) -> Option<Vec<JudgedItem>> {
    let text = std::str::from_utf8(body).ok()?;
    let raw: RawBatch<'_> = serde_json::from_str(text).ok()?;
    let settings = ProjectSettings::default();
    let producer = raw.producer.as_ref();
    let arrival = Arrival {
        project: "demo".parse().expect("a project"),
        settings: &settings,
        producer: producer.map(|producer| producer.parse().expect("a producer")),
        sent_at: raw.sent_at,
        now: NOW,
        edge: EdgeFacts::default(),
    };
    Some(validate::batch(&raw, &arrival))
}

/// The same by the way that the collector takes.
fn judge_scanned(body: &[u8]) -> Option<Vec<JudgedItem>> {
    let text = std::str::from_utf8(body).ok()?;
    let batch = Batch::read(text).ok()?;
    let settings = ProjectSettings::default();
    let producer = batch.producer.as_ref();
    let arrival = Arrival {
        project: "demo".parse().expect("a project"),
        settings: &settings,
        producer: producer.map(|producer| producer.parse().expect("a producer")),
        sent_at: batch.sent_at,
        now: NOW,
        edge: EdgeFacts::default(),
    };
    let items = validate::scanned(&batch, &arrival)
        .into_iter()
        .map(|item| match item {
            Judged::Item(item) => item,
            Judged::Written { seq, line } => JudgedItem::Valid {
                key: ItemKey::Seq(seq),
                item: serde_json::from_str(&line).expect("a line is a stored item"),
            },
        });
    Some(items.collect())
}

fn outcome(item: &JudgedItem) -> String {
    match item {
        JudgedItem::Valid { .. } => "accepted".to_owned(),
        JudgedItem::Refused { rejection, .. } => {
            let field = rejection.field.as_ref().map(|field| format!(" {field}"));
            rejection.code.as_str().to_owned() + &field.unwrap_or_default()
        }
    }
}

fn outcomes(judged: Option<&Vec<JudgedItem>>) -> String {
    judged.map_or_else(
        || "unreadable".to_owned(),
        |items| items.iter().map(outcome).collect::<Vec<_>>().join("; "),
    )
}

#[test]
fn every_case_is_judged_as_the_table_says() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|case| {
            let got = outcomes(judge(&body(&case.name)).as_ref());
            (got != case.expect).then(|| format!("{}: {got}, expected {}", case.name, case.expect))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scanner_says_the_same_of_every_case() {
    for case in cases() {
        let body = body(&case.name);
        assert_eq!(judge_scanned(&body), judge(&body), "{}", case.name);
    }
}

#[test]
fn every_accepted_item_is_stored_as_shown() {
    let mut wrong = Vec::new();
    for case in cases() {
        let Some(judged) = judge(&body(&case.name)) else {
            continue;
        };
        let lines: String = judged
            .iter()
            .filter_map(|item| match item {
                JudgedItem::Valid { item, .. } => Some(serde_json::to_string(item).expect("JSON") + "\n"),
                JudgedItem::Refused { .. } => None,
            })
            .collect();
        if lines.is_empty() {
            continue;
        }
        let path = root().join(format!("stored/{}.ndjson", case.name.replace('/', "-")));
        if env::var_os("BLESS").is_some() {
            fs::write(&path, &lines).expect("the golden file");
        }
        if fs::read_to_string(&path).unwrap_or_default() != lines {
            wrong.push(format!("{}: {lines}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_in_the_table_and_every_code_in_a_case() {
    let cases = cases();
    let listed: BTreeSet<_> = cases.iter().map(|case| case.name.clone()).collect();
    for folder in ["items", "messages", "batches"] {
        for entry in fs::read_dir(root().join(folder)).expect(folder) {
            let path = entry.expect(folder).path();
            let name = format!(
                "{folder}/{}",
                path.file_stem().and_then(|stem| stem.to_str()).expect("a name")
            );
            assert!(listed.contains(&name), "{name} is not in expected.tsv");
        }
    }
    for code in RejectionCode::ALL.iter().filter(|code| !NOT_HERE.contains(code)) {
        let is_covered = cases.iter().any(|case| {
            case.expect
                .split("; ")
                .any(|outcome| outcome.split(' ').next() == Some(code.as_str()))
        });
        assert!(is_covered, "{} has no case", code.as_str());
    }
}

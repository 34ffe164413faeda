use super::*;
use crate::item::{EdgeFacts, ItemBody, item_id};
use crate::producer::Producer;
use crate::rejection::RejectionCode;
use crate::settings::ProjectSettings;

const NOW: u64 = 1_795_000_000_000;

fn arrival(settings: &ProjectSettings) -> Arrival<'_> {
    Arrival {
        settings,
        project: "demo".parse().expect("a project"),
        producer: Some(Producer::new(NOW, [3; 12])),
        sent_at: NOW - 5_000,
        now: NOW,
        edge: EdgeFacts::default(),
    }
}

fn judge(items: &str) -> Vec<JudgedItem> {
    let json = format!(
        r#"{{"key":"k","producer":"p","sent_at":{},"items":[{items}]}}"#,
        NOW - 5_000
    );
    let raw: RawBatch<'_> = serde_json::from_str(&json).expect("a batch");
    batch(&raw, &arrival(&ProjectSettings::default()))
}

/// `expect` is the stored item's `type`, or the rejection's code and field.
#[track_caller]
fn check(item: &str, expect: &str) {
    let got = match judge(item).remove(0) {
        JudgedItem::Valid { item, .. } => match item.body {
            ItemBody::Event(_) => "event".to_owned(),
            ItemBody::Feedback(_) => "feedback".to_owned(),
        },
        JudgedItem::Refused { rejection, .. } => {
            let field = rejection
                .field
                .map(|field| format!(" {field}"))
                .unwrap_or_default();
            format!("{}{field}", rejection.code.as_str())
        }
    };
    assert_eq!(got, expect, "{item}");
}

#[test]
fn what_the_documentation_shows_is_accepted() {
    check(
        r#"{"seq":17,"at":1,"type":"event","name":"signup","props":{"plan":"pro","n":1,"x":null,"y":true}}"#,
        "event",
    );
    check(
        r#"{"seq":18,"at":1,"type":"feedback","kind":"bug","text":"It broke","rating":2,"contact":{"email":"a@b.example"}}"#,
        "feedback",
    );
}

#[test]
fn each_mistake_has_its_code_and_names_its_field() {
    check("17", "malformed_item");
    check("[]", "malformed_item");
    check(
        r#"{"seq":1,"seq":1,"at":1,"type":"event","name":"a"}"#,
        "duplicate_key seq",
    );
    check(r#"{"at":1,"type":"event","name":"a"}"#, "missing_field seq");
    check(r#"{"seq":1,"type":"event","name":"a"}"#, "missing_field at");
    check(r#"{"seq":1,"at":1,"type":"event"}"#, "missing_field name");
    check(
        r#"{"seq":1,"at":1,"type":"feedback","text":"a"}"#,
        "missing_field kind",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug"}"#,
        "missing_field text",
    );
    check(
        r#"{"seq":1,"at":1,"type":"event","name":"a","more":1}"#,
        "unknown_field more",
    );
    check(
        r#"{"seq":1,"at":1,"type":"event","name":"a","__proto__":{}}"#,
        "unknown_field __proto__",
    );
    check(
        r#"{"seq":1,"at":1,"type":"event","name":"a","text":"b"}"#,
        "unknown_field text",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":"b","name":"c"}"#,
        "unknown_field name",
    );
    check(r#"{"seq":1,"at":"1","type":"event","name":"a"}"#, "wrong_type at");
    check(r#"{"seq":1,"at":1.5,"type":"event","name":"a"}"#, "wrong_type at");
    check(r#"{"seq":1,"at":1,"type":"event","name":7}"#, "wrong_type name");
    check(
        r#"{"seq":1,"at":1,"type":"click","name":"a"}"#,
        "unknown_type type",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"rant","text":"a"}"#,
        "unknown_kind kind",
    );
    check(r#"{"seq":0,"at":1,"type":"event","name":"a"}"#, "seq_invalid seq");
    check(
        r#"{"seq":-1,"at":1,"type":"event","name":"a"}"#,
        "seq_invalid seq",
    );
    check(
        r#"{"seq":9007199254740992,"at":1,"type":"event","name":"a"}"#,
        "seq_invalid seq",
    );
    check(
        r#"{"seq":1,"at":1,"type":"event","name":"  "}"#,
        "name_invalid name",
    );
    check(
        r#"{"seq":1,"at":1,"type":"event","name":"a","props":{"k":[1]}}"#,
        "prop_invalid props.k",
    );
    check(
        r#"{"seq":1,"at":1,"type":"event","name":"a","props":{"k":{}}}"#,
        "prop_invalid props.k",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":" \n "}"#,
        "text_empty text",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":"a\u0000b"}"#,
        "nul_character text",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":"a","rating":6}"#,
        "rating_out_of_range rating",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":"a","rating":1000}"#,
        "rating_out_of_range rating",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":"a","contact":{}}"#,
        "missing_field contact.email",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":"a","contact":{"email":"x"}}"#,
        "email_invalid contact.email",
    );
    check(
        r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","text":"a","contact":{"tel":"x"}}"#,
        "unknown_field contact.tel",
    );
}

#[test]
fn limits_hold_at_their_edge_and_not_before() {
    let feedback = |chars: usize| {
        format!(
            r#"{{"seq":1,"at":1,"type":"feedback","kind":"idea","text":"{}"}}"#,
            "ü".repeat(chars)
        )
    };
    check(&feedback(10_000), "feedback");
    check(&feedback(10_001), "text_too_long text");
    let name = |chars: usize| {
        format!(
            r#"{{"seq":1,"at":1,"type":"event","name":"{}"}}"#,
            "n".repeat(chars)
        )
    };
    check(&name(64), "event");
    check(&name(65), "name_invalid name");
    let props = |count: usize| {
        let props: Vec<String> = (0..count).map(|n| format!(r#""p{n}":1"#)).collect();
        format!(
            r#"{{"seq":1,"at":1,"type":"event","name":"a","props":{{{}}}}}"#,
            props.join(",")
        )
    };
    check(&props(32), "event");
    check(&props(33), "too_many_props props");
}

#[test]
fn one_bad_item_leaves_the_others_alone() {
    let judged = judge(
        r#"{"seq":1,"at":1,"type":"event","name":"a"},{"seq":2},{"seq":3,"at":1,"type":"event","name":"b"}"#,
    );
    let good: Vec<bool> = judged
        .iter()
        .map(|item| matches!(item, JudgedItem::Valid { .. }))
        .collect();
    assert_eq!(good, [true, false, true]);
    assert!(matches!(
        &judged[1],
        JudgedItem::Refused {
            key: Some(ItemKey::Seq(2)),
            ..
        }
    ));
}

#[test]
fn the_visitors_clock_is_corrected_and_kept() {
    // Said 60 s before sending by a clock that runs 5 s behind.
    let said_at = NOW - 65_000;
    let item = format!(r#"{{"seq":4,"at":{said_at},"type":"feedback","kind":"idea","text":"a"}}"#);
    let JudgedItem::Valid { item, .. } = judge(&item).remove(0) else {
        panic!("valid")
    };
    assert_eq!(
        (item.at, item.client_at, item.received_at),
        (NOW - 60_000, said_at, NOW)
    );
    assert_eq!(item.id, item_id(&Producer::new(NOW, [3; 12]), 4));
}

#[test]
fn an_event_of_1970_is_put_where_its_page_can_have_been() {
    let JudgedItem::Valid { item, .. } = judge(r#"{"seq":1,"at":1,"type":"event","name":"a"}"#).remove(0)
    else {
        panic!("valid")
    };
    assert_eq!((item.at, item.client_at), (NOW - 29 * 24 * 60 * 60 * 1000, 1));
}

#[test]
fn an_address_holds_no_control_characters() {
    check(
        r#"{"seq":1,"at":1,"type":"event","name":"a","url":"https://a.example/\u0001"}"#,
        "control_character url",
    );
}

#[test]
fn what_a_page_loaded_a_month_ago_sends_is_too_old() {
    let producer = Producer::new(NOW - 30 * 24 * 60 * 60 * 1000, [0; 12]);
    let json = format!(
        r#"{{"key":"k","producer":"p","sent_at":{NOW},"items":[{{"seq":1,"at":1,"type":"event","name":"a"}}]}}"#
    );
    let raw: RawBatch<'_> = serde_json::from_str(&json).expect("a batch");
    let judged = batch(
        &raw,
        &Arrival {
            producer: Some(producer),
            ..arrival(&ProjectSettings::default())
        },
    );
    assert!(
        matches!(&judged[0], JudgedItem::Refused { rejection, .. } if rejection.code == RejectionCode::TooOld)
    );
}

#[test]
fn secrets_and_queries_are_gone_before_storage() {
    let item = r#"{"seq":1,"at":1,"type":"feedback","kind":"bug","url":"https://a.example/x?token=1#y","text":"mail ann@b.example"}"#;
    let JudgedItem::Valid { item, .. } = judge(item).remove(0) else {
        panic!("valid")
    };
    let json = serde_json::to_string(&item).expect("JSON");
    assert!(!json.contains("token=1") && !json.contains("ann@"), "{json}");
    assert_eq!(item.context.url.as_deref(), Some("https://a.example/x"));
}

#[test]
fn a_stored_item_reads_back_as_it_was_written() {
    let judged = judge(
        r#"{"seq":1,"at":1,"type":"event","name":"a","props":{"k":"v","n":1.5}},{"seq":2,"at":1,"type":"feedback","kind":"praise","text":"good","rating":5}"#,
    );
    for item in judged {
        let JudgedItem::Valid { item, .. } = item else {
            panic!("valid")
        };
        let json = serde_json::to_string(&item).expect("JSON");
        assert_eq!(serde_json::from_str::<StoredItem>(&json).expect("an item"), *item);
    }
}

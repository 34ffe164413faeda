//! The scanner and the careful decoder say the same of every batch.

use proptest::prelude::*;

use super::*;
use crate::item::{EdgeFacts, ItemKey, StoredItem};
use crate::producer::Producer;
use crate::settings::ProjectSettings;
use crate::validate::{self, Arrival, Judged, JudgedItem};

const NOW: UnixMillis = 1_795_000_000_000;

/// What becomes of each item, however it was read: what is stored is compared as its reader decodes it.
fn outcomes(items: Vec<Judged>) -> Vec<(Option<ItemKey>, Result<StoredItem, String>)> {
    let as_read = |line: &str| serde_json::from_str::<StoredItem>(line).expect("a line is a stored item");
    items
        .into_iter()
        .map(|item| match item {
            Judged::Item(JudgedItem::Valid { key, item }) => (Some(key), Ok(*item)),
            Judged::Written { seq, line } => (Some(ItemKey::Seq(seq)), Ok(as_read(&line))),
            Judged::Item(JudgedItem::Refused { key, rejection }) => (key, Err(format!("{rejection:?}"))),
        })
        .collect()
}

/// Judges a body both ways; how many items the scanner wrote itself.
#[track_caller]
fn same_both_ways(text: &str) -> usize {
    let (scanned, raw) = (Batch::read(text), serde_json::from_str::<RawBatch<'_>>(text));
    let (batch, raw) = match (scanned, raw) {
        (Ok(batch), Ok(raw)) => (batch, raw),
        (Err(scanned), Err(raw)) => {
            assert_eq!(scanned.to_string(), raw.to_string(), "{text}");
            return 0;
        }
        (scanned, raw) => panic!("one way reads it: {scanned:?} {raw:?}"),
    };
    assert_eq!(
        (&batch.key, &batch.producer, batch.sent_at, &batch.context),
        (&raw.key, &raw.producer, raw.sent_at, &raw.context),
    );
    let settings = ProjectSettings::default();
    let country = (raw.sent_at % 2 == 0).then(|| "DE".to_owned());
    let arrival = |producer| Arrival {
        project: "demo".parse().expect("a project"),
        settings: &settings,
        producer,
        sent_at: raw.sent_at,
        now: NOW,
        edge: EdgeFacts {
            country: country.clone(),
            ..EdgeFacts::default()
        },
    };
    // A server's batch has no producer, whatever its items have.
    let (page, server) = (arrival(Some(Producer::new(NOW, [7; 12]))), arrival(None));
    let careful = validate::batch(&raw, &server).into_iter().map(Judged::Item);
    let fast = validate::scanned(&batch, &server);
    assert_eq!(outcomes(fast), outcomes(careful.collect()), "{text}");
    let fast = validate::scanned(&batch, &page);
    let written = |item: &&Judged| matches!(item, Judged::Written { .. });
    let count = fast.iter().filter(written).count();
    let careful = validate::batch(&raw, &page).into_iter().map(Judged::Item);
    assert_eq!(outcomes(fast), outcomes(careful.collect()), "{text}");

    let careful = Batch::from(raw);
    for producer in [page.producer.as_ref(), None] {
        let limits: Vec<_> = validate::within_limits(&batch, producer).collect();
        let expected: Vec<_> = validate::within_limits(&careful, producer).collect();
        assert_eq!(limits, expected, "{text}");
    }
    count
}

fn envelope(context: &str, items: &[String]) -> String {
    format!(
        r#"{{"key":"pk_demo","producer":"x","sent_at":{NOW}{context},"items":[{}]}}"#,
        items.join(",")
    )
}

/// Values as pages send them, at the edges of what is plain, and wrong.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,12}".prop_map(|text| format!("{text:?}")),
        "[ -~]{0,40}".prop_map(|text| serde_json::to_string(&text).expect("a text")),
        "\\PC{0,12}".prop_map(|text| serde_json::to_string(&text).expect("a text")),
        prop::sample::select(vec![
            "\"https://a.example/x?y=1\"",
            "\"ann@b.example\"",
            "\"4242 4242 4242 4242\"",
            "\"\\u0041\"",
            "\"sk_live_4eC39HqLyjWDarjtT1zdp7dc\"",
            "\"\u{202e}\"",
            "\"\u{85}\"",
            "\"bearer abcdefghijklmnop\"",
            "\"+49 30 1234567\"",
            "\"\u{7f}\"",
            "null",
            "true",
            "false",
            "0",
            "-0",
            "-0.0",
            "1.5",
            "24.90",
            "1e3",
            "00",
            "1.",
            "9007199254740993",
            "123456789012345",
            "1234567890123456",
            "-7",
            "0.1234567890123456",
            "{}",
            "[]",
            "\"event\"",
            "\"feedback\"",
            "1795000000000",
        ])
        .prop_map(str::to_owned),
        (-1e6_f64..1e6).prop_map(|number| number.to_string()),
    ]
}

fn a_field() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "seq", "at", "type", "url", "name", "props", "kind", "text", "rating", "id", "more",
    ]);
    (name, value()).prop_map(|(name, value)| format!("\"{name}\":{value}"))
}

prop_compose! {
    fn props()(names in prop::collection::vec("[a-c]{0,2}|__proto__|prototype|ü| a", 0..5), values in prop::collection::vec(value(), 5)) -> String {
        let fields: Vec<_> = names.iter().zip(values).map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    }
}

prop_compose! {
    fn an_item()(
        seq in 0_u64..9, at in NOW - 9..NOW + 9, name in "[a-z]{1,9}|[ -!#-\\[\\]-~]{0,6}|ü{1,70}", props in props(),
        url in prop::option::of("https://a\\.example/[a-z]{0,9}|/x\\?y|[a-zü/@#%]{0,9}"),
        more in prop::option::weighted(0.15, a_field()), shuffle in any::<bool>(), space in "[ \n\t]{0,2}"
    ) -> String {
        let mut fields = vec![
            format!("\"seq\":{seq}"), format!("\"at\":{at}"), "\"type\":\"event\"".to_owned(),
            format!("\"name\":\"{name}\""), format!("\"props\":{space}{props}"),
        ];
        fields.extend(url.map(|url| format!("\"url\":\"{url}\"")));
        fields.extend(more);
        if shuffle {
            fields.reverse();
        }
        format!("{{{}{space}}}", fields.join(&format!("{space},")))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn generated_batches_have_the_same_outcome(
        items in prop::collection::vec(an_item(), 0..4),
        context in prop::sample::select(vec![
            "", r#","context":{"url":"https://a.example/?x"}"#, r#","context":{"lang":"de","env":"prod"}"#,
            r#","context":{"url":"https://a.example/","referrer":"https://b.example/","screen":[1,2]}"#,
            r#","context":null"#, r#","context":{"lang":"\u0000"}"#, r#","context":{"more":1}"#,
        ]),
    ) {
        same_both_ways(&envelope(context, &items));
    }

    #[test]
    fn batches_with_a_byte_changed_have_the_same_outcome(
        items in prop::collection::vec(an_item(), 1..3), at in any::<prop::sample::Index>(), byte in 0_u8..128, cut in any::<bool>()
    ) {
        let mut bytes = envelope("", &items).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if cut {
            bytes.truncate(at + 1);
        }
        if let Ok(text) = std::str::from_utf8(&bytes) {
            same_both_ways(text);
        }
    }
}

#[test]
fn an_ordinary_event_goes_the_fast_way() {
    let plain = r#"{"seq":1,"at":1795000000000,"type":"event","name":"signup","url":"https://a.example/x","props":{"plan":"pro","n":2.5,"new":true,"title":"Bügel"}}"#;
    let escaped = r#"{"seq":2,"at":1795000000000,"type":"event","name":"signup","props":{"plan":"\"pro\""}}"#;
    let bare = r#"{"seq":3,"at":1,"type":"event","name":"signup"}"#;
    let items = [plain, escaped, bare].map(str::to_owned);
    assert_eq!(
        same_both_ways(&envelope(r#","context":{"url":"https://a.example/"}"#, &items)),
        2
    );
    assert_eq!(
        same_both_ways(&envelope(r#","context":{"lang":"de"}"#, &items)),
        2
    );
    assert_eq!(same_both_ways(&envelope("", &items)), 2);
}

#[test]
fn a_secret_in_an_event_is_taken_out_on_either_way() {
    let secret = r#"{"seq":1,"at":1,"type":"event","name":"a","url":"https://a.example/?t=1","props":{"mail":"ann@b.example"}}"#;
    assert_eq!(same_both_ways(&envelope("", &[secret.to_owned()])), 0);
}

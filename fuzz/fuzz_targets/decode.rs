//! Any bytes as a request's body: judging never panics, and what is accepted reads back as it was written, on one
//! line, with no character that a sink cannot keep. The scanner says the same as the careful decoder of every item.
#![no_main]

use hearback_shared::item::{EdgeFacts, ItemKey, StoredItem};
use hearback_shared::producer::Producer;
use hearback_shared::scan::Batch;
use hearback_shared::settings::ProjectSettings;
use hearback_shared::validate::{self, Arrival, Judge, Judged, JudgedItem};
use hearback_shared::wire::RawBatch;
use libfuzzer_sys::fuzz_target;

const NOW: u64 = 1_795_000_000_000;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let settings = ProjectSettings::default();
    let arrival = |producer| Arrival {
        project: "demo".parse().expect("a project"),
        settings: &settings,
        producer,
        sent_at: NOW,
        now: NOW,
        edge: EdgeFacts::default(),
    };
    let page = arrival(Some(Producer::new(NOW, [3; 12])));
    let server = arrival(None);
    match serde_json::from_str::<RawBatch<'_>>(text) {
        Ok(raw) => {
            let arrival = if raw.producer.is_some() { &page } else { &server };
            let scanned = Batch::read(text).expect("the scanner reads what serde reads");
            let careful = validate::batch(&raw, arrival);
            let fast = validate::scanned(&scanned, arrival);
            assert_eq!(fast.len(), careful.len());
            fast.into_iter()
                .zip(careful)
                .for_each(|(fast, careful)| compare(fast, careful));
            let judge = Judge::new(raw.context.clone().unwrap_or_default(), arrival);
            raw.items.iter().for_each(|item| look_at(&judge.json(item.get())));
        }
        // An item by itself: what the corpus mostly holds.
        Err(_) => {
            assert!(
                Batch::read(text).is_err(),
                "the scanner reads what serde does not"
            );
            for arrival in [&page, &server] {
                look_at(&Judge::new(Default::default(), arrival).json(text));
            }
        }
    }
});

fn compare(fast: Judged, careful: JudgedItem) {
    match (fast, careful) {
        (Judged::Item(fast), careful) => assert_eq!(fast, careful),
        (Judged::Written { seq, line }, JudgedItem::Valid { key, item }) => {
            assert_eq!(key, ItemKey::Seq(seq));
            assert_eq!(serde_json::from_str::<StoredItem>(&line).expect(&line), *item);
        }
        (fast, careful) => panic!("{fast:?} {careful:?}"),
    }
}

fn look_at(judged: &JudgedItem) {
    if let JudgedItem::Valid { item, .. } = judged {
        let line = serde_json::to_string(item).expect("JSON");
        assert!(
            !line.contains(['\n', '\0']) && !line.contains("\\u0000"),
            "{line}"
        );
        let again: StoredItem = serde_json::from_str(&line).expect(&line);
        assert_eq!(again.id, item.id);
        assert_eq!(serde_json::to_string(&again).expect("JSON"), line);
    }
}

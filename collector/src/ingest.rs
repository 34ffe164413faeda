//! From a request's body to what a shard is asked to append, and from the shard's answer to the client's.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use hearback_shared::UnixMillis;
use hearback_shared::enrich;
use hearback_shared::item::{ItemBody, ItemKey};
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::project::ProjectId;
use hearback_shared::rejection::{Rejection, RejectionCode};
use hearback_shared::scan::Batch;
use hearback_shared::settings::EdgeView;
use hearback_shared::validate::{self, Arrival, Judged, JudgedItem};
use hearback_shared::wire::{IngestAnswer, ItemResult, Status};

use crate::config::Config;
use crate::http::problem::Problem;
use crate::objects::append::{Append, AppendItem, Outcome};
use crate::sender::Sender;
use crate::signing::SigningKeys;

/// The key that exists only where `DEMO` is set.
const DEMO_KEY: &str = "pk_demo";

/// The project it belongs to.
const DEMO_PROJECT: &str = "demo";

/// A batch that was judged: some of it is refused already, the rest goes to its producer's shard.
#[derive(Debug)]
pub struct JudgedBatch {
    /// The tenant, from the key.
    pub project: ProjectId,
    /// The page that sent it.
    pub producer: Producer,
    items: Vec<Judged>,
}

/// The project that a public key belongs to, and its generation.
pub fn project_of_key(key: &str, config: &Config) -> Result<(ProjectId, u32), Problem> {
    if key == DEMO_KEY && config.demo {
        return Ok((DEMO_PROJECT.parse().expect("demo is a project's name"), 0));
    }
    config.signing.project_of_key(key).ok_or(Problem::UnknownKey)
}

/// The public key that a project's pages carry.
pub fn key_of_project(project: &ProjectId, generation: u32, config: &Config) -> String {
    if config.demo && generation == 0 && project.as_str() == DEMO_PROJECT {
        DEMO_KEY.to_owned()
    } else {
        config.signing.key(project, generation)
    }
}

/// A body without its content encoding, at most [`limits::BODY_BYTES`] long: a bomb is cut off, not unpacked.
pub fn decoded(body: Vec<u8>, content_encoding: Option<&str>) -> Result<Vec<u8>, Problem> {
    let encoding = content_encoding.map(|encoding| encoding.trim().to_ascii_lowercase());
    match encoding.as_deref().filter(|encoding| !encoding.is_empty()) {
        None | Some("identity") => Ok(body),
        Some("gzip") => {
            let mut plain = Vec::new();
            let limit = limits::BODY_BYTES as u64 + 1;
            GzDecoder::new(body.as_slice())
                .take(limit)
                .read_to_end(&mut plain)
                .map_err(|_| Problem::BrokenGzip)?;
            if plain.len() > limits::BODY_BYTES {
                Err(Problem::BodyTooLarge)
            } else {
                Ok(plain)
            }
        }
        Some(_) => Err(Problem::UnsupportedEncoding),
    }
}

/// A batch whose sender is known, its items not yet looked at: what they are held to is the project's to say.
#[derive(Debug)]
pub struct OpenedBatch<'a> {
    /// The tenant, from the key.
    pub project: ProjectId,
    /// The page that sent it.
    pub producer: Producer,
    /// The generation of its key.
    pub generation: u32,
    raw: Batch<'a>,
}

/// Reads the envelope of a batch. Only what makes the whole request unreadable is a [`Problem`].
pub fn open<'a>(body: &'a [u8], config: &Config, now: UnixMillis) -> Result<OpenedBatch<'a>, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| Problem::BrokenUtf8 {
        at_byte: error.valid_up_to(),
    })?;
    let raw = Batch::read(text).map_err(|error| Problem::of_json(&error))?;
    if raw.items.len() > limits::BATCH_ITEMS {
        return Err(Problem::TooManyItems);
    }
    let (project, generation) = project_of_key(&raw.key, config)?;
    // Items with ids of their own wait for a shard that recognises their repeats.
    let producer = raw.producer.as_deref().ok_or(Problem::NoProducer)?;
    let producer: Producer = producer.parse().map_err(|_| Problem::BadProducer)?;
    if producer.is_from_the_future(now) {
        return Err(Problem::BadProducer);
    }
    Ok(OpenedBatch {
        project,
        producer,
        generation,
        raw,
    })
}

impl OpenedBatch<'_> {
    /// Decodes the items and holds them to their limits, and nothing else: what `cargo xtask bench` compares with
    /// `JSON.parse` and the same checks.
    pub fn within_limits(&self) -> IngestAnswer {
        let judged = validate::within_limits(&self.raw, &self.producer).enumerate();
        let results = judged.map(|(index, item)| match item {
            Ok(key) => ItemResult::new(Some(&key), index, Status::Accepted { receipt: None }),
            Err((key, rejection)) => ItemResult::new(key.as_ref(), index, Status::Rejected(rejection)),
        });
        IngestAnswer {
            results: results.collect(),
        }
    }

    /// Judges every item alone, by what the project's team has set.
    pub fn judge(
        mut self,
        view: &EdgeView,
        sender: &Sender,
        signing: &SigningKeys,
        now: UnixMillis,
    ) -> JudgedBatch {
        let mut edge = sender.facts();
        if let Some(context) = &mut self.raw.context {
            enrich::visit(&mut edge, context);
        }
        let arrival = Arrival {
            project: self.project.clone(),
            settings: &view.settings,
            producer: Some(self.producer),
            sent_at: self.raw.sent_at,
            now,
            edge,
        };
        let mut items = validate::scanned(&self.raw, &arrival);
        if sender.says_gpc {
            items.iter_mut().for_each(without_usage);
        }
        for item in &mut items {
            if let Judged::Item(item) = item {
                hold_to_own_attachments(item, &self.project, signing);
            }
        }
        JudgedBatch {
            project: self.project,
            producer: self.producer,
            items,
        }
    }
}

/// With Global Privacy Control on, usage events are refused, and said to be; what a person chose to say is not.
fn without_usage(item: &mut Judged) {
    let key = match item {
        Judged::Written { seq, .. } => ItemKey::Seq(*seq),
        Judged::Item(JudgedItem::Valid { key, item }) if matches!(item.body, ItemBody::Event(_)) => {
            key.clone()
        }
        Judged::Item(_) => return,
    };
    *item = Judged::Item(JudgedItem::Refused {
        key: Some(key),
        rejection: Rejection::item(
            RejectionCode::Gpc,
            "The visitor's browser asks not to be counted (Sec-GPC: 1)",
        ),
    });
}

/// An attachment's name proves by its HMAC that it was given to this project: no look into storage.
fn hold_to_own_attachments(item: &mut JudgedItem, project: &ProjectId, signing: &SigningKeys) {
    let JudgedItem::Valid { key, item: valid } = item else {
        return;
    };
    let ItemBody::Feedback(feedback) = &valid.body else {
        return;
    };
    let is_own = |name: &String| signing.project_of_attachment(name).as_ref() == Some(project);
    if feedback.attachments.len() > limits::ATTACHMENTS || !feedback.attachments.iter().all(is_own) {
        *item = JudgedItem::Refused {
            key: Some(key.clone()),
            rejection: Rejection::field(
                RejectionCode::AttachmentInvalid,
                "attachments",
                "At most 5 names, each as POST /v1/attachments gave it",
            ),
        };
    }
}

impl JudgedBatch {
    /// A batch of one item that did not come as JSON.
    pub fn of_one(project: ProjectId, producer: Producer, item: JudgedItem) -> Self {
        Self {
            project,
            producer,
            items: vec![Judged::Item(item)],
        }
    }

    /// What the shard has to do: store what is valid, count what is not. Every line repeats the batch's context, so a small
    /// batch can become a large one; what goes beyond the limit is left out and answered `retry`.
    pub fn append(&self) -> Append {
        let (mut items, mut bytes) = (Vec::new(), 0);
        for item in &self.items {
            match item {
                Judged::Written { seq, line } => {
                    bytes += line.len();
                    if bytes > limits::STORED_BATCH_BYTES && !items.is_empty() {
                        break;
                    }
                    items.push(AppendItem::Store {
                        seq: *seq,
                        is_feedback: false,
                        line: line.clone(),
                    });
                }
                Judged::Item(JudgedItem::Valid { key, item }) => {
                    let ItemKey::Seq(seq) = key else { continue };
                    let line = serde_json::to_string(item).expect("an item has only text keys");
                    bytes += line.len();
                    if bytes > limits::STORED_BATCH_BYTES && !items.is_empty() {
                        break;
                    }
                    let is_feedback = matches!(item.body, ItemBody::Feedback(_));
                    items.push(AppendItem::Store {
                        seq: *seq,
                        is_feedback,
                        line,
                    });
                }
                Judged::Item(JudgedItem::Refused { key, rejection }) => {
                    // A seq that cannot be one has no place in a window.
                    let seq = key.as_ref().and_then(ItemKey::seq);
                    items.push(AppendItem::Refused {
                        seq: seq.filter(|seq| (1..=limits::SEQ_MAX).contains(seq)),
                        code: rejection.code,
                    });
                }
            }
        }
        Append {
            producer: Some(self.producer),
            received: items.len() as u64,
            apart: BTreeMap::new(),
            quota: None,
            items,
        }
    }

    /// How many items are answered `retry` although the shard did its part.
    pub fn left_out(&self, append: &Append) -> u64 {
        self.items.len() as u64 - append.received
    }

    /// The client's answer, given the shard's outcomes for the valid items in order; without them, `retry`.
    pub fn answer(&self, outcomes: Option<&[Outcome]>, signing: &SigningKeys) -> IngestAnswer {
        let mut outcomes = outcomes.map(|outcomes| outcomes.iter().copied());
        let mut next = || outcomes.as_mut().and_then(Iterator::next);
        let results = self.items.iter().enumerate().map(|(index, item)| match item {
            Judged::Written { seq, .. } => {
                let status = status_of(next(), || None);
                ItemResult::new(Some(&ItemKey::Seq(*seq)), index, status)
            }
            Judged::Item(JudgedItem::Valid { key, item }) => {
                let seq = key.seq().filter(|_| matches!(item.body, ItemBody::Feedback(_)));
                let receipt = || seq.map(|seq| signing.receipt(&self.project, &self.producer, seq));
                let status = status_of(next(), receipt);
                ItemResult::new(Some(key), index, status)
            }
            Judged::Item(JudgedItem::Refused { key, rejection }) => {
                ItemResult::new(key.as_ref(), index, Status::Rejected(rejection.clone()))
            }
        });
        IngestAnswer {
            results: results.collect(),
        }
    }
}

/// What the client is told of a valid item.
fn status_of(outcome: Option<Outcome>, receipt: impl FnOnce() -> Option<String>) -> Status {
    match outcome {
        Some(Outcome::Stored) => Status::Accepted { receipt: receipt() },
        Some(Outcome::Duplicate) => Status::Duplicate { receipt: receipt() },
        Some(Outcome::Gap) => Status::Rejected(Outcome::gap_rejection()),
        None => Status::Retry,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const NOW: UnixMillis = 1_795_000_000_000;

    fn config() -> Config {
        let lookup = |name: &str| match name {
            "SIGNING_KEYS" => Some("a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE".to_owned()),
            "DEMO" => Some("1".to_owned()),
            _ => None,
        };
        Config::read(lookup).unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    fn body(key: &str, items: &str) -> String {
        let producer = Producer::new(NOW, [1; 12]);
        format!(r#"{{"key":"{key}","producer":"{producer}","sent_at":{NOW},"items":[{items}]}}"#)
    }

    fn judge(body: &[u8], config: &Config, now: UnixMillis) -> Result<JudgedBatch, Problem> {
        let opened = open(body, config, now)?;
        Ok(opened.judge(&EdgeView::default(), &Sender::default(), &config.signing, now))
    }

    #[track_caller]
    fn refused(body: &[u8]) -> Problem {
        judge(body, &config(), NOW).map(|_| ()).expect_err("a problem")
    }

    #[test]
    fn the_tenant_comes_from_the_key() {
        let key = config().signing.key(&"shop".parse().expect("a project"), 0);
        let judged = judge(body(&key, "").as_bytes(), &config(), NOW).expect("a batch");
        assert_eq!(judged.project.as_str(), "shop");
        assert_eq!(
            refused(body("pk_shop_a.AAAAAAAAAAAAAAAAAAAAAA", "").as_bytes()),
            Problem::UnknownKey
        );
    }

    #[test]
    fn the_demo_key_exists_in_the_demo_only() {
        assert!(project_of_key("pk_demo", &config()).is_ok());
        assert_eq!(
            project_of_key(
                "pk_demo",
                &Config {
                    demo: false,
                    ..config()
                }
            ),
            Err(Problem::UnknownKey)
        );
    }

    #[test]
    fn privacy_control_stops_events_and_never_feedback() {
        let items = r#"{"seq":1,"at":1,"type":"event","name":"a"},{"seq":2,"at":1,"type":"feedback","kind":"bug","text":"b"}"#;
        let body = body("pk_demo", items);
        let config = config();
        let sender = Sender {
            says_gpc: true,
            ..Sender::default()
        };
        let opened = open(body.as_bytes(), &config, NOW).expect("a batch");
        let judged = opened.judge(&EdgeView::default(), &sender, &config.signing, NOW);
        let answer =
            serde_json::to_value(judged.answer(Some(&[Outcome::Stored]), &config.signing)).expect("JSON");
        assert_eq!(answer["results"][0]["code"], "gpc");
        assert_eq!(answer["results"][1]["status"], "accepted");
    }

    #[test]
    fn a_body_that_cannot_be_read_is_refused_whole_and_says_where() {
        assert_eq!(refused(b"{\"key\":\"\xff\"}"), Problem::BrokenUtf8 { at_byte: 8 });
        assert!(matches!(refused(b"{"), Problem::BrokenJson { .. }));
        assert!(matches!(refused(b"{\"more\":1}"), Problem::BadBatch { .. }));
        assert_eq!(
            refused(body("pk_demo", &vec!["1"; 501].join(",")).as_bytes()),
            Problem::TooManyItems
        );
        let future = Producer::new(NOW + 3 * 86_400_000, [0; 12]);
        let json = body("pk_demo", "").replace(&Producer::new(NOW, [1; 12]).to_string(), &future.to_string());
        assert_eq!(refused(json.as_bytes()), Problem::BadProducer);
    }

    #[test]
    fn a_gzip_bomb_is_cut_off_at_the_limit() {
        let pack = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).expect("memory");
            encoder.finish().expect("memory")
        };
        assert_eq!(decoded(pack(b"hello"), Some("gzip")), Ok(b"hello".to_vec()));
        assert_eq!(
            decoded(pack(&vec![b' '; 50 << 20]), Some("gzip")),
            Err(Problem::BodyTooLarge)
        );
        assert_eq!(decoded(b"junk".to_vec(), Some("gzip")), Err(Problem::BrokenGzip));
        assert_eq!(
            decoded(b"x".to_vec(), Some("br")),
            Err(Problem::UnsupportedEncoding)
        );
    }

    #[test]
    fn a_batch_that_grows_too_large_is_stored_in_part_and_the_rest_is_asked_for_again() {
        let path = "ü".repeat(2_000);
        let context = format!(
            r#""context":{{"url":"https://a.example/{path}","referrer":"https://b.example/{path}"}},"items""#
        );
        let items: Vec<String> = (1..=500)
            .map(|seq| format!(r#"{{"seq":{seq},"at":1,"type":"event","name":"a"}}"#))
            .collect();
        let body = body("pk_demo", &items.join(",")).replace(r#""items""#, &context);
        let judged = judge(body.as_bytes(), &config(), NOW).expect("a batch");
        let stored = judged.append().items.len();
        assert!((100..500).contains(&stored), "{stored}");
        let answer = judged.answer(Some(&vec![Outcome::Stored; stored]), &config().signing);
        let retries = answer
            .results
            .iter()
            .filter(|result| result.status == Status::Retry)
            .count();
        assert_eq!(retries, 500 - stored);
    }

    #[test]
    fn every_item_gets_its_own_answer_in_order() {
        let items = r#"{"seq":1,"at":1,"type":"event","name":"a"},7,{"seq":2,"at":1,"type":"feedback","kind":"bug","text":"b"}"#;
        let judged = judge(body("pk_demo", items).as_bytes(), &config(), NOW).expect("a batch");
        assert_eq!(judged.append().items.len(), 3);
        let json = |outcomes: Option<&[Outcome]>| {
            serde_json::to_value(judged.answer(outcomes, &config().signing)).expect("JSON")["results"].take()
        };
        let results = json(Some(&[Outcome::Stored, Outcome::Duplicate]));
        assert_eq!(results[0], serde_json::json!({"seq": 1, "status": "accepted"}));
        assert_eq!(
            (&results[1]["index"], &results[1]["code"]),
            (&1.into(), &"malformed_item".into())
        );
        assert_eq!(results[2]["status"], "duplicate");
        assert!(
            results[2]["receipt"]
                .as_str()
                .is_some_and(|receipt| receipt.starts_with("rcp_demo_a."))
        );
        assert_eq!(json(None)[0], serde_json::json!({"seq": 1, "status": "retry"}));
    }
}

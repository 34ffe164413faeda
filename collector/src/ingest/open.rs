//! A request's body, read: what it is packed in, who sent it, and what each of its items is worth.

use hearback_shared::UnixMillis;
use hearback_shared::enrich;
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::project::ProjectId;
use hearback_shared::scan::Batch;
use hearback_shared::settings::EdgeView;
use hearback_shared::validate::{self, Arrival, Judged};
use hearback_shared::wire::{IngestAnswer, ItemResult, Status};

use super::{JudgedBatch, project_of_key, rules};
use crate::config::Config;
use crate::gzip;
use crate::http::json;
use crate::http::problem::Problem;
use crate::identity;
use crate::sender::Sender;
use crate::signing::SigningKeys;

/// A body without its content encoding, at most [`limits::BODY_BYTES`] long: a bomb is cut off, not unpacked.
pub fn decoded(body: Vec<u8>, content_encoding: Option<&str>) -> Result<Vec<u8>, Problem> {
    let encoding = content_encoding.map(|encoding| encoding.trim().to_ascii_lowercase());
    match encoding.as_deref().filter(|encoding| !encoding.is_empty()) {
        None | Some("identity") => Ok(body),
        Some("gzip") => {
            let plain = gzip::unpacked(&body, limits::BODY_BYTES + 1).ok_or(Problem::BrokenGzip)?;
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
    /// The page that sent it; none where each item has an id of its own.
    pub producer: Option<Producer>,
    /// The generation of its key.
    pub generation: u32,
    raw: Batch<'a>,
}

/// Reads the envelope of a batch. Only what makes the whole request unreadable is a [`Problem`].
pub fn open<'a>(body: &'a [u8], config: &Config, now: UnixMillis) -> Result<OpenedBatch<'a>, Problem> {
    let raw = Batch::read(json::text(body)?).map_err(|error| Problem::of_json(&error))?;
    if raw.items.len() > limits::BATCH_ITEMS {
        return Err(Problem::TooManyItems);
    }
    let (project, generation) = project_of_key(&raw.key, config)?;
    let producer: Option<Producer> = raw
        .producer
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| Problem::BadProducer)?;
    if producer.is_some_and(|producer| producer.is_from_the_future(now)) {
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
        let judged = validate::within_limits(&self.raw, self.producer.as_ref()).enumerate();
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
            identity::note(
                &mut edge,
                context,
                &self.project,
                &view.settings.identity_secret,
                sender.says_gpc,
                now,
            );
        }
        let arrival = Arrival {
            project: self.project.clone(),
            settings: &view.settings,
            producer: self.producer,
            sent_at: self.raw.sent_at,
            now,
            edge,
        };
        let mut items = validate::scanned(&self.raw, &arrival);
        if sender.says_gpc {
            items.iter_mut().for_each(rules::without_usage);
        }
        for item in &mut items {
            if let Judged::Item(item) = item {
                rules::hold_to_own_attachments(item, &self.project, signing);
            }
        }
        JudgedBatch::new(self.project, self.producer, items)
    }
}

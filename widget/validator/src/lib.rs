//! The edge's rules in the page, for developers: the very code that judges items there, as a module that is fetched in
//! debug mode only (`widget/loader/src/parts/debug.ts`). What only the edge knows is not judged here: a project's
//! schemas, what its page has sent before, quotas.

use hearback_shared::item::EdgeFacts;
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::scan::Batch;
use hearback_shared::settings::ProjectSettings;
use hearback_shared::validate::{self, Arrival, Judged, JudgedItem};
use wasm_bindgen::prelude::*;

/// Constant time and little code, as in the panel.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The verdicts are texts of all projects alike; this one is never named in them.
const PROJECT: &str = "page";

/// What becomes of each item of a batch, which is given as the body of `POST /v1/ingest`: a record each, empty where
/// it would be accepted, or code, field and message as units. Fails, with the reason, where all of it would be refused.
#[wasm_bindgen]
pub fn judge(body: &str, now: f64) -> Result<String, String> {
    let batch = Batch::read(body).map_err(|error| error.to_string())?;
    if batch.items.len() > limits::BATCH_ITEMS {
        return Err("too many items".to_owned());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the page's clock: whole milliseconds"
    )]
    let now = now as u64;
    let producer = batch.producer.as_deref().map(str::parse::<Producer>).transpose();
    let producer = producer.map_err(|_| "no producer".to_owned())?;
    let settings = ProjectSettings::default();
    let arrival = Arrival {
        project: PROJECT.parse().expect("a project's name"),
        settings: &settings,
        producer,
        sent_at: batch.sent_at,
        now,
        edge: EdgeFacts::default(),
    };
    let records = validate::scanned(&batch, &arrival);
    let records: Vec<_> = records.iter().map(record).collect();
    Ok(records.join("\u{1e}"))
}

fn record(judged: &Judged) -> String {
    match judged {
        Judged::Item(JudgedItem::Refused { rejection, .. }) => {
            let field = rejection.field.as_deref().unwrap_or_default();
            [rejection.code.as_str(), field, &rejection.message].join("\u{1f}")
        }
        Judged::Item(JudgedItem::Valid { .. }) | Judged::Written { .. } => String::new(),
    }
}

//! What became of a piece of feedback: as JSON (`GET /v1/receipts/<receipt>`), and as a page with which its sender may
//! have it deleted (`/r/<receipt>`).

use hearback_shared::UnixMillis;
use hearback_shared::query::FeedbackRow;
use hearback_shared::settings::{EdgeView, WidgetSettings};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use worker::{Env, Request};

use super::entry::{unavailable, view_of};
use super::{clock, export, guard, pages, stubs};
use crate::config::Config;
use crate::http::pages::{fate, words};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::signing::Receipt;

type Answered<T> = Result<T, Problem>;

/// For programs.
pub(super) async fn json(text: &str, env: &Env, config: &Config) -> Answered<Reply> {
    let (_, row) = find(text, env, config).await?;
    let body = serde_json::json!({"kind": row.kind, "at": row.at, "status": "received"});
    Ok(Reply::json(200, &body).header("access-control-allow-origin", "*"))
}

/// For people.
pub(super) async fn page(request: &Request, text: &str, env: &Env, config: &Config) -> Reply {
    answered(request, text, false, env, config).await
}

/// Deletes it. Whoever holds the receipt may: it was given to the sender alone, and nobody else's page knows it.
pub(super) async fn delete(request: &Request, text: &str, env: &Env, config: &Config) -> Reply {
    answered(request, text, true, env, config).await
}

/// A page, whatever went wrong.
async fn answered(request: &Request, text: &str, is_end: bool, env: &Env, config: &Config) -> Reply {
    let view = match config.signing.verify_receipt(text) {
        Some(receipt) => view_of(env, &receipt.project).await.ok(),
        None => None,
    };
    let none = WidgetSettings::default();
    let widget = view.as_ref().map_or(&none, |view| &view.settings.widget);
    let face = pages::face(request, env, widget).await;
    let row = match allowed(request, text, view.clone(), is_end, env, config).await {
        Ok(row) => row,
        Err(Problem::UnknownReceipt | Problem::ReceiptNotFound) => return fate::unknown(&face),
        Err(Problem::TooManyRequests { .. }) => return fate::later(429, "form_too_many", &face),
        Err(_) => return fate::later(503, "form_later", &face),
    };
    if is_end {
        return fate::deleted(&face);
    }
    let said = spoken(row.at, &words::file(&face.words.lang));
    fate::page(row.kind, &said, &["/r/", text].concat(), &face)
}

/// What the receipt speaks of, after it was deleted if it is to be.
async fn allowed(
    request: &Request,
    text: &str,
    view: Option<Rc<EdgeView>>,
    is_end: bool,
    env: &Env,
    config: &Config,
) -> Answered<FeedbackRow> {
    let (receipt, row) = find(text, env, config).await?;
    if is_end {
        let view = view.ok_or(Problem::Unavailable)?;
        let sender = pages::sender_of_page(request, config);
        let (generation, now) = (view.key_generation, clock::now());
        guard::admit(env, &receipt.project, generation, &sender, &view, now).await?;
        export::erase_row(env, &receipt.project, &row, view.shards)
            .await
            .map_err(|error| unavailable("erase", &error))?;
    }
    Ok(row)
}

async fn find(text: &str, env: &Env, config: &Config) -> Answered<(Receipt, FeedbackRow)> {
    let receipt = config
        .signing
        .verify_receipt(text)
        .ok_or(Problem::UnknownReceipt)?;
    let failed = |error| unavailable("receipt", &error);
    let stub = stubs::project(env, &receipt.project).map_err(failed)?;
    let row: Option<FeedbackRow> = stubs::ask(&stub, "/item", &receipt.item_id)
        .await
        .map_err(failed)?;
    Ok((receipt, row.ok_or(Problem::ReceiptNotFound)?))
}

/// A time as people of a language write it. Where the visitor is, nobody knows: so it is UTC, and says so.
fn spoken(at: UnixMillis, lang: &str) -> String {
    #[allow(clippy::cast_precision_loss, reason = "times are below 2^53")]
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64));
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "long"), ("timeStyle", "short"), ("timeZone", "UTC")] {
        // Setting a field of a plain object does not fail.
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    String::from(date.to_locale_string(lang, &options)) + " UTC"
}

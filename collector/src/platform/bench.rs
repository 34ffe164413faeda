//! Routes of `cargo xtask bench`, which no deployed collector has: the way of a batch, ended early. Everything before
//! and after is what `POST /v1/ingest` runs.

use hearback_shared::item::EdgeFacts;
use hearback_shared::settings::EdgeView;
use worker::Request;

use super::clock;
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::ingest;
use crate::objects::append::{AppendItem, Outcome};

/// The answer, if the address is one of these routes.
pub(super) async fn answer(request: &mut Request, config: &Config) -> Result<Option<Reply>, Problem> {
    let path = request.path();
    let only_decode = match path.as_str() {
        "/bench/decode" => true,
        "/bench/judge" => false,
        _ => return Ok(None),
    };
    let body = super::entry::batch_body(request).await?;
    let now = clock::now();
    let opened = ingest::open(&body, config, now)?;
    let answer = if only_decode {
        opened.within_limits()
    } else {
        let batch = opened.judge(&EdgeView::default(), EdgeFacts::default(), now);
        let append = batch.append();
        let is_valid = |item: &&AppendItem| !matches!(item, AppendItem::Refused { .. });
        let stored = append.items.iter().filter(is_valid).count();
        let question = super::stubs::written(&append).map_err(|_| Problem::Unavailable)?;
        // The question is not sent; its length keeps the compiler from leaving it out.
        let outcomes = vec![Outcome::Stored; stored.min(question.len())];
        batch.answer(Some(&outcomes), &config.signing)
    };
    Ok(Some(
        Reply::json(202, &answer).header("access-control-allow-origin", "*"),
    ))
}

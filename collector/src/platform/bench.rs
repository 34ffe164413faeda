//! Routes of `cargo xtask bench`, which no deployed collector has: the way of a batch, ended early, with everything
//! before and after as `POST /v1/ingest` has it; and what was counted for the bill.

use hearback_shared::settings::EdgeView;
use worker::Request;

use super::{clock, meter, sender};
use crate::config::Config;
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::ingest;
use crate::objects::append::{AppendItem, Outcome};
use crate::objects::append_wire;

/// The answer, if the address is one of these routes.
pub(super) async fn answer(request: &mut Request, config: &Config) -> Result<Option<Reply>, Problem> {
    let path = request.path();
    let only_decode = match path.as_str() {
        "/bench/decode" => true,
        "/bench/judge" => false,
        "/bench/meter" => return Ok(Some(Reply::json(200, &meter::counts()))),
        _ => return Ok(None),
    };
    let body = super::entry::batch_body(request).await?;
    let now = clock::now();
    let opened = ingest::open(&body, config, now)?;
    let answer = if only_decode {
        opened.within_limits()
    } else {
        let view = EdgeView::default();
        let sender = sender::of(request, config).known_to(&opened.project, &view, now);
        let mut batch = opened.judge(&view, &sender, &config.signing, now);
        let append = batch.append();
        let is_valid = |item: &&AppendItem| !matches!(item, AppendItem::Refused { .. });
        let stored = append.items.iter().filter(is_valid).count();
        let question = append_wire::question(&append);
        // The question is not sent; its length keeps the compiler from leaving it out.
        let outcomes = vec![Some(Outcome::Stored); stored.min(question.len())];
        batch.answer(&outcomes, &config.signing)
    };
    Ok(Some(
        Reply::json_text(202, answer.json()).header("access-control-allow-origin", "*"),
    ))
}

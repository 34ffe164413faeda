//! The plain form: `GET` and `POST /f/<key>`.

use hearback_shared::enrich;
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::project::ProjectId;
use hearback_shared::settings::{FormSettings, WidgetSettings};
use hearback_shared::validate::{self, Arrival};
use hearback_shared::wire::Status;
use sha2::{Digest, Sha256};
use worker::{Env, Method, Request};

use super::body::{self, header, query};
use super::entry::{media_type, unavailable, view_of};
use super::{append, attachments, clock, guard, pages};
use crate::attachments::stripped;
use crate::config::Config;
use crate::http::pages::{Entries, Face, Mistake, form};
use crate::http::problem::Problem;
use crate::http::reply::Reply;
use crate::ingest::{self, JudgedBatch};

type Answered<T> = Result<T, Problem>;

/// The form, or what became of one that was sent: a page, whatever went wrong.
pub(super) async fn answer(request: &mut Request, key: &str, env: &Env, config: &Config) -> Reply {
    match served(request, key, env, config).await {
        Ok(reply) => reply,
        Err(problem) => {
            let face = pages::face(request, env, &WidgetSettings::default()).await;
            form::refused(&problem, &face)
        }
    }
}

async fn served(request: &mut Request, key: &str, env: &Env, config: &Config) -> Answered<Reply> {
    let (project, generation) = ingest::project_of_key(key, config)?;
    let view = view_of(env, &project).await?;
    if view.revoked_keys.contains(&generation) {
        return Err(Problem::UnknownKey);
    }
    let widget = &view.settings.widget;
    let face = pages::face(request, env, widget).await;
    let now = clock::now();
    if request.method() != Method::Post {
        let entries = Entries::fresh(&query(request), clock::fresh_producer(now), now);
        return Ok(form::page(&widget.form, &entries, &[], &face));
    }
    let sender = pages::sender_of_page(request, config);
    guard::admit(env, &project, generation, &sender, &view, now).await?;
    let mut entries = entries(request).await?;
    // A producer that cannot be one, or is too old, is replaced: a person's words matter more than a hidden field.
    let producer = entries.get("producer").parse().ok();
    let producer = producer.filter(|p: &Producer| !p.is_too_old(now) && !p.is_from_the_future(now));
    let producer = producer.unwrap_or_else(|| clock::fresh_producer(now));
    entries.set("producer", producer.to_string());

    let mut mistakes = entries.mistakes(&widget.form, &face.words);
    mistakes.extend(
        take_picture(
            &mut entries,
            &widget.form,
            &producer,
            &project,
            env,
            config,
            &face,
        )
        .await?,
    );
    if !mistakes.is_empty() {
        return Ok(form::page(&widget.form, &entries, &mistakes, &face));
    }

    let mut context = entries.context(&widget.form, pages::wanted(request).first());
    let mut edge = sender.known_to(&project, &view, now).facts();
    enrich::visit(&mut edge, &mut context);
    edge.flags.extend(entries.suspicions(now).map(str::to_owned));
    let arrival = Arrival {
        project: project.clone(),
        settings: &view.settings,
        producer: Some(producer),
        sent_at: now,
        now,
        edge,
    };
    let judged = validate::item(entries.item(&widget.form, now), context, &arrival);
    let mut batch = JudgedBatch::of_one(project, producer, judged);
    let answer = append::append(&mut batch, env, config, &view).await?;
    let again = |mistake| form::page(&widget.form, &entries, &[mistake], &face);
    Ok(
        match answer.results.into_iter().next().map(|result| result.status) {
            Some(Status::Accepted { receipt } | Status::Duplicate { receipt }) => {
                form::thanks(&receipt.unwrap_or_default(), entries.get("url"), &face)
            }
            Some(Status::Rejected(rejection)) => again(Mistake::refused(&rejection, &face.words)),
            Some(Status::Retry) | None => Reply {
                status: 503,
                ..again(Mistake::at("", "form_later", &face.words))
            }
            .header("retry-after", "5"),
        },
    )
}

/// What was sent, by whichever of the two ways a browser has.
async fn entries(request: &mut Request) -> Answered<Entries> {
    let content_type = header(request, "content-type").unwrap_or_default();
    match media_type(&content_type).as_str() {
        "application/x-www-form-urlencoded" => Ok(Entries::parse(&body::read(request).await?)),
        "multipart/form-data" => {
            let limit = limits::ATTACHMENT_BYTES + limits::BODY_BYTES;
            let body = body::read_up_to(request, limit).await;
            if body.is_err() {
                body::drain(request).await;
            }
            let body = body?;
            Entries::parse_parts(&body, &content_type).ok_or(Problem::BadParameter {
                name: "body",
                expected: "a whole form",
            })
        }
        _ => Err(Problem::UnsupportedType),
    }
}

/// Keeps a picture that came along and notes its name, so that it is still there where something else is wrong. The name
/// follows from form and picture: sent twice it is one.
async fn take_picture(
    entries: &mut Entries,
    form: &FormSettings,
    producer: &Producer,
    project: &ProjectId,
    env: &Env,
    config: &Config,
    face: &Face,
) -> Answered<Option<Mistake>> {
    let kept = entries.get("attachment").to_owned();
    if !form.screenshot || config.signing.project_of_attachment(&kept).as_ref() != Some(project) {
        entries.remove("attachment");
    }
    let Some(bytes) = entries.picture.take().filter(|_| form.screenshot) else {
        return Ok(None);
    };
    let wrong = |name| Ok(Some(Mistake::at("picture", name, &face.words)));
    if bytes.len() > limits::ATTACHMENT_BYTES {
        return wrong("form_picture_large");
    }
    let Some((_, bytes)) = stripped(&bytes) else {
        return wrong("form_picture_wrong");
    };
    let digest = Sha256::new()
        .chain_update(producer.as_bytes())
        .chain_update(&bytes)
        .finalize();
    let random = std::array::from_fn(|at| digest[at]);
    let name = config.signing.attachment(project, random);
    attachments::store(env, project, &name, bytes)
        .await
        .map_err(|error| unavailable("attachment", &error))?;
    entries.set("attachment", name);
    Ok(None)
}

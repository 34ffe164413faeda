//! Everything of a project or of a person: shown, or erased.

use std::collections::VecDeque;

use futures_util::stream;
use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use hearback_shared::query::FeedbackRow;
use serde::{Deserialize, Serialize};
use worker::{Env, Headers, Request, Response, Result};

use super::body::{self, query};
use super::entry::{unavailable, view_of};
use super::read::tenant;
use super::shard_person::{LogStep, Stepped};
use super::{attachments, stubs};
use crate::config::Config;
use crate::http::export::Format;
use crate::http::json;
use crate::http::problem::Problem;
use crate::http::questions;
use crate::http::reply::Reply;
use crate::objects::person::Person;
use crate::objects::placement;

/// By how much the clocks of an edge and an object may differ.
const CLOCKS_MS: UnixMillis = 60 * 60 * 1000;

/// A step through the project object's feedback.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FeedbackStep {
    pub person: Option<Person>,
    pub after: u64,
}

/// Rows with their places, in the order of arrival.
pub(super) type FeedbackRows = Vec<(u64, FeedbackRow)>;

/// What is still to be read.
enum Part {
    Head,
    Shard { number: u32, after: u64 },
    Feedback { after: u64 },
}

struct Export {
    env: Env,
    project: ProjectId,
    person: Option<Person>,
    format: Format,
    parts: VecDeque<Part>,
}

/// `GET /api/v1/export`: streamed, so that its size does not matter.
pub(super) async fn export(
    request: &Request,
    env: &Env,
    config: &Config,
) -> std::result::Result<Response, Problem> {
    let project = tenant(request, config)?;
    let (format, person) = questions::export(&query(request))?;
    let person = person
        .map(|person| of_item(person, &project, config))
        .transpose()?;
    let shards = view_of(env, &project).await?.shards;
    let mut parts = VecDeque::from([Part::Head]);
    parts.extend((0..shards).map(|number| Part::Shard { number, after: 0 }));
    parts.push_back(Part::Feedback { after: 0 });
    let export = Export {
        env: env.clone(),
        project,
        person,
        format,
        parts,
    };
    let failed = |error| unavailable("export", &error);
    let headers = Headers::new();
    for (name, value) in [
        ("content-type", format.content_type()),
        (
            "content-disposition",
            &format!("attachment; filename=\"hearback.{}\"", format.ending()),
        ),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        headers.set(name, value).map_err(failed)?;
    }
    let chunks = stream::try_unfold(export, async |mut export| -> Result<_> {
        let Some(part) = export.parts.pop_front() else {
            return Ok(None);
        };
        let chunk = export.read(part).await?;
        Ok(Some((chunk.into_bytes(), export)))
    });
    Response::from_stream(Box::pin(chunks))
        .map(|response| response.with_headers(headers))
        .map_err(failed)
}

impl Export {
    async fn read(&mut self, part: Part) -> Result<String> {
        match part {
            Part::Head => Ok(self.format.head()),
            Part::Shard { number, after } => {
                let stub = stubs::shard(&self.env, &self.project, number)?;
                let path = format!("/{}/{number}/export", self.project);
                let step = LogStep {
                    person: self.person.clone(),
                    after,
                    since: 0,
                };
                let found: Stepped = stubs::ask(&stub, &path, &step).await?;
                if let Some(after) = found.next {
                    self.parts.push_front(Part::Shard { number, after });
                }
                Ok(found
                    .lines
                    .lines()
                    .filter_map(|line| self.format.event(line))
                    .collect())
            }
            Part::Feedback { after } => {
                let stub = stubs::project(&self.env, &self.project)?;
                let step = FeedbackStep {
                    person: self.person.clone(),
                    after,
                };
                let rows: FeedbackRows = stubs::ask(&stub, "/export", &step).await?;
                if let Some((after, _)) = rows.last() {
                    self.parts.push_front(Part::Feedback { after: *after });
                }
                Ok(rows.iter().map(|(_, row)| self.format.feedback(row)).collect())
            }
        }
    }
}

/// `POST /api/v1/erase`: the shards' logs first, then the project object, which has then been fed all there was.
pub(super) async fn erase(
    request: &mut Request,
    env: &Env,
    config: &Config,
) -> std::result::Result<Reply, Problem> {
    let project = tenant(request, config)?;
    let person: Person = json::read(&body::read(request).await?)?;
    let person = of_item(person, &project, config)?;
    let shards = view_of(env, &project).await?.shards;
    let (items, feedback) = erase_all(env, &project, person, shards)
        .await
        .map_err(|error| unavailable("erase", &error))?;
    Ok(Reply::json(
        200,
        &serde_json::json!({"items": items, "feedback": feedback}),
    ))
}

async fn erase_all(env: &Env, project: &ProjectId, person: Person, shards: u32) -> Result<(u64, u64)> {
    let mut items = 0;
    for number in 0..shards {
        items += erase_in_log(env, project, number, &person, 0).await?;
    }
    Ok((items, forget(env, project, &person).await?))
}

/// Erases one piece of feedback that is there. Its line stands in the log of its shard, or of one that this was split off
/// from, not before it came: that is all that is looked through, however long the logs are.
pub(super) async fn erase_row(env: &Env, project: &ProjectId, row: &FeedbackRow, shards: u32) -> Result<()> {
    let person = Person::Receipt(row.id.clone());
    let since = row.received_at.saturating_sub(CLOCKS_MS);
    let mut shard = Some(placement::shard_of_item(&row.id, shards));
    while let Some(number) = shard {
        if erase_in_log(env, project, number, &person, since).await? > 0 {
            break;
        }
        shard = placement::parent(number);
    }
    forget(env, project, &person).await.map(drop)
}

async fn erase_in_log(
    env: &Env,
    project: &ProjectId,
    number: u32,
    person: &Person,
    since: UnixMillis,
) -> Result<u64> {
    let stub = stubs::shard(env, project, number)?;
    let path = format!("/{project}/{number}/erase");
    let (mut items, mut after) = (0, Some(0));
    while let Some(from) = after {
        let step = LogStep {
            person: Some(person.clone()),
            after: from,
            since,
        };
        let found: Stepped = stubs::ask(&stub, &path, &step).await?;
        items += found.erased;
        after = found.next;
    }
    Ok(items)
}

/// Deletes what the project object has of a person, and their pictures.
async fn forget(env: &Env, project: &ProjectId, person: &Person) -> Result<u64> {
    let stub = stubs::project(env, project)?;
    let (feedback, names): (u64, Vec<String>) = stubs::ask(&stub, "/erase", person).await?;
    if let Some(bucket) = attachments::bucket(env) {
        for name in names {
            bucket.delete(name).await?;
        }
    }
    Ok(feedback)
}

/// A receipt stands for one item of this project.
fn of_item(person: Person, project: &ProjectId, config: &Config) -> std::result::Result<Person, Problem> {
    let Person::Receipt(text) = person else {
        return Ok(person);
    };
    let receipt = config
        .signing
        .verify_receipt(&text)
        .filter(|receipt| receipt.project == *project);
    let receipt = receipt.ok_or(Problem::UnknownReceipt)?;
    Ok(Person::Receipt(receipt.item_id))
}

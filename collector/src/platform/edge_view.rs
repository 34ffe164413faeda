//! What the edge and the shards know of a project: asked of its object, kept for less than a minute.

use litemap::LiteMap;
use std::cell::RefCell;
use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use hearback_shared::settings::EdgeView;
use worker::{Env, Result, console_error, wasm_bindgen_futures};

use super::{clock, stubs};
use crate::objects::view_age::{ViewUse, view_use};

/// Projects whose views an isolate keeps; beyond that the one asked for longest ago goes.
const KEPT: usize = 1_000;

/// How long a view that is being asked for is not asked for again.
const PATIENCE_MS: UnixMillis = 5_000;

struct Kept {
    view: Rc<EdgeView>,
    /// When it was asked for: the answer may be older than its arrival, never older than the question.
    asked_at: UnixMillis,
    refresh_at: UnixMillis,
}

thread_local! {
    static VIEWS: RefCell<LiteMap<ProjectId, Kept>> = const { RefCell::new(LiteMap::new()) };
}

/// The project's view, at most a minute old while its object answers.
pub(super) async fn of(env: &Env, project: &ProjectId) -> Result<Rc<EdgeView>> {
    let now = clock::now();
    let kept = VIEWS.with_borrow(|views| {
        views
            .get(project)
            .map(|kept| (Rc::clone(&kept.view), view_use(kept.asked_at, now)))
    });
    match kept {
        Some((view, ViewUse::Fresh)) => Ok(view),
        Some((view, ViewUse::RefreshBehind)) => {
            refresh_behind(env, project, now);
            Ok(view)
        }
        Some((view, ViewUse::AskFirst)) => Ok(ask(env, project).await.unwrap_or_else(|error| {
            console_error!("view of {project}: {error}; going by an old one");
            view
        })),
        Some((_, ViewUse::Useless)) | None => ask(env, project).await,
    }
}

/// Forgets what is kept here, after a change made through this isolate. Others learn of it within the minute.
pub(super) fn forget(project: &ProjectId) {
    VIEWS.with_borrow_mut(|views| views.remove(project));
}

async fn ask(env: &Env, project: &ProjectId) -> Result<Rc<EdgeView>> {
    let asked_at = clock::now();
    let view: EdgeView = stubs::ask(&stubs::project(env, project)?, "/edge-view", &()).await?;
    let view = Rc::new(view);
    VIEWS.with_borrow_mut(|views| {
        if views.len() >= KEPT && !views.contains_key(project) {
            let oldest = views.iter().min_by_key(|(_, kept)| kept.asked_at);
            if let Some(oldest) = oldest.map(|(project, _)| project.clone()) {
                views.remove(&oldest);
            }
        }
        // An answer that was overtaken by a later question's does not replace that one's.
        let is_newer = views
            .get(project)
            .is_none_or(|kept| kept.asked_at <= asked_at || kept.asked_at > clock::now());
        if is_newer {
            let kept = Kept {
                view: Rc::clone(&view),
                asked_at,
                refresh_at: 0,
            };
            views.insert(project.clone(), kept);
        }
    });
    Ok(view)
}

/// Asks while the answer goes out. Where the runtime ends this work with its request, a later request does it.
fn refresh_behind(env: &Env, project: &ProjectId, now: UnixMillis) {
    let is_due = VIEWS.with_borrow_mut(|views| {
        views.get_mut(project).is_some_and(|kept| {
            let is_due = now >= kept.refresh_at;
            if is_due {
                kept.refresh_at = now + PATIENCE_MS;
            }
            is_due
        })
    });
    if !is_due {
        return;
    }
    let (env, project) = (env.clone(), project.clone());
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(error) = ask(&env, &project).await {
            console_error!("view of {project}: {error}");
        }
    });
}

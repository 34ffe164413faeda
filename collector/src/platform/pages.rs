//! How pages for people look and speak: files beside the collector, read once in an isolate.

use std::cell::RefCell;
use std::rc::Rc;

use hearback_shared::settings::WidgetSettings;
use litemap::LiteMap;
use worker::{Env, Request, Result, console_error};

use super::body::{header, query};
use super::{asset, sender};
use crate::config::Config;
use crate::http::pages::{Face, words};
use crate::http::questions;
use crate::sender::Sender;

thread_local! {
    static FILES: RefCell<LiteMap<String, Rc<str>>> = const { RefCell::new(LiteMap::new()) };
}

/// Look and words for whoever asks: in the language that the address names, or the browser's.
pub(super) async fn face(request: &Request, env: &Env, widget: &WidgetSettings) -> Face {
    let wanted = wanted(request);
    let lang = words::language(&wanted, &widget.strings);
    let ours = file(env, &[&words::file(&lang), ".json"].concat()).await;
    Face {
        words: words::Words::of(lang, ours.as_deref(), &widget.strings),
        style: file(env, "page.css").await.unwrap_or_default(),
        color: widget.launcher.color.clone(),
    }
}

/// The languages the visitor reads, the best first.
pub(super) fn wanted(request: &Request) -> Vec<String> {
    let named = questions::parameter(&query(request), "lang");
    words::wanted(named.as_deref(), header(request, "accept-language").as_deref())
}

/// Who sends a form of ours: it is a page of the collector's own, wherever it is framed or linked from.
pub(super) fn sender_of_page(request: &Request, config: &Config) -> Sender {
    let mut sender = sender::of(request, config);
    sender.has_token = true;
    sender.origin = sender
        .origin
        .filter(|origin| origin != "null" && !is_own(request, origin));
    sender
}

/// Whether an origin is the collector's own, as the request addressed it.
fn is_own(request: &Request, origin: &str) -> bool {
    let url = request.inner().url();
    url.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'))
}

/// A file of the pages'; none where it cannot be read, which a page does without.
async fn file(env: &Env, name: &str) -> Option<Rc<str>> {
    if let Some(file) = FILES.with_borrow(|files| files.get(name).cloned()) {
        return Some(file);
    }
    match read(env, name).await {
        Ok(text) => {
            let text: Rc<str> = text.into();
            FILES.with_borrow_mut(|files| files.insert(name.to_owned(), Rc::clone(&text)));
            Some(text)
        }
        Err(error) => {
            console_error!("pages/{name}: {error}");
            None
        }
    }
}

async fn read(env: &Env, name: &str) -> Result<String> {
    let mut found = asset::fetch(&env.assets("ASSETS")?, &["/pages/", name].concat()).await?;
    match found.status_code() {
        200 => found.text().await,
        status => Err(worker::Error::RustError(status.to_string())),
    }
}

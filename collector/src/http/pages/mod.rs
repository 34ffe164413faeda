//! Pages for people, without script: the plain form, and what became of what they sent. Words and look are files beside
//! the collector (`widget/pages`, `widget/locales`), read when a page is asked for.

mod entries;
pub mod fate;
pub mod form;
mod html;
mod multipart;
mod questions;
#[cfg(test)]
mod tests;
pub mod words;

use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

pub use entries::{Entries, Mistake};
use html::Html;
use words::Words;

use super::reply::Reply;

/// How a page looks and speaks.
#[derive(Clone, Debug)]
pub struct Face {
    /// Its words.
    pub words: Words,
    /// The style sheet; empty where it could not be read.
    pub style: Rc<str>,
    /// The project's colour, `#rrggbb`, or empty.
    pub color: String,
}

/// A whole page; `title` names its words. `framed` says whether pages may show it in a frame.
fn document(status: u16, title: &str, main: &Html, face: &Face, framed: bool) -> Reply {
    let color = if face.color.is_empty() {
        String::new()
    } else {
        [":root{--own:", &face.color, "}"].concat()
    };
    let mut page = Html::default();
    page.raw("<!doctype html><html")
        .set("lang", &face.words.lang)
        .set("dir", face.words.dir())
        .raw("><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>")
        .text(face.words.at(title))
        .raw("</title><style>")
        .raw(&color)
        .raw(&face.style)
        .raw("</style></head><body><main>")
        .raw(&main.0)
        .raw("</main></body></html>\n");
    let hash = Sha256::new()
        .chain_update(&color)
        .chain_update(face.style.as_bytes())
        .finalize();
    let csp = [
        "default-src 'none'; style-src 'sha256-",
        &STANDARD.encode(hash),
        "'; form-action 'self'; base-uri 'none'; frame-ancestors ",
        // The form may be framed by any page: that is what it is for. It holds no session that a frame could misuse.
        if framed { "*" } else { "'none'" },
    ]
    .concat();
    Reply::html(status, page.0)
        .header("content-security-policy", csp)
        .header("x-robots-tag", "noindex")
}

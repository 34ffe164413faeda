//! What became of a piece of feedback, as a page for whoever holds its receipt.

use hearback_shared::item::FeedbackKind;

use super::html::Html;
use super::{Face, document};
use crate::http::reply::Reply;

/// What became of it. `at` is when it was sent, in the visitor's language; `path` where this page is.
pub fn page(kind: FeedbackKind, at: &str, path: &str, face: &Face) -> Reply {
    let words = &face.words;
    let mut html = Html::default();
    html.raw("<h1 class=\"arrived\">")
        .text(words.at("fate_title"))
        .raw("</h1><dl>");
    for (name, said) in [
        (words.at("kind"), words.of_kind("kind_", kind.as_str())),
        (words.at("fate_sent"), at),
        (words.at("fate_status"), words.at("fate_received")),
    ] {
        html.raw("<dt>")
            .text(name)
            .raw("</dt><dd>")
            .text(said)
            .raw("</dd>");
    }
    html.raw("</dl><p class=\"note\">")
        .text(words.at("receipt_hint"))
        .raw("</p><details><summary>")
        .text(words.at("fate_delete"))
        .raw("</summary><p class=\"note\" id=\"for-good\">")
        .text(words.at("fate_delete_hint"))
        .raw("</p><form method=\"post\"")
        .set("action", &[path, "/delete?lang=", &words.lang].concat())
        .raw("><button class=\"side\" aria-describedby=\"for-good\">")
        .text(words.at("fate_delete_now"))
        .raw("</button></form></details>");
    document(200, "fate_title", &html, face, false)
}

/// It was deleted.
pub fn deleted(face: &Face) -> Reply {
    said(200, "fate_deleted_title", "fate_deleted", face)
}

/// There is nothing under this receipt, or it is none.
pub fn unknown(face: &Face) -> Reply {
    said(404, "fate_unknown_title", "fate_unknown", face)
}

/// It could not be looked up, or deleted, now.
pub fn later(status: u16, detail: &str, face: &Face) -> Reply {
    said(status, "fate_title", detail, face)
}

fn said(status: u16, title: &str, detail: &str, face: &Face) -> Reply {
    let mut html = Html::default();
    html.raw("<h1>")
        .text(face.words.at(title))
        .raw("</h1>")
        .p(face.words.at(detail));
    document(status, title, &html, face, false)
}

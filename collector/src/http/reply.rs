//! An answer as a value.

use serde::Serialize;

/// Status, headers and body. Later headers of the same name replace earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// UTF-8; empty for none.
    pub body: String,
}

impl Reply {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
        .header("cache-control", "no-store")
    }

    /// A JSON document, not cached.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).expect("answers have only text keys");
        Self::json_text(status, body)
    }

    /// A JSON document that is written already, not cached.
    pub fn json_text(status: u16, body: String) -> Self {
        Self {
            body,
            ..Self::empty(status)
        }
        .header("content-type", "application/json")
        .header("x-content-type-options", "nosniff")
    }

    /// An HTML page, not cached.
    pub fn html(status: u16, body: String) -> Self {
        Self {
            body,
            ..Self::empty(status)
        }
        .header("content-type", "text/html; charset=utf-8")
        .header("x-content-type-options", "nosniff")
        .header("referrer-policy", "no-referrer")
    }

    /// With one more header, or another value of one.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(have, _)| *have != name);
        self.headers.push((name, value.into()));
        self
    }

    /// The answer to a CORS preflight of a public route.
    pub fn preflight() -> Self {
        Self::empty(204)
            .header("access-control-allow-origin", "*")
            .header("access-control-allow-methods", "GET, POST")
            .header("access-control-allow-headers", "content-type, content-encoding")
            .header("access-control-max-age", "86400")
    }
}

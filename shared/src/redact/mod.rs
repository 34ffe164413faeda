//! Takes secrets and personal data out before anything is stored: the same code at the edge and, as a preview, in
//! the page. What was taken is named in brackets, so that a reader understands the sentence.

mod address;
mod rules;
mod text;

pub use address::address;
pub use rules::RedactionRules;
pub use text::text;

use std::collections::BTreeSet;

use crate::item::{Context, Item, ItemBody, PropValue};
use crate::settings::ProjectSettings;

/// Redacts as one project wants it: what is always taken out, and what its team added.
#[derive(Clone, Copy, Debug)]
pub struct Redactor<'a> {
    rules: &'a RedactionRules,
    #[expect(dead_code, reason = "addresses drop every parameter until they know of it")]
    keep_query: &'a BTreeSet<String>,
}

impl<'a> Redactor<'a> {
    /// With a project's settings.
    pub fn of(settings: &'a ProjectSettings) -> Self {
        Self {
            rules: &settings.redaction,
            keep_query: &settings.keep_query,
        }
    }

    /// An item without secrets. A contact's e-mail address stays: it was given to be used.
    pub fn item(&self, mut item: Item) -> Item {
        item.url = item.url.map(|url| address(&url));
        match &mut item.body {
            ItemBody::Event(event) => {
                for (name, value) in &mut event.props {
                    if self.rules.props.contains(name) {
                        *value = PropValue::Text("[redacted]".to_owned());
                    } else if let PropValue::Text(text) = value {
                        *text = prop(text);
                    }
                }
            }
            ItemBody::Feedback(feedback) => feedback.text = text(&feedback.text),
        }
        item
    }

    /// A context without secrets.
    pub fn context(&self, mut context: Context) -> Context {
        context.url = context.url.map(|url| address(&url));
        context.referrer = context.referrer.map(|url| address(&url));
        context
    }
}

/// Properties hold addresses as often as words.
fn prop(value: &str) -> String {
    if value.starts_with("http://") || value.starts_with("https://") {
        address(value)
    } else {
        text(value)
    }
}

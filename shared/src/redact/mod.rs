//! Takes out what a page never meant to send: before anything is stored, by the same code in the panel and at the
//! edge. What was taken is named in brackets, so that a reader understands the sentence.

mod address;
mod rules;
mod text;

pub use address::address;
pub use rules::RedactionRules;
pub use text::text;

use crate::item::{Context, Item, ItemBody, PropValue};

/// An item without secrets. A contact's e-mail address stays: it was given to be used.
pub fn item(mut item: Item) -> Item {
    item.url = item.url.map(|url| address(&url));
    match &mut item.body {
        ItemBody::Event(event) => {
            for value in event.props.values_mut() {
                if let PropValue::Text(value) = value {
                    *value = prop(value);
                }
            }
        }
        ItemBody::Feedback(feedback) => feedback.text = text(&feedback.text),
    }
    item
}

/// A context without secrets.
pub fn context(mut context: Context) -> Context {
    context.url = context.url.map(|url| address(&url));
    context.referrer = context.referrer.map(|url| address(&url));
    context
}

/// Properties hold addresses as often as words.
fn prop(value: &str) -> String {
    if value.starts_with("http://") || value.starts_with("https://") {
        address(value)
    } else {
        text(value)
    }
}

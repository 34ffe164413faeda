//! Which feedback is looked at by the team before it stands among the rest. It is kept whatever it is: a wrong
//! suspicion costs a click, a deleted complaint costs trust.

use hearback_shared::item::{ItemBody, StoredItem};
use hearback_shared::limits::FEEDBACK_LINKS;

/// The field that people do not see was filled in.
pub const HONEYPOT: &str = "suspect:honeypot";

/// The form came back sooner than a person can write.
pub const TOO_FAST: &str = "suspect:too_fast";

/// More links than a piece of feedback has.
pub const LINKS: &str = "suspect:links";

/// Markup of forums or pages, which the form does not ask for.
pub const MARKUP: &str = "suspect:markup";

/// Why a piece of feedback is to be looked at first; empty for most.
pub fn reasons(item: &StoredItem) -> Vec<String> {
    let ItemBody::Feedback(feedback) = &item.body else {
        return Vec::new();
    };
    let text = feedback.text.to_ascii_lowercase();
    let links = text.matches("http://").count() + text.matches("https://").count();
    let has_markup = ["[url=", "[link=", "<a href", "</a>"]
        .iter()
        .any(|tag| text.contains(tag));
    let words = text
        .split_whitespace()
        .filter(|word| !word.contains("://"))
        .count();
    // A link and nothing but a word or two around it is how adverts look.
    let is_bare_link = links > 0 && words < 2;
    let by_text = [
        (links >= FEEDBACK_LINKS || is_bare_link).then_some(LINKS),
        has_markup.then_some(MARKUP),
    ];
    let by_edge = item
        .edge
        .flags
        .iter()
        .filter(|flag| flag.starts_with("suspect:"))
        .cloned();
    by_edge
        .chain(by_text.into_iter().flatten().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str, flags: &[&str]) -> StoredItem {
        let item = serde_json::json!({
            "id": "p-1", "project": "demo", "at": 1, "client_at": 1, "received_at": 1, "context": {},
            "edge": {"flags": flags}, "type": "feedback", "kind": "bug", "text": text,
        });
        serde_json::from_value(item).expect("an item")
    }

    #[test]
    fn what_people_write_is_not_held_back() {
        for text in [
            "The cart is empty after I sign in, see https://shop.example/cart",
            "Great! <3",
            "I compared https://a.example and https://b.example and yours is slower",
            "a < b and b > c",
        ] {
            assert_eq!(reasons(&item(text, &["bot:headless"])), [""; 0], "{text}");
        }
    }

    #[test]
    fn adverts_and_traps_are_held_back_with_the_reason() {
        assert_eq!(reasons(&item("https://pills.example", &[])), [LINKS]);
        assert_eq!(
            reasons(&item(
                "buy http://a.example http://b.example http://c.example now",
                &[]
            )),
            [LINKS]
        );
        assert_eq!(reasons(&item("see [URL=x]this[/URL] thing", &[])), [MARKUP]);
        assert_eq!(
            reasons(&item("hello there", &[HONEYPOT, "bot:script"])),
            [HONEYPOT]
        );
    }
}

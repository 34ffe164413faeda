//! Takes secrets and personal data out before anything is stored: the same code at the edge and, as a preview, in
//! the page. What was taken is named in brackets, so that a reader understands the sentence.

mod address;
mod card;
mod digits;
mod email;
mod iban;
mod phone;
mod precheck;
mod rules;
mod secret;
mod span;
mod text;
mod token;

pub use address::address;
pub use precheck::may_hold_secret;
pub use rules::RedactionRules;
pub use text::text;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::item::{Context, Item, ItemBody, PropValue, Props};
use crate::settings::ProjectSettings;

/// Redacts as one project wants it: what is always taken out, and what its team added.
#[derive(Clone, Copy, Debug)]
pub struct Redactor<'a> {
    rules: &'a RedactionRules,
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

    /// A text without secrets.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.rules.text(text::text_keeping(text, self.keep_query))
    }

    /// An address without secrets.
    pub fn address(&self, url: &str) -> String {
        let address = address::address_keeping(url, self.keep_query);
        self.rules.text(Cow::Owned(address)).into_owned()
    }

    /// An item without secrets. A contact's e-mail address stays: it was given to be used.
    pub fn item(&self, mut item: Item) -> Item {
        item.url = item.url.map(|url| self.address(&url));
        item.body.props_mut().for_each(|props| self.props(props));
        match &mut item.body {
            ItemBody::Event(event) => self.clean(&mut event.name),
            ItemBody::Feedback(feedback) => {
                self.clean(&mut feedback.text);
                feedback.breadcrumbs.iter_mut().for_each(|text| self.clean(text));
            }
        }
        item
    }

    /// A context without secrets.
    pub fn context(&self, mut context: Context) -> Context {
        for url in [&mut context.url, &mut context.referrer].into_iter().flatten() {
            *url = self.address(url);
        }
        for text in [&mut context.lang, &mut context.env].into_iter().flatten() {
            self.clean(text);
        }
        if let Some(release) = context.release.as_mut().filter(|release| !is_commit(release)) {
            self.clean(release);
        }
        context
    }

    fn clean(&self, value: &mut String) {
        if let Cow::Owned(clean) = self.text(value) {
            *value = clean;
        }
    }

    fn props(&self, props: &mut Props) {
        for (name, value) in props.iter_mut() {
            self.prop(name, value);
        }
        // Names are seldom secrets, so the map is made anew only where one is.
        if props.keys().any(|name| *self.text(name) != **name) {
            for (name, value) in std::mem::take(props) {
                let mut clean = self.text(&name).into_owned();
                while props.contains_key(&clean) {
                    clean.push('\'');
                }
                props.insert(clean, value);
            }
        }
    }

    fn prop(&self, name: &str, value: &mut PropValue) {
        let holds_something = !matches!(value, PropValue::Null | PropValue::Bool(_));
        if self.rules.props.contains(name) {
            *value = PropValue::Text(rules::NAME.to_owned());
        } else if holds_something && token::names_secret(name) {
            *value = PropValue::Text("[secret]".to_owned());
        } else if let PropValue::Text(text) = value {
            // Properties hold addresses as often as words.
            if text.starts_with("http://") || text.starts_with("https://") {
                *text = self.text(&self.address(text)).into_owned();
            } else {
                self.clean(text);
            }
        } else if matches!(value, PropValue::Number(number) if card::is_card_number(*number)) {
            *value = PropValue::Text("[card]".to_owned());
        }
    }
}

/// A property's value without secrets, where a project has no rules of its own.
pub fn prop(name: &str, mut value: PropValue) -> PropValue {
    let (rules, keep_query) = (RedactionRules::default(), BTreeSet::new());
    let redactor = Redactor {
        rules: &rules,
        keep_query: &keep_query,
    };
    redactor.prop(name, &mut value);
    value
}

/// A release without secrets, where a project has no rules of its own.
pub fn release(release: &str) -> Cow<'_, str> {
    if is_commit(release) {
        Cow::Borrowed(release)
    } else {
        text(release)
    }
}

/// Whether a text surely stays as it is where a project has no rules of its own.
pub(crate) fn leaves(text: &str) -> bool {
    !may_hold_secret(text) || (!text.contains("://") && *self::text(text) == *text)
}

/// Whether a property with this name surely keeps it and, unless that has a secret of its own, its value.
pub(crate) fn leaves_prop_name(name: &str) -> bool {
    leaves(name) && !token::names_secret(name)
}

/// Whether a release is named after a commit: a hash, but no secret.
fn is_commit(release: &str) -> bool {
    let tail = release
        .rsplit(['@', '+', '-', '/', ':'])
        .next()
        .unwrap_or(release);
    let head = &release[..release.len() - tail.len()];
    matches!(tail.len(), 40 | 64) && tail.bytes().all(|b| b.is_ascii_hexdigit()) && *text(head) == *head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(settings: &str, props: &str) -> String {
        let settings: ProjectSettings = serde_json::from_str(settings).expect("settings");
        let mut props: Props = serde_json::from_str(props).expect("props");
        Redactor::of(&settings).props(&mut props);
        serde_json::to_string(&props).expect("JSON")
    }

    #[test]
    fn values_names_and_numbers_of_properties_are_redacted() {
        assert_eq!(
            redacted(
                "{}",
                r#"{"a":"ann@b.example","ann@b.example":1,"bob@b.example":2,"card":4242424242424242}"#
            ),
            r#"{"[email]":1,"[email]'":2,"a":"[email]","card":"[card]"}"#
        );
        assert_eq!(
            redacted(
                "{}",
                r#"{"password":"x","Access-Token":7,"token":null,"secret":true,"plan":"pro"}"#
            ),
            r#"{"Access-Token":"[secret]","password":"[secret]","plan":"pro","secret":true,"token":null}"#
        );
    }

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        for name in ["password", "Api-Key", "ACCESS_TOKEN", "client secret", "cvv"] {
            assert!(token::names_secret(name), "{name}");
        }
        for name in ["", "p", "plan", "tokens", "passwords", "pin", "secretary"] {
            assert!(!token::names_secret(name), "{name}");
        }
    }

    #[test]
    fn a_projects_rules_add() {
        let settings = r#"{"redaction":{"props":["salary"],"words":["bob"]},"keep_query":["page"]}"#;
        assert_eq!(
            redacted(
                settings,
                r#"{"salary":7,"who":"Bob and ann@b.example","url":"https://a.example/?page=2&x=1"}"#
            ),
            r#"{"salary":"[redacted]","url":"https://a.example/?page=2","who":"[redacted] and [email]"}"#
        );
    }

    #[test]
    fn a_release_may_be_a_commit_and_no_secret() {
        let settings = ProjectSettings::default();
        let release = |release: &str| {
            let context = Context {
                release: Some(release.to_owned()),
                ..Context::default()
            };
            Redactor::of(&settings)
                .context(context)
                .release
                .expect("a release")
        };
        let commit = "shop@9fceb02d0ae598e95dc970b74767f19372d61af8";
        assert_eq!(release(commit), commit);
        assert_eq!(release("1.4.2-beta.3"), "1.4.2-beta.3");
        assert_eq!(release("sk_live_4eC39HqLyjWDarjtT1zdp7dc"), "[secret]");
    }
}

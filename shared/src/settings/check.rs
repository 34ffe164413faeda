//! What settings may be. Every mistake is named by its path, so that a form can show it where it was made.

use serde::{Deserialize, Serialize};

use super::{ProjectSettings, Webhook, check_widget};
use crate::guard::{self, Reach};
use crate::limits;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Where, such as `quota.items_per_hour` or `origins[2]`.
    pub path: String,
    /// What it has to be.
    pub message: String,
}

impl Mistake {
    /// A name as a path shows it: short and printable.
    pub(crate) fn shown(name: &str) -> String {
        name.chars().filter(|c| !c.is_control()).take(40).collect()
    }
}

/// Mistakes told at most: who made more has made one of them many times.
const MISTAKES: usize = 20;

/// Bytes of a webhook's secret in base64 after `whsec_`: 24 to 64 bytes.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 32..=88;

#[derive(Default)]
pub(super) struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(super) fn unless(&mut self, holds: bool, path: impl FnOnce() -> String, message: impl Into<String>) {
        if !holds && self.0.len() < MISTAKES {
            self.0.push(Mistake {
                path: path(),
                message: message.into(),
            });
        }
    }

    pub(super) fn at_most(&mut self, have: usize, limit: usize, path: &str) {
        self.unless(
            have <= limit,
            || path.to_owned(),
            format!("at most {limit} entries"),
        );
    }

    fn names<'a>(&mut self, names: impl IntoIterator<Item = &'a String>, chars: usize, path: &str) {
        for name in names {
            let fits = !name.trim().is_empty()
                && name.chars().count() <= chars
                && !name.chars().any(char::is_control);
            self.unless(
                fits,
                || format!("{path}.{}", Mistake::shown(name)),
                format!("1 to {chars} characters, no control characters"),
            );
        }
    }
}

impl ProjectSettings {
    /// What is wrong with them; nothing where they may be kept. `reach` is how far webhooks may lead.
    pub fn mistakes(&self, reach: Reach) -> Vec<Mistake> {
        let mut mistakes = Mistakes::default();
        origins(&self.origins, &mut mistakes);
        for mistake in self.schemas.mistakes() {
            mistakes.unless(false, || mistake.path, mistake.message);
        }
        redaction(self, &mut mistakes);
        for (names, limit, path) in [
            (&self.keep_query, limits::KEPT_PARAMETERS, "keep_query"),
            (&self.breakdowns, limits::CHOSEN_PROPS, "breakdowns"),
            (&self.percentiles, limits::CHOSEN_PROPS, "percentiles"),
        ] {
            mistakes.at_most(names.len(), limit, path);
            mistakes.names(names, limits::PROP_KEY_CHARS, path);
        }
        quota_and_retention(self, &mut mistakes);
        webhooks(&self.webhooks, reach, &mut mistakes);
        check_widget::widget(&self.widget, &mut mistakes);
        check_widget::identity_secret(&self.identity_secret, &mut mistakes);
        mistakes.0
    }
}

fn origins(origins: &[String], mistakes: &mut Mistakes) {
    mistakes.at_most(origins.len(), limits::ORIGINS, "origins");
    for (at, origin) in origins.iter().enumerate() {
        mistakes.unless(
            is_origin(origin),
            || format!("origins[{at}]"),
            "an origin as browsers send it, such as https://shop.example: scheme, host in lower case, a port where it is not the usual one, nothing after it",
        );
    }
}

/// Whether a text is an origin as browsers write it into `Origin`.
fn is_origin(text: &str) -> bool {
    let (rest, usual_port) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (rest, ":443"),
        (_, Some(rest)) => (rest, ":80"),
        _ => return false,
    };
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_v6 = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|v6| v6.parse::<std::net::Ipv6Addr>().is_ok());
    let is_name = !host.is_empty()
        && host.split('.').all(|label| !label.is_empty())
        && host
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_'));
    let port_fits = port.is_none_or(|port| {
        port.parse::<u16>()
            .is_ok_and(|number| number > 0 && number.to_string() == port)
    });
    text.len() <= limits::URL_CHARS && (is_v6 || is_name) && port_fits && !rest.ends_with(usual_port)
}

fn redaction(settings: &ProjectSettings, mistakes: &mut Mistakes) {
    let rules = &settings.redaction;
    // A rule of one letter would take everything out, and a space in a word that begins with it never occurs.
    for (texts, shortest, path) in [
        (&rules.props, 1, "redaction.props"),
        (&rules.prefixes, 3, "redaction.prefixes"),
        (&rules.words, 2, "redaction.words"),
    ] {
        mistakes.at_most(texts.len(), limits::REDACTION_RULES, path);
        mistakes.names(texts, limits::PROP_KEY_CHARS, path);
        for text in texts.iter().filter(|text| text.trim().chars().count() < shortest) {
            mistakes.unless(
                false,
                || format!("{path}.{}", Mistake::shown(text)),
                format!("at least {shortest} characters"),
            );
        }
    }
    for prefix in rules
        .prefixes
        .iter()
        .filter(|text| text.contains(char::is_whitespace))
    {
        mistakes.unless(
            false,
            || format!("redaction.prefixes.{}", Mistake::shown(prefix)),
            "the beginning of one word, without spaces",
        );
    }
}

fn quota_and_retention(settings: &ProjectSettings, mistakes: &mut Mistakes) {
    let (quota, retention) = (&settings.quota, &settings.retention);
    mistakes.unless(
        quota.items_per_hour != Some(0),
        || "quota.items_per_hour".into(),
        "1 or more, or null for no bound",
    );
    mistakes.unless(
        quota.requests_per_minute_per_address > 0,
        || "quota.requests_per_minute_per_address".into(),
        "1 or more",
    );
    for (days, path) in [
        (retention.events_days, "retention.events_days"),
        (retention.feedback_days, "retention.feedback_days"),
    ] {
        mistakes.unless(
            days.is_none_or(|days| (1..=limits::RETENTION_DAYS).contains(&days)),
            || path.into(),
            format!("1 to {} days, or null to keep them", limits::RETENTION_DAYS),
        );
    }
}

fn webhooks(webhooks: &[Webhook], reach: Reach, mistakes: &mut Mistakes) {
    mistakes.at_most(webhooks.len(), limits::WEBHOOKS, "webhooks");
    for (at, webhook) in webhooks.iter().enumerate() {
        let name_fits = (1..=limits::WEBHOOK_NAME_CHARS).contains(&webhook.name.len())
            && webhook
                .name
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let is_first = webhooks[..at].iter().all(|other| other.name != webhook.name);
        mistakes.unless(
            name_fits && is_first,
            || format!("webhooks[{at}].name"),
            "1 to 32 of a-z, 0-9 and -, unlike the others' names",
        );
        let refusal = guard::webhook(&webhook.url, reach).err();
        mistakes.unless(
            refusal.is_none() && webhook.url.len() <= limits::URL_CHARS,
            || format!("webhooks[{at}].url"),
            refusal.map_or_else(
                || format!("at most {} characters", limits::URL_CHARS),
                |refusal| format!("a public https:// address: {refusal}"),
            ),
        );
        let secret_fits = webhook.secret.strip_prefix("whsec_").is_some_and(|secret| {
            SECRET_CHARS.contains(&secret.len())
                && secret
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
        });
        mistakes.unless(
            secret_fits,
            || format!("webhooks[{at}].secret"),
            "whsec_ and 24 to 64 bytes in base64",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(json: &str) -> Vec<String> {
        let settings: ProjectSettings = serde_json::from_str(json).expect("settings");
        settings
            .mistakes(Reach::Public)
            .into_iter()
            .map(|mistake| mistake.path)
            .collect()
    }

    #[test]
    fn a_project_that_was_never_set_up_has_no_mistakes() {
        assert_eq!(ProjectSettings::default().mistakes(Reach::Public), []);
        assert_eq!(paths("{}"), [""; 0]);
    }

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for good in [
            "https://shop.example",
            "http://localhost:8787",
            "https://[::1]:8443",
            "https://xn--bcher-kva.example",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "shop.example",
            "https://shop.example/",
            "https://Shop.example",
            "https://shop.example:443",
            "http://shop.example:80",
            "https://shop.example:080",
            "https://*.shop.example",
            "https://a b",
            "https://",
            "null",
            "https://bücher.example",
            "https://shop..example",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }

    #[test]
    fn every_mistake_is_named_by_its_path() {
        let json = r#"{"origins":["https://a.example","a"],
            "schemas":{"events":{"signup":{"props":{"plan":{"type":"number","enum":["pro"]}}}}},
            "redaction":{"prefixes":["A"],"words":["x"]},
            "keep_query":[""],
            "quota":{"items_per_hour":0,"requests_per_minute_per_address":0},
            "retention":{"events_days":0},
            "webhooks":[{"name":"a","url":"https://b.example/in","secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"},{"name":"a","url":"http://b.example","secret":"x"}]}"#;
        assert_eq!(
            paths(json),
            [
                "origins[1]",
                "schemas.events.signup.props.plan.enum",
                "redaction.prefixes.A",
                "redaction.words.x",
                "keep_query.",
                "quota.items_per_hour",
                "quota.requests_per_minute_per_address",
                "retention.events_days",
                "webhooks[1].name",
                "webhooks[1].url",
                "webhooks[1].secret",
            ]
        );
    }

    #[test]
    fn mistakes_without_end_are_told_in_part() {
        let settings = ProjectSettings {
            origins: vec!["x".into(); 5_000],
            ..ProjectSettings::default()
        };
        assert_eq!(settings.mistakes(Reach::Public).len(), MISTAKES);
    }
}

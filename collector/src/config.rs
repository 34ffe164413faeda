//! What the operator sets: every setting by name and type, read once, each mistake named.

use std::fmt;

use hearback_shared::guard::{self, Reach};

use crate::signing::SigningKeys;
use crate::sinks::{self, HttpSink, Sink, SinkKind};

/// The names of all settings; docs/deploy.md says what each is.
pub const SETTINGS: [&str; 10] = [
    "SIGNING_KEYS",
    "SHARDS",
    "DEMO",
    "SINK_URL",
    "SINK_SECRET",
    "SINK_DELAY_MS",
    "CLIENT_ADDRESS_HEADER",
    "SINKS",
    "DEV_LOOPBACK_SINKS",
    "RESTORED_AT",
];

/// The names of the Durable Object bindings and of the assets, without which nothing works.
pub const REQUIRED_BINDINGS: [&str; 3] = ["SHARD", "PROJECT", "ASSETS"];

/// The names of the bindings that are used where they are there; docs/deploy.md says what each is.
pub const OPTIONAL_BINDINGS: [&str; 4] = ["PUBLIC", "ATTACHMENTS", "RATE_LIMIT", "RATE_LIMIT_KEY"];

/// A setting that is missing or malformed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    /// Its name.
    pub name: &'static str,
    /// What is wrong with it; never its value.
    pub problem: String,
}

impl SettingError {
    /// It is there but cannot be read.
    pub fn malformed(name: &'static str, why: &str) -> Self {
        Self {
            name,
            problem: format!("is malformed: {why}"),
        }
    }

    /// It is not there.
    pub fn missing(name: &'static str, why: &str) -> Self {
        Self {
            name,
            problem: format!("is missing: {why}"),
        }
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.problem)
    }
}

impl std::error::Error for SettingError {}

/// The settings, read.
#[derive(Clone)]
pub struct Config {
    /// Sign keys, tokens and receipts.
    pub signing: SigningKeys,
    /// Shards of a project, a power of two.
    pub shards: u32,
    /// Whether `pk_demo` is a key.
    pub demo: bool,
    /// Where deliveries go.
    pub sinks: Vec<Sink>,
    /// How far webhooks may reach, a project's own too.
    pub webhook_reach: Reach,
    /// How long a delivery may gather items.
    pub sink_delay_ms: u64,
    /// When the log was last restored from a backup, in milliseconds since 1970; 0 where it never was.
    pub restored_at: u64,
    /// The header in which the operator's own proxy tells the sender's address, if there is one.
    pub client_address_header: Option<String>,
}

/// Shards of a project unless set: one object commits thousands of events a second, and each costs rows and alarms.
const DEFAULT_SHARDS: u32 = 1;
/// Shards of a project at most: a question asks them all.
pub const MAX_SHARDS: u32 = 64;
const DEFAULT_SINK_DELAY_MS: u64 = 2_000;
const MAX_SINK_DELAY_MS: u64 = 60 * 60 * 1000;

impl Config {
    /// Reads all settings through `lookup`; an empty text counts as absent. Names every mistake, not just the first.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<SettingError>> {
        let get = |name: &str| {
            lookup(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let mut errors = Vec::new();
        let mut keep = |error: SettingError| errors.push(error);

        let signing = get("SIGNING_KEYS")
            .ok_or_else(|| {
                SettingError::missing("SIGNING_KEYS", "set it as a secret (docs/deploy.md says how)")
            })
            .and_then(|text| SigningKeys::parse(&text))
            .map_err(&mut keep)
            .ok();
        let shards = get("SHARDS")
            .map_or(Ok(DEFAULT_SHARDS), |text| shards(&text))
            .map_err(&mut keep)
            .ok();
        let demo = get("DEMO")
            .map_or(Ok(false), |text| switch("DEMO", &text))
            .map_err(&mut keep)
            .ok();
        let reach = get("DEV_LOOPBACK_SINKS")
            .map_or(Ok(false), |text| switch("DEV_LOOPBACK_SINKS", &text))
            .map(|is_on| if is_on { Reach::Loopback } else { Reach::Public })
            .map_err(&mut keep)
            .ok();
        let far = reach.unwrap_or_default();
        let sink = sink(get("SINK_URL"), get("SINK_SECRET"), far)
            .map_err(&mut keep)
            .ok();
        let more = get("SINKS")
            .map_or(Ok(Vec::new()), |text| sinks::sinks(&text, far))
            .map_err(&mut keep)
            .ok();
        let delay = get("SINK_DELAY_MS")
            .map_or(Ok(DEFAULT_SINK_DELAY_MS), |text| delay(&text))
            .map_err(&mut keep)
            .ok();

        let address_header = get("CLIENT_ADDRESS_HEADER")
            .map(|text| header_name(&text))
            .transpose()
            .map_err(&mut keep)
            .ok();
        let sinks = reach
            .and(sink.zip(more))
            .map(|(sink, more)| sink.into_iter().chain(more).collect());

        let restored_at = get("RESTORED_AT")
            .map_or(Ok(0), |text| restored_at(&text))
            .map_err(&mut keep)
            .ok();

        match (signing, shards, demo, sinks, delay, address_header, restored_at) {
            (
                Some(signing),
                Some(shards),
                Some(demo),
                Some(sinks),
                Some(sink_delay_ms),
                Some(client_address_header),
                Some(restored_at),
            ) => Ok(Self {
                signing,
                shards,
                demo,
                sinks,
                webhook_reach: far,
                sink_delay_ms,
                client_address_header,
                restored_at,
            }),
            _ => Err(errors),
        }
    }
}

fn shards(text: &str) -> Result<u32, SettingError> {
    match text.parse::<u32>() {
        Ok(count) if count.is_power_of_two() && count <= MAX_SHARDS => Ok(count),
        _ => Err(SettingError::malformed("SHARDS", "a power of two from 1 to 64")),
    }
}

fn header_name(text: &str) -> Result<String, SettingError> {
    let fits = text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(SettingError::malformed(
            "CLIENT_ADDRESS_HEADER",
            "the name of a header, such as x-forwarded-for",
        ))
    }
}

fn switch(name: &'static str, text: &str) -> Result<bool, SettingError> {
    match text {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(SettingError::malformed(name, "1 or 0")),
    }
}

fn restored_at(text: &str) -> Result<u64, SettingError> {
    text.parse()
        .map_err(|_| SettingError::malformed("RESTORED_AT", "milliseconds since 1970"))
}

fn delay(text: &str) -> Result<u64, SettingError> {
    match text.parse::<u64>() {
        Ok(ms) if ms <= MAX_SINK_DELAY_MS => Ok(ms),
        _ => Err(SettingError::malformed(
            "SINK_DELAY_MS",
            "milliseconds from 0 to 3600000",
        )),
    }
}

fn sink(url: Option<String>, secret: Option<String>, reach: Reach) -> Result<Option<Sink>, SettingError> {
    let (url, secret) = match (url, secret) {
        // A secret alone is a sink to come: on Cloudflare secrets and variables are set one after the other.
        (None, _) => return Ok(None),
        (Some(_), None) => {
            return Err(SettingError::missing(
                "SINK_SECRET",
                "SINK_URL needs it, to sign deliveries",
            ));
        }
        (Some(url), Some(secret)) => (url, secret),
    };
    guard::webhook(&url, reach)
        .map_err(|refusal| SettingError::malformed("SINK_URL", &refusal.to_string()))?;
    let secret = HttpSink::read_secret(&secret)
        .ok_or_else(|| SettingError::malformed("SINK_SECRET", "whsec_ and 24 to 64 bytes in base64"))?;
    Ok(Some(Sink {
        name: "http".to_owned(),
        kind: SinkKind::Http(HttpSink { url, secret, reach }),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &str = "a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let lookup = |name: &str| {
            pairs
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Config::read(lookup).map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn the_signing_keys_alone_are_enough() {
        let config = read(&[("SIGNING_KEYS", KEYS)]).unwrap_or_else(|errors| panic!("{errors:?}"));
        assert_eq!(
            (config.shards, config.demo, config.sinks, config.sink_delay_ms),
            (1, false, vec![], 2_000)
        );
    }

    #[test]
    fn every_mistake_is_named_at_once_and_no_value_is_repeated() {
        let errors = read(&[
            ("SHARDS", "3"),
            ("DEMO", "yes"),
            ("SINK_URL", "ftp://secret"),
            ("SINK_DELAY_MS", "-1"),
        ])
        .map(|_| ())
        .expect_err("five mistakes");
        assert_eq!(
            errors,
            [
                "SIGNING_KEYS is missing: set it as a secret (docs/deploy.md says how)",
                "SHARDS is malformed: a power of two from 1 to 64",
                "DEMO is malformed: 1 or 0",
                "SINK_SECRET is missing: SINK_URL needs it, to sign deliveries",
                "SINK_DELAY_MS is malformed: milliseconds from 0 to 3600000",
            ]
        );
    }

    #[test]
    fn a_secret_without_an_address_is_a_sink_to_come() {
        let config = read(&[
            ("SIGNING_KEYS", KEYS),
            ("SINK_SECRET", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"),
        ]);
        assert!(config.is_ok_and(|config| config.sinks.is_empty()));
    }

    #[test]
    fn every_setting_and_binding_is_documented() {
        let docs = include_str!("../../docs/deploy.md");
        for setting in SETTINGS {
            assert!(docs.contains(&format!("| `{setting}` |")), "{setting} is missing");
        }
        for binding in OPTIONAL_BINDINGS {
            assert!(docs.contains(&format!("| `{binding}` |")), "{binding} is missing");
        }
    }

    #[test]
    fn a_sink_has_an_address_and_a_secret() {
        let secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
        let with = |url| read(&[("SIGNING_KEYS", KEYS), ("SINK_URL", url), ("SINK_SECRET", secret)]);
        assert!(with("https://sink.example/in").is_ok_and(|config| config.sinks.len() == 1));
        for bad in ["sink.example", "https://", "https:///x", "https://a b"] {
            assert!(with(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_webhook_at_home_needs_the_development_switch() {
        let url = "http://127.0.0.1:9000/in";
        let sinks = format!(
            r#"[{{"name":"a","type":"http","url":"{url}","secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}}]"#
        );
        let with = |switch| {
            read(&[
                ("SIGNING_KEYS", KEYS),
                ("SINK_URL", url),
                ("SINK_SECRET", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"),
                ("SINKS", &sinks),
                ("DEV_LOOPBACK_SINKS", switch),
            ])
            .map(|config| config.sinks.len())
        };
        assert_eq!(with("1"), Ok(2));
        let refused = Err(vec![
            "SINK_URL is malformed: the host is this machine itself".to_owned(),
            "SINKS is malformed: the sink `a`: url: the host is this machine itself".to_owned(),
        ]);
        assert_eq!(with("0"), refused);
        assert_eq!(with(""), refused);
        assert!(
            with("yes")
                .is_err_and(|errors| errors.contains(&"DEV_LOOPBACK_SINKS is malformed: 1 or 0".to_owned()))
        );
    }
}

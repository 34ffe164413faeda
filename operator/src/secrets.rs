//! The state folder's secrets, and whether the settings can work before anything is started with them.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_collector::config::Config;
use hearback_collector::signing::SigningKeys;
use hearback_collector::sinks::{Sink, SinkKind};

/// Bytes of a signing key: as many as its MAC has.
const KEY_BYTES: usize = 32;

/// `SIGNING_KEYS` as text and read.
pub struct Signing {
    /// As the binding has it.
    pub text: String,
    /// To make keys and tokens with.
    pub keys: SigningKeys,
}

/// The file that holds them.
pub const FILE: &str = "secrets";

/// The folder's signing keys: made once, kept for its owner's eyes.
pub fn signing_keys(state: &Path) -> Result<Signing> {
    let path = state.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => create(&path)?,
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    let line = text.lines().find_map(|line| line.strip_prefix("SIGNING_KEYS="));
    let text = line
        .with_context(|| format!("{} has no line SIGNING_KEYS=…", path.display()))?
        .trim()
        .to_owned();
    let keys = SigningKeys::parse(&text).with_context(|| format!("reading {}", path.display()))?;
    Ok(Signing { text, keys })
}

fn create(path: &Path) -> Result<String> {
    let mut random = [0; KEY_BYTES];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .context("reading /dev/urandom")?;
    let text = format!("SIGNING_KEYS=a:{}\n", URL_SAFE_NO_PAD.encode(random));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("creating {}", path.display()))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("writing {}", path.display()))?;
    Ok(text)
}

/// Names every setting that is missing or malformed, by the rules that the collector itself applies.
pub fn check(lookup: impl Fn(&str) -> Option<String>) -> Result<()> {
    let mistakes: Vec<String> = match Config::read(lookup) {
        // workerd has no buckets and queues of its own; a way to a database it can have.
        Ok(config) => config
            .sinks
            .iter()
            .filter(|sink| !matches!(sink.kind, SinkKind::Postgres(_)))
            .filter_map(Sink::is_not_bound)
            .collect(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    };
    if mistakes.is_empty() {
        return Ok(());
    }
    let list: Vec<_> = mistakes.iter().map(|mistake| format!("  {mistake}")).collect();
    bail!(
        "the collector can't start with these settings:\n{}",
        list.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_setting_is_named_before_the_start() {
        let error = check(|name| (name == "SHARDS").then(|| "3".to_owned()))
            .expect_err("two mistakes")
            .to_string();
        assert!(
            error.contains("SIGNING_KEYS is missing") && error.contains("SHARDS is malformed"),
            "{error}"
        );
    }
}

//! The operator's settings: a file of `NAME=VALUE` lines, over which the environment goes.
//!
//! A value is everything after the `=`, as it stands: JSON needs no quotes around it and loses none.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, bail};
use hearback_collector::config::SETTINGS;

/// Where the collector listens; the one setting that is this program's own.
pub const LISTEN: &str = "LISTEN";
/// Only this machine, until a reverse proxy or the operator says otherwise.
const LISTEN_DEFAULT: &str = "127.0.0.1:8787";

/// All settings that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Reads the file, if it is there, and the environment.
    pub fn read(file: &Path) -> Result<Self> {
        let mut settings = match fs::read_to_string(file) {
            Ok(text) => Self::parse(&text).with_context(|| format!("reading {}", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(error).with_context(|| format!("reading {}", file.display())),
        };
        for name in known() {
            if let Ok(value) = env::var(name) {
                settings.set(name, value);
            }
        }
        Ok(settings)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut settings = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let number = number + 1;
            let (name, value) = line
                .split_once('=')
                .with_context(|| format!("line {number} is not NAME=VALUE"))?;
            let name = name.trim();
            if !known().any(|known| known == name) {
                bail!("line {number}: there is no setting of this name (docs/deploy.md lists them)");
            }
            settings.set(name, value.trim().to_owned());
        }
        Ok(settings)
    }

    /// A setting that is not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Sets one.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// Where the collector listens.
    pub fn listen(&self) -> Result<SocketAddr> {
        let text = self.get(LISTEN).unwrap_or(LISTEN_DEFAULT);
        text.parse()
            .ok()
            .context("LISTEN is an address and a port, such as 127.0.0.1:8787 or [::1]:8787")
    }
}

fn known() -> impl Iterator<Item = &'static str> {
    SETTINGS.into_iter().chain([LISTEN])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_stands_after_the_sign() {
        let text = "# sinks\nSINKS=[{\"name\":\"a\",\"password\":\"x#=\\n\"}]\n\n SHARDS = 4 \nDEMO=\n";
        let settings = Settings::parse(text).expect("settings");
        assert_eq!(
            settings.get("SINKS"),
            Some(r#"[{"name":"a","password":"x#=\n"}]"#)
        );
        assert_eq!((settings.get("SHARDS"), settings.get("DEMO")), (Some("4"), None));
    }

    #[test]
    fn a_mistyped_name_is_found_with_its_line() {
        let error = Settings::parse("SHARDS=1\nSHRADS=2").expect_err("no such setting");
        assert!(error.to_string().starts_with("line 2: "), "{error}");
    }

    #[test]
    fn only_this_machine_is_listened_to_unless_told_otherwise() {
        let mut settings = Settings::default();
        assert!(settings.listen().expect("an address").ip().is_loopback());
        settings.set(LISTEN, "8787".into());
        assert!(settings.listen().is_err());
    }

    #[test]
    fn the_example_names_every_setting() {
        let example = include_str!("../files/hearback.env.example");
        for name in known().filter(|name| *name != "RESTORED_AT") {
            assert!(example.contains(&format!("#{name}=")), "{name} is missing");
        }
        assert_eq!(Settings::parse(example).expect("settings"), Settings::default());
        let on = example
            .replace("\n#", "\n")
            .lines()
            .filter(|line| line.contains('=') && !line.contains(' '))
            .collect::<Vec<_>>()
            .join("\n");
        assert!(Settings::parse(&on).is_ok(), "{on}");
    }
}

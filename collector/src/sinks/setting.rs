//! The setting `SINKS`: a JSON array of the operator's sinks. It is a secret as a whole.

use serde::Deserialize;

use super::{ClickHouseSink, HttpSink, PostgresSink, Sink, SinkKind};
use crate::config::SettingError;

const NAME: &str = "SINKS";

/// Characters of a sink's name.
const NAME_CHARS: usize = 32;

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum Kind {
    Http {
        url: String,
        secret: String,
    },
    ClickHouse {
        url: String,
        table: String,
        user: String,
        password: String,
    },
    Postgres {
        url: Option<String>,
        binding: Option<String>,
        table: String,
    },
    R2 {
        binding: String,
    },
    Queue {
        binding: String,
    },
}

/// Reads the setting. A mistake is named by the sink it is in, never by a value.
pub fn sinks(text: &str) -> Result<Vec<Sink>, SettingError> {
    let named: Vec<Named> = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        SettingError::malformed(
            NAME,
            &format!("a JSON array of sinks as docs/sinks.md shows; look at {place}"),
        )
    })?;
    let mut sinks: Vec<Sink> = Vec::with_capacity(named.len());
    for Named { name, kind } in named {
        let wrong = |why: &str| SettingError::malformed(NAME, &format!("the sink `{name}`: {why}"));
        let is_name = (1..=NAME_CHARS).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !is_name {
            return Err(SettingError::malformed(
                NAME,
                "a name is 1 to 32 of a-z, 0-9 and -",
            ));
        }
        if sinks.iter().any(|sink| sink.name == name) {
            return Err(wrong("there are two of this name"));
        }
        let kind = read(kind).map_err(wrong)?;
        sinks.push(Sink { name, kind });
    }
    Ok(sinks)
}

fn read(kind: Kind) -> Result<SinkKind, &'static str> {
    let is_address = |url: &str| HttpSink::is_address(url).then_some(());
    Ok(match kind {
        Kind::Http { url, secret } => {
            is_address(&url).ok_or("url starts with https:// or http://")?;
            let secret =
                HttpSink::read_secret(&secret).ok_or("secret is whsec_ and 24 to 64 bytes in base64")?;
            SinkKind::Http(HttpSink { url, secret })
        }
        Kind::ClickHouse {
            url,
            table,
            user,
            password,
        } => {
            is_address(&url).ok_or("url starts with https:// or http://")?;
            if !ClickHouseSink::is_table(&table) {
                return Err("table is `table` or `database.table`");
            }
            SinkKind::ClickHouse(ClickHouseSink {
                url,
                table,
                user,
                password,
            })
        }
        Kind::Postgres { url, binding, table } => {
            SinkKind::Postgres(PostgresSink::read(url.as_deref(), binding, table)?)
        }
        Kind::R2 { binding } => SinkKind::R2 { binding },
        Kind::Queue { binding } => SinkKind::Queue { binding },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read() {
        let text = r#"[
            {"name":"hook","type":"http","url":"https://a.example","secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"},
            {"name":"house","type":"clickhouse","url":"https://ch.example","table":"items","user":"u","password":"p"},
            {"name":"rows","type":"postgres","url":"postgres://u:p@db.example/d","table":"items"},
            {"name":"drive","type":"postgres","binding":"HYPERDRIVE","table":"items"},
            {"name":"bucket","type":"r2","binding":"BUCKET"},
            {"name":"queue","type":"queue","binding":"QUEUE"}]"#;
        let kinds: Vec<_> = sinks(text)
            .expect("six sinks")
            .iter()
            .map(|sink| sink.kind.to_string())
            .collect();
        assert_eq!(
            kinds,
            ["http", "clickhouse", "postgres", "postgres", "r2", "queue"]
        );
    }

    #[test]
    fn a_mistake_names_its_sink_and_repeats_no_value() {
        let problem = |text: &str| sinks(text).expect_err("a mistake").problem;
        assert!(
            problem(r#"[{"name":"a","type":"http","url":"secret","secret":"x"}]"#)
                .contains("the sink `a`: url")
        );
        assert!(!problem(r#"[{"name":"a","type":"ftp","password":"hunter2"}]"#).contains("hunter2"));
        let table = r#"[{"name":"rows","type":"postgres","url":"postgres://u:hunter2@h/d","table":"a b"}]"#;
        assert!(problem(table).contains("the sink `rows`: table") && !problem(table).contains("hunter2"));
        let two = r#"[{"name":"a","type":"r2","binding":"B"},{"name":"a","type":"r2","binding":"B"}]"#;
        assert!(problem(two).contains("two of this name"));
        assert!(problem(r#"[{"name":"A b","type":"r2","binding":"B"}]"#).contains("a name is"));
        assert!(problem(r#"[{"name":"a","type":"r2","binding":"B","more":1}]"#).contains("line 1"));
    }
}

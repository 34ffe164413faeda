//! The setting `SINKS`: a JSON array of the operator's sinks. It is a secret as a whole.

use hearback_shared::guard::{self, Reach};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::s3::S3Setting;
use super::{ClickHouseSink, HttpSink, PostgresSink, S3Sink, Sink, SinkKind};
use crate::config::SettingError;

const NAME: &str = "SINKS";

/// Characters of a sink's name.
const NAME_CHARS: usize = 32;

const KINDS: &str = "type is http, s3, r2, clickhouse, postgres or queue";

/// Reads the setting. A mistake is named by the sink it is in, never by a value.
pub fn sinks(text: &str, reach: Reach) -> Result<Vec<Sink>, SettingError> {
    let written: Vec<Map<String, Value>> = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        SettingError::malformed(
            NAME,
            &format!("a JSON array of sinks as docs/sinks.md shows; look at {place}"),
        )
    })?;
    let mut sinks: Vec<Sink> = Vec::with_capacity(written.len());
    for fields in written {
        let mut fields = Fields::new(fields);
        let name = fields.needed("name").unwrap_or_default();
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
        let kind = kind(fields, reach).map_err(|why| wrong(&why))?;
        sinks.push(Sink { name, kind });
    }
    Ok(sinks)
}

fn kind(mut fields: Fields, reach: Reach) -> Result<SinkKind, String> {
    let kind = match fields.needed("type")?.as_str() {
        "http" => http(&mut fields, reach)?,
        "clickhouse" => clickhouse(&mut fields)?,
        "s3" => SinkKind::S3(S3Sink::read(S3Setting::of(&mut fields)?)?),
        "postgres" => {
            let (url, binding) = (fields.text("url")?, fields.text("binding")?);
            let table = fields.needed("table")?;
            SinkKind::Postgres(PostgresSink::read(url.as_deref(), binding, table)?)
        }
        "r2" => SinkKind::R2 {
            binding: binding(&mut fields)?,
        },
        "queue" => SinkKind::Queue {
            binding: binding(&mut fields)?,
        },
        _ => return Err(KINDS.to_owned()),
    };
    fields.end()?;
    Ok(kind)
}

fn http(fields: &mut Fields, reach: Reach) -> Result<SinkKind, String> {
    let url = fields.needed("url")?;
    guard::webhook(&url, reach).map_err(|refusal| format!("url: {refusal}"))?;
    let secret = HttpSink::read_secret(&fields.needed("secret")?)
        .ok_or("secret is whsec_ and 24 to 64 bytes in base64")?;
    Ok(SinkKind::Http(HttpSink { url, secret, reach }))
}

fn clickhouse(fields: &mut Fields) -> Result<SinkKind, String> {
    let (url, table) = (fields.needed("url")?, fields.needed("table")?);
    if !HttpSink::is_address(&url) {
        return Err("url starts with https:// or http://".to_owned());
    }
    if !ClickHouseSink::is_table(&table) {
        return Err("table is `table` or `database.table`".to_owned());
    }
    Ok(SinkKind::ClickHouse(ClickHouseSink {
        url,
        table,
        user: fields.needed("user")?,
        password: fields.needed("password")?,
    }))
}

fn binding(fields: &mut Fields) -> Result<String, String> {
    let binding = fields.needed("binding")?;
    if binding.is_empty() {
        return Err("binding is its name in wrangler.toml".to_owned());
    }
    Ok(binding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read() {
        let text = r#"[
            {"name":"hook","type":"http","url":"https://a.example","secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"},
            {"name":"house","type":"clickhouse","url":"https://ch.example","table":"items","user":"u","password":"p"},
            {"name":"lake","type":"s3","endpoint":"https://s3.example","bucket":"lake","region":"eu-1","access_key":"a","secret_key":"s"},
            {"name":"rows","type":"postgres","url":"postgres://u:p@db.example/d","table":"items"},
            {"name":"drive","type":"postgres","binding":"HYPERDRIVE","table":"items"},
            {"name":"bucket","type":"r2","binding":"BUCKET"},
            {"name":"queue","type":"queue","binding":"QUEUE"}]"#;
        let kinds: Vec<_> = sinks(text, Reach::Public)
            .expect("seven sinks")
            .iter()
            .map(|sink| sink.kind.to_string())
            .collect();
        assert_eq!(
            kinds,
            ["http", "clickhouse", "s3", "postgres", "postgres", "r2", "queue"]
        );
    }

    #[test]
    fn every_documented_sink_is_read() {
        let docs = include_str!("../../../docs/sinks.md");
        let examples: Vec<&str> = docs
            .split("```json\n")
            .skip(1)
            .filter_map(|rest| rest.split("\n```").next())
            .collect();
        assert!(examples.len() >= 6);
        for example in examples {
            let read = sinks(example, Reach::Public).unwrap_or_else(|error| panic!("{example}: {error}"));
            let kind = format!("\"type\":\"{}\"", read[0].kind);
            assert!(example.contains(&kind), "{example}");
        }
    }

    #[test]
    fn a_mistake_names_its_sink_and_repeats_no_value() {
        let problem = |text: &str| sinks(text, Reach::Public).expect_err("a mistake").problem;
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
        assert!(
            problem(r#"[{"name":"a","type":"r2","binding":"B","more":1}]"#)
                .contains("the sink `a`: more is no field")
        );
        assert!(problem(r#"[{"name":"a","type":"r2"}]"#).contains("the sink `a`: binding is missing"));
        assert!(
            problem(r#"[{"name":"a","type":"r2","binding":7}]"#).contains("the sink `a`: binding is a text")
        );
        assert!(problem(r#"[{"name":"a","type":"ftp"}]"#).contains("the sink `a`: type is http"));
        assert!(problem(r#"[{"name":"a","#).contains("line 1"));
        assert!(problem(r#"[{"name":"a","type":"queue","binding":""}]"#).contains("the sink `a`: binding"));
        let s3 = r#"[{"name":"a","type":"s3","endpoint":"hunter2","bucket":"lake","region":"r","access_key":"k","secret_key":"s"}]"#;
        assert!(problem(s3).contains("the sink `a`: endpoint") && !problem(s3).contains("hunter2"));
        assert!(problem(&s3.replace("\"region\"", "\"regoin\"")).contains("the sink `a`: region is missing"));
    }
}

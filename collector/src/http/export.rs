//! An export as NDJSON or CSV. A cell that a spreadsheet would run as a formula gets an apostrophe in front.

use hearback_shared::item::{ItemBody, StoredItem};
use hearback_shared::query::FeedbackRow;
use serde_json::{Value, json};

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document a line.
    Ndjson,
    /// Comma-separated values with a head (RFC 4180).
    Csv,
}

const COLUMNS: [&str; 22] = [
    "type",
    "id",
    "at",
    "received_at",
    "name",
    "props",
    "kind",
    "text",
    "rating",
    "email",
    "url",
    "referrer",
    "lang",
    "release",
    "env",
    "country",
    "region",
    "visitor",
    "source",
    "medium",
    "campaign",
    "flags",
];

impl Format {
    /// The content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The ending of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// What stands before the first item.
    pub fn head(self) -> String {
        match self {
            Self::Ndjson => String::new(),
            Self::Csv => COLUMNS.join(",") + "\r\n",
        }
    }

    /// An event of the log; feedback and marks of what was erased are left out.
    pub fn event(self, line: &str) -> Option<String> {
        let item: StoredItem = serde_json::from_str(line).ok()?;
        let ItemBody::Event(event) = &item.body else {
            return None;
        };
        Some(match self {
            Self::Ndjson => format!("{line}\n"),
            Self::Csv => {
                let (context, edge) = (&item.context, &item.edge);
                row(&json!({
                    "type": "event", "id": item.id, "at": item.at, "received_at": item.received_at,
                    "name": event.name, "props": event.props,
                    "url": context.url, "referrer": context.referrer, "lang": context.lang,
                    "release": context.release, "env": context.env,
                    "country": edge.country, "region": edge.region, "visitor": edge.visitor,
                    "source": edge.source, "medium": edge.medium, "campaign": edge.campaign, "flags": edge.flags,
                }))
            }
        })
    }

    /// A piece of feedback as the inbox has it.
    pub fn feedback(self, feedback: &FeedbackRow) -> String {
        let mut value = serde_json::to_value(feedback).unwrap_or_default();
        value["type"] = "feedback".into();
        match self {
            Self::Ndjson => format!("{value}\n"),
            Self::Csv => {
                value["flags"] = value["quarantine"].take();
                row(&value)
            }
        }
    }
}

fn row(value: &Value) -> String {
    let cells: Vec<String> = COLUMNS.iter().map(|column| cell(&value[*column])).collect();
    cells.join(",") + "\r\n"
}

fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => return String::new(),
        Value::Number(number) => return number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.is_empty() => return String::new(),
        Value::Object(map) if map.is_empty() => return String::new(),
        // By the one writer: `to_string` would be a second.
        other => serde_json::to_string(other).expect("JSON has only text keys"),
    };
    // Spreadsheets skip blanks before they look for a formula.
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"id":"a-1","project":"demo","at":-1,"client_at":1,"received_at":1,"context":{"env":"@x"},"type":"event","name":"=cmd|' /C calc'!A0","props":{"a":"b\"c"}}"#;

    #[test]
    fn no_cell_is_run_as_a_formula() {
        let csv = Format::Csv.event(&EVENT.replace("-1,", "1,")).expect("an event");
        assert!(csv.contains(r#""'=cmd|' /C calc'!A0""#), "{csv}");
        assert!(csv.contains(r#""'@x""#), "{csv}");
        for text in ["=1", "+1", "-1", "@a", "\t=1", "  =1", "\r=1"] {
            assert!(cell(&text.into()).starts_with("\"'"), "{text:?}");
        }
        assert_eq!(cell(&"a=b".into()), "\"a=b\"");
        assert_eq!(cell(&(-5).into()), "-5");
    }

    #[test]
    fn a_row_has_as_many_cells_as_the_head_and_quotes_are_doubled() {
        let csv = Format::Csv.event(&EVENT.replace("-1,", "1,")).expect("an event");
        assert!(csv.contains(r#""{""a"":""b\""c""}""#), "{csv}");
        let head = Format::Csv.head();
        assert_eq!(head.matches(',').count(), COLUMNS.len() - 1);
        assert!(csv.ends_with("\r\n") && head.ends_with("\r\n"));
    }

    #[test]
    fn what_was_erased_is_in_no_export() {
        assert_eq!(Format::Ndjson.event(r#"{"id":"a-1","erased":true}"#), None);
    }
}

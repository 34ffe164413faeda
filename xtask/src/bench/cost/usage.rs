//! What was used: what the collector counted between two looks at its meter, for a million events.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::prices::PRICES;

/// Memory of an object that is billed, in GB.
const OBJECT_GB: f64 = 0.128;

/// What `/bench/meter` says: all since the server's start.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Meter {
    pub requests: f64,
    pub object_requests: f64,
    pub alarms: f64,
    pub alarm_ms: f64,
    pub alarms_set: f64,
    /// Runs, rows read and rows written by statement.
    pub statements: BTreeMap<String, [f64; 3]>,
}

/// What one look saw beside the meter.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// Of the whole process, in milliseconds.
    pub cpu_ms: f64,
    /// Deliveries that the sink has taken.
    pub deliveries: f64,
    /// Seconds in which some request was under way.
    pub busy_s: f64,
    /// Bytes of the objects' files.
    pub stored_bytes: f64,
}

/// Amounts of what is billed.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    pub worker_requests: f64,
    pub cpu_ms: f64,
    pub object_requests: f64,
    pub object_gb_s: f64,
    pub rows_read: f64,
    pub rows_written: f64,
    pub puts: f64,
    /// Rows written by table, alarms among them.
    pub rows_by_table: BTreeMap<String, f64>,
    /// Commits, for the factor of the group commit.
    pub commits: f64,
    pub stored_gb: f64,
}

/// GB-seconds of an object that is active for so long.
pub(super) fn gb_s(seconds: f64) -> f64 {
    seconds * OBJECT_GB
}

impl Usage {
    /// What was used between two looks, for a million events.
    pub(super) fn between(
        before: (&Meter, Look),
        after: (&Meter, Look),
        events_a_request: f64,
    ) -> Result<Self> {
        let ((meter, look), (later_meter, later)) = (before, after);
        let requests = later_meter.requests - meter.requests;
        ensure!(requests > 0.0, "no request was counted");
        let factor = 1e6 / (requests * events_a_request);
        let mut rows_by_table = BTreeMap::new();
        let (mut read, mut commits) = (0.0, 0.0);
        for (statement, [runs, rows_read, rows_written]) in &later_meter.statements {
            let known = meter.statements.get(statement).copied().unwrap_or_default();
            read += rows_read - known[1];
            let table = table(statement);
            if statement.starts_with("INSERT INTO log ") {
                commits += runs - known[0];
            }
            *rows_by_table.entry(table.to_owned()).or_default() += rows_written - known[2];
        }
        rows_by_table.insert("alarms".to_owned(), later_meter.alarms_set - meter.alarms_set);
        rows_by_table.retain(|_, rows| *rows > 0.0);
        for rows in rows_by_table.values_mut() {
            *rows *= factor;
        }
        let alarms = later_meter.alarms - meter.alarms;
        let active_s = later.busy_s - look.busy_s + (later_meter.alarm_ms - meter.alarm_ms) / 1e3;
        Ok(Self {
            worker_requests: requests * factor,
            cpu_ms: (later.cpu_ms - look.cpu_ms) * factor,
            object_requests: (later_meter.object_requests - meter.object_requests + alarms) * factor,
            object_gb_s: gb_s(active_s) * factor,
            rows_read: read * factor,
            rows_written: rows_by_table.values().sum(),
            puts: (later.deliveries - look.deliveries) * factor,
            rows_by_table,
            commits: commits * factor,
            stored_gb: (later.stored_bytes - look.stored_bytes) / 1e9 * factor,
        })
    }

    /// In the order of [`PRICES`].
    pub(super) fn amounts(&self) -> [f64; PRICES.len()] {
        [
            self.worker_requests,
            self.cpu_ms,
            self.object_requests,
            self.object_gb_s,
            self.rows_read,
            self.rows_written,
            self.puts,
        ]
    }
}

/// The table that a statement changes or reads.
fn table(statement: &str) -> &str {
    let words = || statement.split_whitespace();
    let after = |word: &str| words().skip_while(|other| *other != word).nth(1);
    let name = after("INTO")
        .or_else(|| after("UPDATE"))
        .or_else(|| after("FROM"))
        .unwrap_or("other");
    name.trim_matches(['(', ')'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(text: &str) -> Meter {
        serde_json::from_str(text).expect("what the collector says")
    }

    #[test]
    fn a_million_events_are_reckoned_from_what_was_counted_in_between() {
        let before = meter(
            r#"{"requests":10,"object_requests":12,"alarms":1,"alarm_ms":50,"alarms_set":2,
                "statements":{"INSERT INTO log (first) VALUES (?)":[5,0,5]}}"#,
        );
        let after = meter(
            r#"{"requests":1010,"object_requests":1112,"alarms":3,"alarm_ms":1050,"alarms_set":7,
                "statements":{"INSERT INTO log (first) VALUES (?)":[105,0,105],
                              "INSERT OR REPLACE INTO rollups (a) VALUES (?)":[20,0,20],
                              "SELECT a FROM rollups WHERE b = ?":[20,40,0]}}"#,
        );
        let look = |cpu_ms, deliveries, busy_s, stored_bytes| Look {
            cpu_ms,
            deliveries,
            busy_s,
            stored_bytes,
        };
        let usage = Usage::between(
            (&before, look(100.0, 1.0, 0.5, 1e6)),
            (&after, look(600.0, 11.0, 1.5, 5e6)),
            10.0,
        )
        .expect("a usage");
        // A thousand requests of ten: a hundredth of a million.
        let amounts = usage.amounts().map(|amount| format!("{amount:.1}"));
        assert_eq!(
            amounts,
            [
                "100000.0", "50000.0", "110200.0", "25.6", "4000.0", "12500.0", "1000.0"
            ]
        );
        let table = |(name, rows): (&String, &f64)| format!("{name} {rows:.0}");
        let tables: Vec<_> = usage.rows_by_table.iter().map(table).collect();
        assert_eq!(tables, ["alarms 500", "log 10000", "rollups 2000"]);
        assert_eq!(format!("{:.0}", usage.commits), "10000");
    }

    #[test]
    fn a_window_without_requests_is_no_measurement() {
        let none = Meter::default();
        assert!(Usage::between((&none, Look::default()), (&none, Look::default()), 10.0).is_err());
    }

    #[test]
    fn statements_name_their_table() {
        for (statement, name) in [
            ("INSERT OR REPLACE INTO rollups (a) VALUES (?)", "rollups"),
            ("UPDATE sinks SET a = 1", "sinks"),
            ("DELETE FROM log WHERE first IN (SELECT first FROM log)", "log"),
            ("SELECT count(*) FROM (SELECT at FROM log)", "SELECT"),
        ] {
            assert_eq!(table(statement), name);
        }
    }
}

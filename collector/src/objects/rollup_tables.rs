//! The tables of the rollups, and every statement on them. Here, and not in `platform`, so that a benchmark can fill a
//! storage with the very statements of the shard.

use hearback_shared::UnixMillis;
use hearback_shared::limits::{FUNNEL_DAYS, HOUR_ROLLUP_DAYS};
use hearback_shared::query::{Bodies, Interval, Question, Span};

/// A row for every event name in every hour and day, and what a series needs of it once more in an index: to see where a
/// range ends SQLite reads whole rows, bodies too. A row for a part of the visitors of each day.
pub const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS rollups (width TEXT NOT NULL, start INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, bots INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (width, start, name)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS rollup_counts ON rollups (width, start, name, count, bots)",
    "CREATE TABLE IF NOT EXISTS visitors (day INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (day, part)) WITHOUT ROWID",
];

/// The body of one rollup, by width, start and name.
pub const READ: &str = "SELECT body FROM rollups WHERE width = ? AND start = ? AND name = ?";

/// Writes width, start, name, count, bots and body.
pub const WRITE: &str =
    "INSERT OR REPLACE INTO rollups (width, start, name, count, bots, body) VALUES (?, ?, ?, ?, ?, ?)";

/// The names that have a row on a day.
pub const NAMES: &str = "SELECT name FROM rollups WHERE width = 'day' AND start = ?";

/// The visitors of a part of a day.
pub const READ_VISITORS: &str = "SELECT body FROM visitors WHERE day = ? AND part = ?";

/// Writes day, part and body.
pub const WRITE_VISITORS: &str = "INSERT OR REPLACE INTO visitors (day, part, body) VALUES (?, ?, ?)";

/// All visitors from one day to another, exclusive.
pub const VISITORS_BETWEEN: &str = "SELECT body FROM visitors WHERE day >= ? AND day < ?";

/// Takes out hours that are not kept any more: before a time.
pub const FORGET_HOURS: &str = "DELETE FROM rollups WHERE width = 'hour' AND start < ?";

/// Takes out visitors that are not kept any more: before a time.
pub const FORGET_VISITORS: &str = "DELETE FROM visitors WHERE day < ?";

/// The start of the first hour, and of the first day of visitors, that are kept at `now`.
pub fn kept_since(now: UnixMillis) -> (UnixMillis, UnixMillis) {
    let days_ago = |days: u64| Interval::Day.start(now.saturating_sub(days * Interval::Day.width_ms()));
    (days_ago(HOUR_ROLLUP_DAYS), days_ago(FUNNEL_DAYS))
}

/// The rows of a span: start, name, count, bots and body, where the question needs it. Takes width, from, to and, where
/// the question has one, the name.
pub fn rows_of(question: &Question) -> String {
    let body = match question.bodies() {
        Bodies::None => "x''",
        Bodies::Other => "CASE name WHEN '' THEN body ELSE x'' END",
        Bodies::All => "body",
    };
    let name = question.name().map_or("", |_| " AND name = ?");
    let index = match question.bodies() {
        Bodies::None => " INDEXED BY rollup_counts",
        Bodies::Other | Bodies::All => "",
    };
    format!(
        "SELECT start, name, count, bots, {body} FROM rollups{index} WHERE width = ? AND start >= ? AND start < ?{name}"
    )
}

/// How a span stands in the table.
pub fn bounds(span: &Span) -> (&'static str, UnixMillis, UnixMillis) {
    (span.width.as_str(), span.from, span.to)
}

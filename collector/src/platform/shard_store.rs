//! A shard's tables, and what each question about them is.

use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use worker::{Result, State};

use super::store::{Row, Store, number};
use super::{shard_deliveries, shard_messages, shard_windows};
use crate::objects::append::LogRow;
use crate::objects::count_time::{MANY_ROWS, Uncounted};
use crate::objects::delivery::RowExtent;
use crate::objects::outbox::RowLines;
use crate::objects::placement::Placement;
use crate::objects::rollup_tables;

/// `lines` stands last in a row of the log: what is read without them is not behind pages of them.
const TABLES: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS log (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, at INTEGER NOT NULL, feedback INTEGER NOT NULL, bytes INTEGER NOT NULL, tally TEXT NOT NULL, windows TEXT NOT NULL, lines TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS log_with_feedback ON log (first) WHERE feedback = 1",
    "CREATE TABLE IF NOT EXISTS cursors (consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS place (only INTEGER PRIMARY KEY CHECK (only = 1), project TEXT NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS ledger (hour INTEGER PRIMARY KEY, body TEXT NOT NULL)",
];

/// Rows that one step of a consumer takes. A bound on memory: 8 rows of at most 512 KB pass through in a few copies.
const STEP_ROWS: u64 = 8;

/// A consumer of the log; each has a cursor.
#[derive(Clone, Copy)]
pub(super) enum Consumer {
    /// Windows written out of the log's rows into their table.
    Windows,
    /// Rollups by hour and day.
    Rollup,
    /// The project object.
    Project,
    /// What became of all items, by the hour.
    Ledger,
}

impl Consumer {
    fn name(self) -> &'static str {
        match self {
            Self::Windows => "window_leaves",
            Self::Rollup => "rollups",
            Self::Project => "project",
            Self::Ledger => "ledger",
        }
    }
}

/// The tables of one shard.
pub(super) struct ShardStore {
    pub(super) store: Store,
}

/// A row of the log as consumers read it.
pub(super) struct LogLines {
    pub first: u64,
    pub count: u64,
    pub lines: String,
}

impl LogLines {
    pub(super) fn last(&self) -> u64 {
        self.first + self.count - 1
    }

    fn of(row: &Row) -> Self {
        Self {
            first: row.number(0),
            count: row.number(1),
            lines: row.text(2).to_owned(),
        }
    }
}

impl ShardStore {
    pub(super) fn open(state: &State) -> Result<Self> {
        let store = Store::new(state);
        for table in TABLES
            .into_iter()
            .chain(rollup_tables::TABLES)
            .chain([super::sweep::SHARD_TABLE, shard_messages::TABLE])
            .chain(shard_deliveries::TABLES)
            .chain(shard_windows::TABLES)
        {
            store.run(table, vec![])?;
        }
        Ok(Self { store })
    }

    pub(super) fn transaction<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.store.transaction(work)
    }

    /// Position of the last item of the log.
    pub(super) fn head(&self) -> Result<u64> {
        let row = self
            .store
            .row("SELECT first, count FROM log ORDER BY first DESC LIMIT 1", vec![])?;
        Ok(row.map_or(0, |row| row.number(0) + row.number(1) - 1))
    }

    /// Items committed at or after `since`, by walking back from the end: the log has no index by time.
    pub(super) fn stored_since(&self, since: UnixMillis) -> Result<u64> {
        let (mut sum, mut before) = (0, i64::MAX as u64 >> 10);
        loop {
            let rows = self.store.rows(
                "SELECT first, count, at FROM log WHERE first < ? ORDER BY first DESC LIMIT 500",
                vec![number(before)],
            )?;
            for row in &rows {
                if row.number(2) < since {
                    return Ok(sum);
                }
                sum += row.number(1);
            }
            match rows.last() {
                Some(row) => before = row.number(0),
                None => return Ok(sum),
            }
        }
    }

    pub(super) fn insert(&self, row: &LogRow) -> Result<()> {
        let windows = serde_json::to_string(&row.windows)?;
        let tally = serde_json::to_string(&row.tally)?;
        let bindings = vec![
            number(row.first),
            number(row.count),
            number(row.at),
            number(u64::from(row.has_feedback)),
            number(row.lines.len() as u64),
            row.lines.as_str().into(),
            windows.into(),
            tally.into(),
        ];
        self.store.run(
            "INSERT INTO log (first, count, at, feedback, bytes, lines, windows, tally) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            bindings,
        )
    }

    pub(super) fn cursor(&self, consumer: Consumer) -> Result<u64> {
        let row = self.store.row(
            "SELECT position FROM cursors WHERE consumer = ?",
            vec![consumer.name().into()],
        )?;
        Ok(row.map_or(0, |row| row.number(0)))
    }

    pub(super) fn set_cursor(&self, consumer: Consumer, position: u64) -> Result<()> {
        let bindings = vec![consumer.name().into(), number(position)];
        self.store.run(
            "INSERT OR REPLACE INTO cursors (consumer, position) VALUES (?, ?)",
            bindings,
        )
    }

    /// The next rows after `position` that hold feedback.
    pub(super) fn feedback_after(&self, position: u64) -> Result<Vec<LogLines>> {
        let question =
            "SELECT first, count, lines FROM log WHERE first > ? AND feedback = 1 ORDER BY first LIMIT ?";
        let rows = self
            .store
            .rows(question, vec![number(position), number(STEP_ROWS)])?;
        Ok(rows.iter().map(LogLines::of).collect())
    }

    /// Whether a row after `position` holds feedback.
    pub(super) fn has_feedback_after(&self, position: u64) -> Result<bool> {
        let question = "SELECT 1 FROM log WHERE first > ? AND feedback = 1 LIMIT 1";
        Ok(self.store.row(question, vec![number(position)])?.is_some())
    }

    /// The rows of a range that begins and ends with whole rows.
    pub(super) fn lines_between(&self, first: u64, last: u64) -> Result<Vec<LogLines>> {
        let bindings = vec![number(first), number(last)];
        let question = "SELECT first, count, lines FROM log WHERE first >= ? AND first <= ? ORDER BY first";
        Ok(self
            .store
            .rows(question, bindings)?
            .iter()
            .map(LogLines::of)
            .collect())
    }

    /// The rows that a range touches.
    pub(super) fn rows_touching(&self, first: u64, last: u64) -> Result<Vec<RowLines>> {
        let question =
            "SELECT first, at, lines FROM log WHERE first + count - 1 >= ? AND first <= ? ORDER BY first";
        let rows = self.store.rows(question, vec![number(first), number(last)])?;
        let row = |row: &Row| RowLines {
            first: row.number(0),
            at: row.number(1),
            lines: row.text(2).to_owned(),
        };
        Ok(rows.iter().map(row).collect())
    }

    /// What rollups and ledger do not count yet, if anything.
    pub(super) fn uncounted(&self) -> Result<Option<Uncounted>> {
        let question = "SELECT count(*), sum(bytes), min(at), max(at) FROM (SELECT bytes, at FROM log WHERE first > ? ORDER BY first LIMIT ?)";
        let cursor = self.cursor(Consumer::Rollup)?.min(self.cursor(Consumer::Ledger)?);
        let row = self
            .store
            .row(question, vec![number(cursor), number(MANY_ROWS)])?;
        Ok(row.filter(|row| row.number(0) > 0).map(|row| Uncounted {
            rows: row.number(0),
            bytes: row.number(1),
            oldest: row.number(2),
            newest: row.number(3),
        }))
    }

    /// The extents of the rows after `position`, for sealing, and when the first was committed.
    pub(super) fn extents_after(&self, position: u64) -> Result<(Vec<RowExtent>, UnixMillis)> {
        let question = "SELECT first, count, bytes, at FROM log WHERE first > ? ORDER BY first LIMIT 1000";
        let rows = self.store.rows(question, vec![number(position)])?;
        let oldest = rows.first().map_or(0, |row| row.number(3));
        let extent = |row: &Row| RowExtent {
            first: row.number(0),
            count: row.number(1),
            bytes: usize::try_from(row.number(2)).unwrap_or(usize::MAX),
        };
        Ok((rows.iter().map(extent).collect(), oldest))
    }

    /// Which shard of which project this is. An alarm brings no address, so it is written down.
    pub(super) fn place(&self) -> Result<Option<(ProjectId, Placement)>> {
        let Some(row) = self.store.row("SELECT project, body FROM place", vec![])? else {
            return Ok(None);
        };
        let project = row
            .text(0)
            .parse()
            .map_err(|error| worker::Error::RustError(format!("place: {error}")))?;
        Ok(Some((project, serde_json::from_str(row.text(1))?)))
    }

    pub(super) fn set_place(&self, project: &ProjectId, placement: &Placement) -> Result<()> {
        let bindings = vec![project.as_str().into(), serde_json::to_string(placement)?.into()];
        self.store.run(
            "INSERT OR REPLACE INTO place (only, project, body) VALUES (1, ?, ?)",
            bindings,
        )
    }
}

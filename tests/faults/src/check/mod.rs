//! The checker: reads the objects' files, the sink's files and the senders' books with its own code. Nothing here asks
//! the collector.

mod counts;
mod dead;
mod feedback;
mod ledger;
mod log;
mod sink;

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};

use crate::books::Books;
use log::Log;

/// What was found; every number but `stored`, `rejected` and `dead` should be 0.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Distinct items in the log.
    pub stored: u64,
    /// Items that were answered with a rejection.
    pub rejected: u64,
    /// Acknowledged and not in the log.
    pub lost: u64,
    /// In the log more often than once: how many copies too many.
    pub twice: u64,
    /// In the log and never sent, or not as it was sent.
    pub strange: u64,
    /// Positions of the log that do not follow on each other.
    pub holes: u64,
    /// Counts that differ from the log, summed over hours and names.
    pub counted_wrong: u64,
    /// Feedback in the log that the project object does not have exactly once.
    pub feedback_wrong: u64,
    /// In the log and not at the sink.
    pub sink_missing: u64,
    /// At the sink and not in the log, or under two deliveries, or a delivery that changed.
    pub sink_wrong: u64,
    /// What the ledger says and the log does not, of items and of where they are for the sink.
    pub ledger_difference: u64,
    /// Letters that are dead at the time of looking.
    pub dead: u64,
    /// Poison in the log that is no dead letter, or a dead letter that is no poison.
    pub dead_wrong: u64,
}

impl Findings {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        *self
            == Self {
                stored: self.stored,
                rejected: self.rejected,
                dead: self.dead,
                ..Self::default()
            }
    }
}

/// Checks everything. The server must not be running. Once the sink is mended and all letters were sent again, none is
/// dead; before, all poison is.
pub fn all(state: &Path, books: &Books, kept: &Path, is_mended: bool) -> Result<Findings> {
    let shards = databases(state, "shard")?;
    let log = Log::read(&shards)?;
    let acknowledged = books.acknowledged();
    let lost = acknowledged
        .iter()
        .filter(|id| !log.items.contains_key(**id))
        .count() as u64;
    let unsent = log.items.keys().filter(|id| !books.sent.contains(*id)).count() as u64;
    let (sink_missing, sink_wrong) = sink::compare(kept, &log, is_mended)?;
    let (dead, dead_wrong) = dead::compare(&shards, &log, is_mended)?;
    Ok(Findings {
        stored: log.items.len() as u64,
        rejected: books.results("rejected"),
        lost,
        twice: log.copies + books.accepted_twice(),
        strange: log.strange + unsent,
        holes: log.holes,
        counted_wrong: counts::compare(&shards, &log)?,
        feedback_wrong: feedback::compare(&databases(state, "project")?, &log)?,
        sink_missing,
        sink_wrong,
        ledger_difference: ledger::compare(&shards, &log, books)? + dead::ledger(&shards, &log)?,
        dead,
        dead_wrong,
    })
}

/// The databases of one class of object.
fn databases(state: &Path, class: &str) -> Result<Vec<Connection>> {
    let folder = state.join("storage").join(format!("hearback-{class}"));
    // An object's file is named by its id; `metadata.sqlite` is the runtime's own list of alarms.
    let is_object = |path: &PathBuf| {
        let name = path.file_stem().and_then(|name| name.to_str());
        path.extension().is_some_and(|ending| ending == "sqlite") && name != Some("metadata")
    };
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.retain(is_object);
    let open = |path: &PathBuf| {
        Ok(Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE,
        )?)
    };
    paths.iter().map(open).collect()
}

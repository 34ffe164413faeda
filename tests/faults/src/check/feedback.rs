//! The project object's feedback against the log.

use std::collections::BTreeMap;

use anyhow::Result;
use rusqlite::Connection;

use super::log::Log;

/// How many pieces of feedback are not there exactly once, or are there and not in the log.
pub fn compare(projects: &[Connection], log: &Log) -> Result<u64> {
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for project in projects {
        let mut statement = project.prepare("SELECT id FROM feedback")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            *found.entry(row.get(0)?).or_default() += 1;
        }
    }
    let feedback = log.items.iter().filter(|(_, entry)| entry.name.is_none());
    let wrong = feedback.filter(|(id, _)| found.remove(*id) != Some(1)).count();
    Ok((wrong + found.len()) as u64)
}

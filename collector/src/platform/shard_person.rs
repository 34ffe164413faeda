//! A shard's part of an export and of an erasure, a few rows of the log at a time, so that neither holds it up.

use litemap::LiteMap;

use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;
use serde::{Deserialize, Serialize};
use worker::Result;

use super::shard_object::Shard;
use super::shard_store::{LogLines, ShardStore};
use super::store::{Row, number};
use super::{faults, push};
use crate::objects::append::{Append, AppendItem};
use crate::objects::person::{Person, erased, notice};

/// A step through the log.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LogStep {
    /// Whose items; none for everybody's.
    pub person: Option<Person>,
    /// Only after this position.
    pub after: u64,
    /// Only what came at this time or later; 0 for all.
    pub since: UnixMillis,
}

/// What a step found.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stepped {
    /// Lines, for an export.
    pub lines: String,
    /// Items that were erased, for an erasure.
    pub erased: u64,
    /// Where the next step begins; none at the end.
    pub next: Option<u64>,
}

/// Rows that are held at once: each may have half a megabyte.
const STEP_ROWS: u64 = 8;

/// How often that an erasure goes on before it answers.
const STEPS: usize = 8;

impl Shard {
    pub(super) fn export(&self, step: &LogStep) -> Result<Stepped> {
        let rows = self.store()?.rows_after(step.after)?;
        let is_theirs = |line: &&str| {
            step.person
                .as_ref()
                .is_none_or(|person| serde_json::from_str(line).is_ok_and(|item| person.owns(&item)))
        };
        let lines = rows
            .iter()
            .flat_map(|row| row.lines.lines())
            .filter(is_theirs)
            .fold(String::new(), |lines, line| lines + line + "\n");
        Ok(Stepped {
            lines,
            erased: 0,
            next: rows.last().map(LogLines::last),
        })
    }

    /// Consumers first take what they count: an erasure changes what is kept of a person, not how many came.
    pub(super) async fn erase(&self, step: &LogStep, project: &ProjectId, shard: u32) -> Result<Stepped> {
        push::run(self).await;
        self.roll_up_all().await?;
        self.fault(faults::ERASE).await?;
        let first = self.store()?.position_before(step.since)?;
        let (mut next, mut count) = (Some(step.after.max(first)), 0);
        if let Some(person) = &step.person {
            self.store()?.erase_letters(person)?;
        }
        for _ in 0..STEPS {
            let Some(after) = next else { break };
            let store = self.store()?;
            let rows = store.rows_after(after)?;
            for row in &rows {
                let person = step.person.as_ref();
                let Some(erased) = person.and_then(|person| erased(&row.lines, person)) else {
                    continue;
                };
                count += erased.ids.len() as u64;
                // The sinks' notices first: if this breaks off, the next try finds the lines and says the same again.
                self.try_commit(&[notices(&erased.ids)], project, shard)?;
                self.store()?.rewrite(row.first, &erased.lines)?;
            }
            next = rows.last().map(LogLines::last);
            // There is no second line of one item.
            if count > 0 && matches!(step.person, Some(Person::Receipt(_))) {
                next = None;
            }
        }
        self.fault(faults::ERASED).await?;
        self.arm_alarm().await?;
        Ok(Stepped {
            lines: String::new(),
            erased: count,
            next,
        })
    }
}

/// The notices as a batch without a producer: the shard recognises one that it has, and the ledger counts them.
fn notices(ids: &[String]) -> Append {
    let items: Vec<_> = ids
        .iter()
        .map(|of| {
            let (id, line) = notice(of);
            AppendItem::Message {
                id,
                is_feedback: false,
                line,
            }
        })
        .collect();
    Append {
        producer: None,
        received: items.len() as u64,
        apart: LiteMap::new(),
        quota: None,
        items,
    }
}

impl ShardStore {
    fn rows_after(&self, position: u64) -> Result<Vec<LogLines>> {
        let question = "SELECT first, count, lines FROM log WHERE first > ? ORDER BY first LIMIT ?";
        let rows = self
            .store
            .rows(question, vec![number(position), number(STEP_ROWS)])?;
        let lines = |row: &Row| LogLines {
            first: row.number(0),
            count: row.number(1),
            lines: row.text(2).to_owned(),
        };
        Ok(rows.iter().map(lines).collect())
    }

    /// The position before all that came at this time or later.
    fn position_before(&self, since: UnixMillis) -> Result<u64> {
        let question = "SELECT first FROM log WHERE at >= ? ORDER BY first LIMIT 1";
        let row = self.store.row(question, vec![number(since)])?;
        Ok(row.map_or(0, |row| row.number(0).saturating_sub(1)))
    }

    fn rewrite(&self, first: u64, lines: &str) -> Result<()> {
        self.store.run(
            "UPDATE log SET lines = ?, bytes = ? WHERE first = ?",
            vec![lines.into(), number(lines.len() as u64), number(first)],
        )
    }
}

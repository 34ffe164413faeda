//! A shard's rollups: adds what was committed since the last time, and says its part of an answer.

use std::collections::BTreeSet;

use hearback_shared::UnixMillis;
use hearback_shared::limits::VISITORS_PER_ROW;
use hearback_shared::query::{Partial, Question, StoredRow};
use hearback_shared::rollup::{Malformed, Rollup, Sample};
use litemap::LiteMap;
use worker::{Error, Result, SqlStorageValue};

use super::shard_object::Shard;
use super::shard_store::{Consumer, ShardStore};
use super::store::number;
use super::{clock, edge_view};
use crate::agent;
use crate::objects::rollup_step::{Chosen, Counted, Step, step_end};
use crate::objects::rollup_tables as tables;

impl Shard {
    /// Counts what was committed since the last time: rollups and cursor in one transaction, so each event counts once.
    pub(super) async fn roll_up_all(&self) -> Result<()> {
        let store = self.store()?;
        let Some((project, _)) = store.place()? else {
            return Ok(());
        };
        if store.cursor(Consumer::Rollup)? >= store.head()? {
            return Ok(());
        }
        let view = edge_view::of(&self.env, &project).await?;
        let chosen = Chosen::of(&view.settings);
        // Without an `await` from here on: two that count at the same time take turns.
        loop {
            let cursor = store.cursor(Consumer::Rollup)?;
            let (extents, _) = store.extents_after(cursor)?;
            let Some(last) = step_end(&extents) else {
                return store.forget_rollups(clock::now());
            };
            let rows = store.lines_between(cursor + 1, last)?;
            let counted = Counted::of(
                rows.iter().flat_map(|row| row.lines.lines()),
                &chosen,
                &agent::client,
            );
            let names = store.names_of(&counted.days())?;
            let step = counted.step(names);
            store.transaction(|| {
                store.add_rollups(&step)?;
                store.set_cursor(Consumer::Rollup, last)
            })?;
        }
    }

    /// This shard's part of the answer to each question, with all that is acknowledged counted.
    pub(super) async fn partials(&self, questions: &[Question]) -> Result<Vec<Partial>> {
        self.roll_up_all().await?;
        let store = self.store()?;
        questions.iter().map(|question| store.partial(question)).collect()
    }
}

impl ShardStore {
    fn names_of(&self, days: &BTreeSet<UnixMillis>) -> Result<LiteMap<UnixMillis, BTreeSet<String>>> {
        let names = |day: &UnixMillis| {
            let rows = self.store.rows(tables::NAMES, vec![number(*day)])?;
            Ok((*day, rows.iter().map(|row| row.text(0).to_owned()).collect()))
        };
        days.iter().map(names).collect()
    }

    /// Within a transaction.
    fn add_rollups(&self, step: &Step) -> Result<()> {
        for ((width, start, name), added) in &step.rollups {
            let key = || -> Vec<SqlStorageValue> {
                vec![width.as_str().into(), number(*start), name.as_str().into()]
            };
            let mut sum = match self.store.row(tables::READ, key())? {
                Some(row) => Rollup::from_bytes(row.bytes(0)).map_err(malformed)?,
                None => Rollup::default(),
            };
            sum.merge(added);
            let mut bindings = key();
            bindings.extend([
                number(sum.count),
                number(sum.bots),
                SqlStorageValue::Blob(sum.to_bytes()),
            ]);
            self.store.run(tables::WRITE, bindings)?;
        }
        for ((day, part), added) in &step.visitors {
            let key = || vec![number(*day), number(*part)];
            let mut sum = match self.store.row(tables::READ_VISITORS, key())? {
                Some(row) => Sample::from_bytes(row.bytes(0)).map_err(malformed)?,
                None => Sample::new(VISITORS_PER_ROW),
            };
            sum.merge(added);
            let mut bindings = key();
            bindings.push(SqlStorageValue::Blob(sum.to_bytes()));
            self.store.run(tables::WRITE_VISITORS, bindings)?;
        }
        Ok(())
    }

    fn forget_rollups(&self, now: UnixMillis) -> Result<()> {
        let (hours, visitors) = tables::kept_since(now);
        self.store.run(tables::FORGET_HOURS, vec![number(hours)])?;
        self.store.run(tables::FORGET_VISITORS, vec![number(visitors)])
    }

    fn partial(&self, question: &Question) -> Result<Partial> {
        let mut partial = Partial::default();
        for span in question.spans() {
            let (width, from, to) = tables::bounds(&span);
            let mut bindings = vec![width.into(), number(from), number(to)];
            bindings.extend(question.name().map(SqlStorageValue::from));
            for row in &self.store.rows(&tables::rows_of(question), bindings)? {
                let row = StoredRow {
                    start: row.number(0),
                    name: row.text(1),
                    count: row.number(2),
                    bots: row.number(3),
                    body: row.bytes(4),
                };
                partial.add_row(question, row).map_err(malformed)?;
            }
        }
        if let Question::Funnel { range, steps } = question {
            let days = vec![number(range.from), number(range.to)];
            for row in &self.store.rows(tables::VISITORS_BETWEEN, days)? {
                partial.add_sample(steps, row.bytes(0)).map_err(malformed)?;
            }
        }
        Ok(partial)
    }
}

fn malformed(error: Malformed) -> Error {
    Error::RustError(format!("rollup: {error}"))
}

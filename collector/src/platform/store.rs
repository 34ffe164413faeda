//! An object's SQLite database. Everything here is synchronous: what runs without an `await` in between is not
//! interleaved with other requests.
#![allow(unsafe_code, reason = "generated bindings")]

use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Error, Result, SqlStorage, SqlStorageValue, State, wasm_bindgen};

use super::meter;

#[wasm_bindgen]
extern "C" {
    /// The storage of an object; `worker` does not wrap this method yet.
    type SyncStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &SyncStorage,
        closure: &mut dyn FnMut() -> std::result::Result<JsValue, JsValue>,
    ) -> std::result::Result<JsValue, JsValue>;
}

/// The database.
pub(super) struct Store {
    sql: SqlStorage,
    storage: SyncStorage,
}

/// One row of an answer.
pub(super) struct Row(Vec<SqlStorageValue>);

impl Store {
    pub(super) fn new(state: &State) -> Self {
        let storage = state.storage();
        let raw: JsValue = storage.as_raw().into();
        Self {
            sql: storage.sql(),
            storage: raw.unchecked_into(),
        }
    }

    /// Runs a statement.
    pub(super) fn run(&self, statement: &str, bindings: Vec<SqlStorageValue>) -> Result<()> {
        let cursor = self.sql.exec(statement, bindings)?;
        meter::statement(statement, &cursor);
        Ok(())
    }

    /// Asks for rows.
    pub(super) fn rows(&self, question: &str, bindings: Vec<SqlStorageValue>) -> Result<Vec<Row>> {
        let cursor = self.sql.exec(question, bindings)?;
        let rows = cursor.raw().map(|row| row.map(Row)).collect();
        meter::statement(question, &cursor);
        rows
    }

    /// Asks for one row, if there is one.
    pub(super) fn row(&self, question: &str, bindings: Vec<SqlStorageValue>) -> Result<Option<Row>> {
        Ok(self.rows(question, bindings)?.into_iter().next())
    }

    /// All that `work` writes is kept, or none of it.
    pub(super) fn transaction<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let mut work = Some(work);
        let mut answer = None;
        self.transact(&mut || {
            let work = work.take().ok_or_else(did_not_run)?;
            answer = Some(work()?);
            Ok(())
        })?;
        answer.ok_or_else(did_not_run)
    }

    /// The part of a transaction that is the same whatever it does, so that it is compiled once.
    fn transact(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let mut failed = None;
        let outcome = self.storage.transaction_sync(&mut || {
            work().map(|()| JsValue::UNDEFINED).map_err(|error| {
                failed = Some(error);
                JsValue::from_str("rolled back")
            })
        });
        match (outcome, failed) {
            (_, Some(error)) => Err(error),
            (Err(error), None) => Err(error.into()),
            (Ok(_), None) => Ok(()),
        }
    }
}

fn did_not_run() -> Error {
    Error::RustError("the transaction did not run".into())
}

impl Row {
    /// A whole number that JavaScript counts exactly; 0 for NULL.
    pub(super) fn number(&self, column: usize) -> u64 {
        match self.0.get(column) {
            Some(SqlStorageValue::Integer(value)) => u64::try_from(*value).unwrap_or(0),
            _ => 0,
        }
    }

    /// Bytes; none for NULL.
    pub(super) fn bytes(&self, column: usize) -> &[u8] {
        match self.0.get(column) {
            Some(SqlStorageValue::Blob(value)) => value,
            _ => &[],
        }
    }

    /// A text; empty for NULL.
    pub(super) fn text(&self, column: usize) -> &str {
        match self.0.get(column) {
            Some(SqlStorageValue::String(value)) => value,
            _ => "",
        }
    }
}

/// A number as a binding. Positions and times stay below 2^53.
pub(super) fn number(value: u64) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

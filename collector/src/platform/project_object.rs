//! The project object: a project's feedback, fed from its shards' logs by cursor, and the consoles that watch it.

use hearback_shared::query::{FeedbackPage, FeedbackRow, LiveMessage};
use worker::wasm_bindgen;
use worker::{
    DurableObject, Env, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage, WebSocketPair,
    console_error, durable_object,
};

use super::live::PROTOCOL;
use super::store::{Row, Store, number};
use super::stubs::{answer, question};
use crate::http::questions::FeedbackQuestion;
use crate::objects::feed::{Absorb, FeedAnswer, FeedRange, absorb};

#[durable_object]
pub struct ProjectObject {
    state: State,
    store: Store,
}

/// `place` is the order of arrival; `body` is the row as the API shows it.
const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS feedback (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS totals (only INTEGER PRIMARY KEY CHECK (only = 1), feedback INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS cursors (shard INTEGER PRIMARY KEY, position INTEGER NOT NULL)",
];

impl DurableObject for ProjectObject {
    fn new(state: State, _env: Env) -> Self {
        let store = Store::new(&state);
        for table in TABLES {
            if let Err(error) = store.run(table, vec![]) {
                console_error!("project: {error}");
            }
        }
        Self { state, store }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/feedback" => answer(&self.page(&question(&mut request).await?)?),
            "/item" => answer(&self.item(&question::<String>(&mut request).await?)?),
            "/absorb" => answer(&self.absorb(&question(&mut request).await?)?),
            "/api/v1/live" => self.watch(),
            path => Response::error(format!("no command {path}"), 404),
        }
    }

    /// Watchers only listen; what they send is left unread.
    async fn websocket_message(&self, _socket: WebSocket, _message: WebSocketIncomingMessage) -> Result<()> {
        Ok(())
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        _code: usize,
        _reason: String,
        _clean: bool,
    ) -> Result<()> {
        // The runtime has closed it where it did so itself; closing again is refused and of no matter.
        let _ = socket.close(Some(1000), Some("bye"));
        Ok(())
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: worker::Error) -> Result<()> {
        Ok(())
    }
}

impl ProjectObject {
    fn page(&self, question: &FeedbackQuestion) -> Result<FeedbackPage> {
        let before = question.before.unwrap_or(i64::MAX as u64 >> 10);
        let bindings = vec![number(before), number(u64::from(question.limit) + 1)];
        let mut rows = self.store.rows(
            "SELECT place, body FROM feedback WHERE place < ? ORDER BY place DESC LIMIT ?",
            bindings,
        )?;
        let limit = question.limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = if has_more {
            rows.last().map(|row| row.number(0).to_string())
        } else {
            None
        };
        Ok(FeedbackPage {
            items: rows.iter().filter_map(body).collect(),
            total: self.total()?,
            next,
        })
    }

    fn item(&self, id: &str) -> Result<Option<FeedbackRow>> {
        let row = self
            .store
            .row("SELECT place, body FROM feedback WHERE id = ?", vec![id.into()])?;
        Ok(row.as_ref().and_then(body))
    }

    fn total(&self) -> Result<u64> {
        Ok(self
            .store
            .row("SELECT feedback FROM totals", vec![])?
            .map_or(0, |row| row.number(0)))
    }

    /// Takes a range of a shard's log: rows and cursor in one transaction, so each item arrives once.
    fn absorb(&self, range: &FeedRange) -> Result<FeedAnswer> {
        let shard = || number(u64::from(range.shard));
        let cursor = self
            .store
            .row("SELECT position FROM cursors WHERE shard = ?", vec![shard()])?;
        let cursor = cursor.map_or(0, |row| row.number(0));
        let Absorb::Rows { rows, cursor } = absorb(range, cursor) else {
            return Ok(FeedAnswer { cursor });
        };
        let new = self.store.transaction(|| {
            let mut new = Vec::with_capacity(rows.len());
            for row in rows {
                let bindings = vec![row.id.as_str().into(), serde_json::to_string(&row)?.into()];
                // An id that is here already came by another shard, whose count was changed: it must not stop the rest.
                self.store.run(
                    "INSERT OR IGNORE INTO feedback (id, body) VALUES (?, ?)",
                    bindings,
                )?;
                if self
                    .store
                    .row("SELECT changes()", vec![])?
                    .is_some_and(|row| row.number(0) > 0)
                {
                    new.push(row);
                }
            }
            let total = number(self.total()? + new.len() as u64);
            self.store.run(
                "INSERT OR REPLACE INTO totals (only, feedback) VALUES (1, ?)",
                vec![total],
            )?;
            self.store.run(
                "INSERT OR REPLACE INTO cursors (shard, position) VALUES (?, ?)",
                vec![shard(), number(cursor)],
            )?;
            Ok(new)
        })?;
        if !new.is_empty() {
            self.tell_watchers(new);
        }
        Ok(FeedAnswer { cursor })
    }

    /// A watcher that is gone must not keep the others from hearing, nor the rows from being kept.
    fn tell_watchers(&self, items: Vec<FeedbackRow>) {
        let watchers = self.state.get_websockets();
        if watchers.is_empty() {
            return;
        }
        let Ok(total) = self.total() else { return };
        let Ok(text) = serde_json::to_string(&LiveMessage::Feedback { items, total }) else {
            return;
        };
        for watcher in watchers {
            let _ = watcher.send_with_str(&text);
        }
    }

    fn watch(&self) -> Result<Response> {
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        let mut response = Response::from_websocket(pair.client)?;
        response.headers_mut().set("sec-websocket-protocol", PROTOCOL)?;
        Ok(response)
    }
}

fn body(row: &Row) -> Option<FeedbackRow> {
    serde_json::from_str(row.text(1)).ok()
}

//! The project object: a project's feedback, fed from its shards' logs by cursor, and the consoles that watch it.

use std::cell::Cell;

use hearback_shared::UnixMillis;
use hearback_shared::query::{FeedbackPage, FeedbackRow, LiveMessage};
use hearback_shared::settings::EdgeView;
use worker::wasm_bindgen;
use worker::{
    DurableObject, Env, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage, WebSocketPair,
    console_error, durable_object,
};

use super::live::PROTOCOL;
use super::project_settings::{self, SettingsStore};
use super::store::{Row, Store, number};
use super::stubs::{answer, question};
use super::{clock, settings};
use crate::http::questions::FeedbackQuestion;
use crate::objects::feed::{Absorb, FeedAnswer, FeedRange, absorb};

#[durable_object]
pub struct ProjectObject {
    state: State,
    env: Env,
    store: Store,
    alarm_due: Cell<Option<UnixMillis>>,
}

/// When an alarm comes back after one that did not end: a trap, or a kill.
const ALARM_SAFETY_MS: UnixMillis = 60_000;

/// `place` is the order of arrival; `body` is the row as the API shows it.
const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS held (place INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS feedback (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS totals (only INTEGER PRIMARY KEY CHECK (only = 1), feedback INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS cursors (shard INTEGER PRIMARY KEY, position INTEGER NOT NULL)",
];

impl DurableObject for ProjectObject {
    fn new(state: State, env: Env) -> Self {
        let store = Store::new(&state);
        for table in TABLES.into_iter().chain(project_settings::TABLES) {
            if let Err(error) = store.run(table, vec![]) {
                console_error!("project: {error}");
            }
        }
        Self {
            state,
            env,
            store,
            alarm_due: Cell::new(None),
        }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/feedback" => answer(&self.page(&question(&mut request).await?)?),
            "/item" => answer(&self.item(&question::<String>(&mut request).await?)?),
            "/release" => answer(&self.release(&question::<String>(&mut request).await?)?),
            "/absorb" => answer(&self.absorb(&question(&mut request).await?)?),
            "/edge-view" => answer(&self.edge_view().await?),
            "/set-shards" => answer(&self.settings().set_shards(question(&mut request).await?)?),
            "/settings" => answer(&self.settings().read()?),
            "/keys" => answer(&self.settings().generations()?),
            "/rotate-key" => answer(&self.settings().rotate(clock::now())?),
            "/revoke-key" => answer(
                &self
                    .settings()
                    .revoke(question(&mut request).await?, clock::now())?,
            ),
            "/save-settings" => answer(&self.settings().save(&question(&mut request).await?)?),
            "/api/v1/live" => self.watch(),
            path => Response::error(format!("no command {path}"), 404),
        }
    }

    /// Forgets what is due. The next alarm is set before that.
    async fn alarm(&self) -> Result<Response> {
        let now = clock::now();
        self.set_alarm(now + ALARM_SAFETY_MS, now).await?;
        self.settings().forget_salts(now)?;
        match self.settings().next_forgetting()? {
            Some(at) => self.set_alarm(at, now).await?,
            None => self.state.storage().delete_alarm().await?,
        }
        Response::empty()
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
    pub(super) fn settings(&self) -> SettingsStore<'_> {
        SettingsStore(&self.store)
    }

    /// What the edge needs to know. A salt that was made on the way brings the alarm that forgets it.
    async fn edge_view(&self) -> Result<EdgeView> {
        let now = clock::now();
        let shards = settings::config(&self.env).map_or(1, |config| config.shards);
        let view = self.store.transaction(|| self.settings().view(shards, now))?;
        if self.alarm_due.get().is_none_or(|due| due < now) {
            if let Some(at) = self.settings().next_forgetting()? {
                self.set_alarm(at, now).await?;
            }
        }
        Ok(view)
    }

    async fn set_alarm(&self, at: UnixMillis, now: UnixMillis) -> Result<()> {
        let delay_ms = i64::try_from(at.saturating_sub(now)).unwrap_or(i64::MAX);
        self.state.storage().set_alarm(delay_ms).await?;
        self.alarm_due.set(Some(at));
        Ok(())
    }

    fn page(&self, question: &FeedbackQuestion) -> Result<FeedbackPage> {
        let before = question.before.unwrap_or(i64::MAX as u64 >> 10);
        let bindings = vec![number(before), number(u64::from(question.limit) + 1)];
        let list = if question.quarantined {
            "SELECT place, body FROM feedback WHERE place < ? AND place IN (SELECT place FROM held) ORDER BY place DESC LIMIT ?"
        } else {
            "SELECT place, body FROM feedback WHERE place < ? AND place NOT IN (SELECT place FROM held) ORDER BY place DESC LIMIT ?"
        };
        let mut rows = self.store.rows(list, bindings)?;
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
            total: if question.quarantined {
                self.held()?
            } else {
                self.total()?
            },
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
                    if row.quarantine.is_empty() {
                        new.push(row);
                    } else {
                        self.store
                            .run("INSERT INTO held (place) VALUES (last_insert_rowid())", vec![])?;
                    }
                }
            }
            self.set_total(self.total()? + new.len() as u64)?;
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

    fn held(&self) -> Result<u64> {
        let row = self.store.row("SELECT count(*) FROM held", vec![])?;
        Ok(row.map_or(0, |row| row.number(0)))
    }

    /// Puts a row that was held back among the rest; says whether there is such a row.
    fn release(&self, id: &str) -> Result<bool> {
        let row = self.store.row(
            "SELECT feedback.place, body FROM feedback JOIN held ON held.place = feedback.place WHERE id = ?",
            vec![id.into()],
        )?;
        let Some(row) = row else {
            return Ok(self.item(id)?.is_some());
        };
        self.store.transaction(|| {
            self.store
                .run("DELETE FROM held WHERE place = ?", vec![number(row.number(0))])?;
            self.set_total(self.total()? + 1)
        })?;
        self.tell_watchers(body(&row).into_iter().collect());
        Ok(true)
    }

    fn set_total(&self, total: u64) -> Result<()> {
        self.store.run(
            "INSERT OR REPLACE INTO totals (only, feedback) VALUES (1, ?)",
            vec![number(total)],
        )
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

//! The project object: a project's feedback, fed from its shards' logs by cursor, and the consoles that watch it.

use std::cell::Cell;

use hearback_shared::UnixMillis;
use hearback_shared::query::{FeedbackPage, FeedbackRow, LiveMessage};
use hearback_shared::settings::EdgeView;
use worker::wasm_bindgen;
use worker::{
    DurableObject, Env, Request, Response, Result, SqlStorageValue, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, console_error, durable_object,
};

use super::attachments;
use super::export::{FeedbackRows, FeedbackStep};
use super::live::PROTOCOL;
use super::project_attachments::{self, AttachmentStore};
use super::project_settings::{self, SettingsStore};
use super::store::{Row, Store, number};
use super::stubs::{answer, question};
use super::{clock, faults, meter, settings, sweep};
use crate::http::questions::FeedbackQuestion;
use crate::objects::feed::{Absorb, FeedAnswer, FeedRange, absorb};
use crate::objects::person::Person;

#[durable_object]
pub struct ProjectObject {
    state: State,
    env: Env,
    store: Store,
    alarm_due: Cell<Option<UnixMillis>>,
}

/// How often the object looks for what is to be forgotten.
const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

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
        for table in TABLES
            .into_iter()
            .chain(project_settings::TABLES)
            .chain(project_attachments::TABLES)
            .chain([sweep::DIRECTORY_TABLE])
        {
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
        meter::object_request();
        match request.path().as_str() {
            "/feedback" => answer(&self.page(&question(&mut request).await?)?),
            "/item" => answer(&self.item(&question::<String>(&mut request).await?)?),
            "/export" => answer(&self.export(&question(&mut request).await?)?),
            "/erase" => answer(&self.erase(&question(&mut request).await?)?),
            "/release" => answer(&self.release(&question::<String>(&mut request).await?)?),
            "/absorb" => {
                let fed = self.absorb(&question(&mut request).await?)?;
                self.fault(faults::ABSORBED).await?;
                answer(&fed)
            }
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
            "/list" => answer(&sweep::list(&self.store, &question(&mut request).await?)?),
            "/listed" => answer(&sweep::all(&self.store)?),
            "/api/v1/live" => self.watch(),
            path => {
                if let Some(name) = path.strip_prefix("/keep-attachment/") {
                    let bytes = request.bytes().await?;
                    answer(&self.attachments().keep(name, &bytes, clock::now())?)
                } else if let Some(name) = path.strip_prefix("/attachment/") {
                    Response::from_bytes(self.attachments().bytes(name)?)
                } else {
                    Response::error(format!("no command {path}"), 404)
                }
            }
        }
    }

    /// Forgets what is due. The next alarm is set before that.
    async fn alarm(&self) -> Result<Response> {
        let _running = meter::alarm();
        let now = clock::now();
        self.set_alarm(now + ALARM_SAFETY_MS, now).await?;
        self.fault(faults::FORGETTING).await?;
        self.settings().forget_salts(now)?;
        let names = self.forget_old(now)?;
        if let Some(bucket) = attachments::bucket(&self.env) {
            for name in names {
                bucket.delete(name).await?;
            }
        }
        let tomorrow = now + DAY_MS;
        let next = self.settings().next_forgetting()?;
        self.set_alarm(next.map_or(tomorrow, |at| at.min(tomorrow)), now)
            .await?;
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
    pub(super) fn attachments(&self) -> AttachmentStore<'_> {
        AttachmentStore(&self.store)
    }

    pub(super) fn settings(&self) -> SettingsStore<'_> {
        SettingsStore(&self.store)
    }

    /// What the edge needs to know. A salt that was made on the way brings the alarm that forgets it.
    async fn edge_view(&self) -> Result<EdgeView> {
        let now = clock::now();
        let shards = settings::config(&self.env).map_or(1, |config| config.shards);
        let view = self.store.transaction(|| self.settings().view(shards, now))?;
        if self.alarm_due.get().is_none_or(|due| due < now)
            && let Some(at) = self.settings().next_forgetting()?
        {
            self.set_alarm(at, now).await?;
        }
        self.fault(faults::VIEWED).await?;
        Ok(view)
    }

    /// Lets a fault happen here that a test asked for.
    async fn fault(&self, place: &str) -> Result<()> {
        faults::at(place, &self.state, &self.env).await
    }

    async fn set_alarm(&self, at: UnixMillis, now: UnixMillis) -> Result<()> {
        let delay_ms = i64::try_from(at.saturating_sub(now)).unwrap_or(i64::MAX);
        meter::alarm_set();
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
                    self.attachments().mark_used(&row.attachments)?;
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

    fn export(&self, step: &FeedbackStep) -> Result<FeedbackRows> {
        let (filter, person) = step.person.as_ref().map_or(("?2 IS NULL", None), theirs);
        let question = format!(
            "SELECT place, body FROM feedback WHERE place > ?1 AND {filter} ORDER BY place LIMIT 200"
        );
        let person = person.map_or(SqlStorageValue::Null, SqlStorageValue::from);
        let rows = self.store.rows(&question, vec![number(step.after), person])?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.number(0), body(row)?)))
            .collect())
    }

    /// Forgets feedback beyond its time and attachments that no feedback came to name; says which attachments went.
    fn forget_old(&self, now: UnixMillis) -> Result<Vec<String>> {
        let mut names = self.attachments().unused(now)?;
        self.attachments().forget(&names)?;
        if let Some(days) = self.settings().read()?.settings.retention.feedback_days {
            let oldest = now.saturating_sub(u64::from(days) * DAY_MS);
            let rows = self.store.rows(
                "SELECT place, body FROM feedback WHERE json_extract(body, '$.received_at') < ? LIMIT 1000",
                vec![number(oldest)],
            )?;
            names.extend(self.forget(&rows)?.1);
        }
        Ok(names)
    }

    /// Erases a person's feedback; says how much, and which attachments were with it.
    fn erase(&self, person: &Person) -> Result<(u64, Vec<String>)> {
        let (filter, person) = theirs(person);
        let question = format!("SELECT place, body FROM feedback WHERE ?1 = 0 AND {filter}");
        let bindings = vec![
            number(0),
            person.map_or(SqlStorageValue::Null, SqlStorageValue::from),
        ];
        let rows = self.store.rows(&question, bindings)?;
        self.forget(&rows)
    }

    /// Deletes rows of feedback with all that hangs on them.
    fn forget(&self, rows: &[Row]) -> Result<(u64, Vec<String>)> {
        self.store.transaction(|| {
            let mut names = Vec::new();
            let mut open = 0;
            for row in rows {
                let place = || vec![number(row.number(0))];
                let held = self.store.row("SELECT 1 FROM held WHERE place = ?", place())?;
                open += u64::from(held.is_none());
                self.store.run("DELETE FROM held WHERE place = ?", place())?;
                self.store.run("DELETE FROM feedback WHERE place = ?", place())?;
                names.extend(body(row).map(|row| row.attachments).unwrap_or_default());
            }
            self.attachments().forget(&names)?;
            self.set_total(self.total()?.saturating_sub(open))?;
            Ok((rows.len() as u64, names))
        })
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

/// The condition that finds a person's feedback, with `?2` for who it is.
fn theirs(person: &Person) -> (&'static str, Option<String>) {
    match person {
        Person::Visitor(visitor) => ("json_extract(body, '$.visitor') = ?2", Some(visitor.clone())),
        Person::User(user) => (
            "?2 IN (json_extract(body, '$.email'), json_extract(body, '$.user'))",
            Some(user.clone()),
        ),
        Person::Receipt(id) => ("id = ?2", Some(id.clone())),
    }
}

//! The stage for tests against a real `workerd`: a collector with storage on disk, a client, a scripted sink.
//!
//! Each test starts its own server on free ports of the loopback interface and ends it.
#![allow(clippy::unwrap_used, reason = "a failing test may say so by a panic")]

mod clickhouse;
mod client;
mod miniflare;
mod postgres;
mod program;
mod s3;
mod server;
mod sink;
mod storm;

pub use clickhouse::ClickHouse;
pub use client::{Answer, Client, Page, now};
pub use miniflare::{Kept, Miniflare};
pub use postgres::{Lock, Postgres};
pub use s3::S3Server;
pub use server::{batch_of, demo_item_id, event_of, events_of, feedback_of};
pub use sink::{Delivery, Mood, Sink};
pub use storm::{SENDERS, storm};

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use xtask::runtime::{ServeOptions, Server};

/// A collector and the folder it lives in; both go when it goes.
pub struct Stage {
    /// The running server.
    pub server: Server,
    _state: TempDir,
}

impl Stage {
    /// Starts a collector in the demo's project, changed by `set`.
    pub fn start(set: impl FnOnce(&mut ServeOptions)) -> Self {
        let state = TempDir::with_prefix("hearback-test-").unwrap();
        let mut options = ServeOptions::new(state.path());
        options.demo = true;
        set(&mut options);
        let server = Server::start(&options).unwrap_or_else(|error| panic!("{error:#}"));
        Self {
            server,
            _state: state,
        }
    }

    /// The databases of one class of object, `shard` or `project`.
    pub fn databases(&self, class: &str) -> Vec<Connection> {
        let folder = self
            .server
            .state()
            .join("storage")
            .join(format!("hearback-{class}"));
        // An object's file is named by its id; `metadata.sqlite` is the runtime's own list of alarms.
        let is_object = |path: &PathBuf| {
            let name = path.file_stem().and_then(|name| name.to_str());
            path.extension().is_some_and(|ending| ending == "sqlite") && name != Some("metadata")
        };
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(is_object)
            .map(|path| Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap())
            .collect()
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        client_of(&self.server)
    }
}

/// A client of a server.
pub fn client_of(server: &Server) -> Client {
    Client::new(server.url(), server.token().to_owned())
}

/// Asks again until `check` answers, or panics after `seconds` with what was awaited.
pub fn eventually<T>(seconds: u64, what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(answer) = check() {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Stage {
    /// Every item in the logs of all shards, as their files have it: read with SQLite itself, not through the collector.
    pub fn logged(&self) -> Vec<serde_json::Value> {
        let mut items = Vec::new();
        for database in self.databases("shard") {
            let mut rows = database.prepare("SELECT lines FROM log ORDER BY first").unwrap();
            let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
            for lines in rows {
                items.extend(
                    lines
                        .unwrap()
                        .lines()
                        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()),
                );
            }
        }
        items
    }
}

/// What was compressed.
pub fn gunzipped(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The ids of items that are lines of JSON, in their order.
pub fn ids_of(lines: &str) -> Vec<String> {
    let id = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    lines.lines().map(id).collect()
}

/// The one number that a question to a database has for an answer.
pub fn number(database: &Connection, question: &str) -> i64 {
    database.query_row(question, [], |row| row.get(0)).unwrap()
}

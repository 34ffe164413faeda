//! The collector in Miniflare, for the bindings that only Cloudflare has (`tests/support/miniflare.mjs`).

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearback_shared::project::ProjectId;
use serde_json::Value;
use tempfile::TempDir;
use xtask::runtime::DEMO_PROJECT;

use crate::client::Client;
use crate::program::Program;

/// A running collector with a bucket (sink `bucket`) and a queue (sink `queue`).
pub struct Miniflare {
    client: Client,
    reader: Client,
    _program: Program,
}

/// What a store keeps under a key.
#[derive(Debug)]
pub struct Kept {
    /// The key.
    pub key: String,
    /// The content type.
    pub content_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Miniflare {
    /// Starts one on free ports.
    pub fn start() -> Self {
        xtask::runtime::check_built().unwrap();
        let state = TempDir::with_prefix("hearback-miniflare-").unwrap();
        let project: ProjectId = DEMO_PROJECT.parse().unwrap();
        let (_, token) = xtask::runtime::credentials(state.path(), &project).unwrap();
        let secrets = fs::read_to_string(state.path().join("secrets")).unwrap();
        let keys = secrets.trim().strip_prefix("SIGNING_KEYS=").unwrap().to_owned();
        let mut node = xtask::tools::node();
        node.arg(xtask::paths::root().join("tests/support/miniflare.mjs"))
            .env("SIGNING_KEYS", keys);
        let (program, said) = Program::start(&mut node, |line| serde_json::from_str::<Value>(line).ok());
        let client = |name: &str, token| Client::new(said[name].as_str().unwrap().to_owned(), token);
        Self {
            client: client("collector", token),
            reader: client("reader", String::new()),
            _program: program,
        }
    }

    /// A client of the collector.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The bucket's objects.
    pub fn objects(&self) -> Vec<Kept> {
        self.read("/objects")
    }

    /// The queue's messages that were consumed.
    pub fn messages(&self) -> Vec<Kept> {
        self.read("/messages")
    }

    fn read(&self, path: &str) -> Vec<Kept> {
        let answer = self.reader.get(path).unwrap();
        let kept = |entry: &Value| Kept {
            key: entry["key"].as_str().unwrap().to_owned(),
            content_type: entry["type"].as_str().unwrap_or_default().to_owned(),
            bytes: STANDARD.decode(entry["base64"].as_str().unwrap()).unwrap(),
        };
        answer.body.as_array().unwrap().iter().map(kept).collect()
    }
}

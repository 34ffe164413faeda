//! A sink that keeps each delivery as a file under its id, and answers as it pleases: well, 503, after a long while,
//! never, or not at all although it kept what came. A delivery that holds poison it never keeps, and refuses with 422
//! when it is well.

use std::fs;
use std::io::{BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;
use xtask::seed::rng::Rng;

use crate::{http, pages};

/// What it does with one delivery, and how often of a hundred times.
const MOODS: [(u64, Mood); 6] = [
    (60, Mood::Well),
    (12, Mood::Failing),
    (12, Mood::KeepsAndHangsUp),
    (6, Mood::HangsUpWhileReading),
    (5, Mood::Slow),
    (5, Mood::Hanging),
];
/// How long a slow answer takes, and how long one that never comes is waited for before the connection is let go.
const SLOW: Duration = Duration::from_millis(1_500);
const HANGING: Duration = Duration::from_secs(40);
/// What its collector signs with.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

#[derive(Clone, Copy)]
enum Mood {
    Well,
    Failing,
    KeepsAndHangsUp,
    HangsUpWhileReading,
    Slow,
    Hanging,
}

/// A running sink.
pub struct Sink {
    port: u16,
    is_well: Arc<AtomicBool>,
    is_mended: Arc<AtomicBool>,
}

impl Sink {
    /// Starts one that keeps its files in `folder`.
    pub fn start(folder: &Path, seed: u64) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let sink = Self {
            port: listener.local_addr()?.port(),
            is_well: Arc::default(),
            is_mended: Arc::default(),
        };
        let folder = folder.to_owned();
        let (is_well, is_mended) = (Arc::clone(&sink.is_well), Arc::clone(&sink.is_mended));
        let rng = Arc::new(Mutex::new(Rng::new(seed)));
        // It lives as long as the program.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, rng) = (folder.clone(), Arc::clone(&rng));
                let (is_well, is_mended) = (Arc::clone(&is_well), Arc::clone(&is_mended));
                thread::spawn(move || serve(stream, &folder, &is_well, &is_mended, &rng));
            }
        });
        Ok(sink)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on it answers well.
    pub fn recover(&self) {
        self.is_well.store(true, Ordering::Relaxed);
    }

    /// From now on nothing is poison.
    pub fn mend(&self) {
        self.is_mended.store(true, Ordering::Relaxed);
    }
}

fn serve(stream: TcpStream, folder: &Path, is_well: &AtomicBool, is_mended: &AtomicBool, rng: &Mutex<Rng>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mood = if is_well.load(Ordering::Relaxed) {
            Mood::Well
        } else {
            *rng.lock().expect("no thread panics with it").weighted(&MOODS)
        };
        if matches!(mood, Mood::HangsUpWhileReading) {
            let _ = reader.read(&mut [0; 700]);
            return;
        }
        let Some(request) = http::read(&mut reader) else {
            return;
        };
        let is_refused = !is_mended.load(Ordering::Relaxed) && holds_poison(&request.body);
        if !is_refused && !matches!(mood, Mood::Failing | Mood::Hanging) {
            let id = request.headers.get("webhook-id").cloned().unwrap_or_default();
            keep(folder, &id, &request.body).expect("the sink's folder takes files");
        }
        let status = match mood {
            Mood::Well if is_refused => "422 Unprocessable Content",
            Mood::Well => "204 No Content",
            Mood::Failing => "503 Service Unavailable",
            Mood::Slow => {
                thread::sleep(SLOW);
                if is_refused { "400 Bad Request" } else { "200 OK" }
            }
            Mood::Hanging => {
                thread::sleep(HANGING);
                return;
            }
            Mood::KeepsAndHangsUp | Mood::HangsUpWhileReading => return,
        };
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        if reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn holds_poison(body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body);
    body.lines().any(|line| {
        let item: Option<Value> = serde_json::from_str(line).ok();
        item.is_some_and(|item| item["id"].as_str().is_some_and(pages::is_poison))
    })
}

/// Keeps a delivery under its id; one that differs from what came before under this id is kept beside it.
fn keep(folder: &Path, id: &str, body: &[u8]) -> std::io::Result<()> {
    let safe: String = id
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter))
        .collect();
    let path = folder.join(format!("{safe}.ndjson"));
    match fs::read(&path) {
        Ok(before) if before == body => Ok(()),
        Ok(_) => whole(&folder.join(format!("{safe}.other")), body),
        Err(_) => whole(&path, body),
    }
}

/// A reader sees all of a file or none of it.
fn whole(path: &PathBuf, body: &[u8]) -> std::io::Result<()> {
    let unfinished = path.with_extension(format!("{:?}", thread::current().id()).replace(['(', ')'], "-"));
    fs::write(&unfinished, body)?;
    fs::rename(unfinished, path)
}

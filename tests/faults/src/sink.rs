//! A sink that keeps each delivery as a file under its id, and answers as it pleases: well, 503, after a long while,
//! never, or not at all although it kept what came.

use std::fs;
use std::io::{BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use xtask::seed::rng::Rng;

use crate::http;

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
}

impl Sink {
    /// Starts one that keeps its files in `folder`.
    pub fn start(folder: &Path, seed: u64) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let sink = Self {
            port: listener.local_addr()?.port(),
            is_well: Arc::default(),
        };
        let (folder, is_well) = (folder.to_owned(), Arc::clone(&sink.is_well));
        let rng = Arc::new(Mutex::new(Rng::new(seed)));
        // It lives as long as the program.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, is_well, rng) = (folder.clone(), Arc::clone(&is_well), Arc::clone(&rng));
                thread::spawn(move || serve(stream, &folder, &is_well, &rng));
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
}

fn serve(stream: TcpStream, folder: &Path, is_well: &AtomicBool, rng: &Mutex<Rng>) {
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
        if !matches!(mood, Mood::Failing | Mood::Hanging) {
            let id = request.headers.get("webhook-id").cloned().unwrap_or_default();
            keep(folder, &id, &request.body).expect("the sink's folder takes files");
        }
        let status = match mood {
            Mood::Well => "204 No Content",
            Mood::Failing => "503 Service Unavailable",
            Mood::Slow => {
                thread::sleep(SLOW);
                "200 OK"
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

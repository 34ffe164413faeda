//! A scripted receiver: keeps what it is sent, and fails as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::ids_of;

/// What the receiver does with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Keeps it and says so.
    Well,
    /// Says 503 and keeps nothing.
    Failing,
    /// Keeps it and hangs up without an answer.
    KeepsAndHangsUp,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Header names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

impl Delivery {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// The ids of its items, in order.
    pub fn item_ids(&self) -> Vec<String> {
        ids_of(&self.body)
    }
}

/// A running receiver. It ends with its owner.
pub struct Sink {
    port: u16,
    kept: Arc<Mutex<Vec<Delivery>>>,
    asked: Arc<AtomicUsize>,
    mood: Arc<Mutex<Mood>>,
    refused: Arc<Mutex<Option<(String, u16)>>>,
    is_over: Arc<AtomicBool>,
}

impl Sink {
    /// The secret that its collector signs with.
    pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    /// Starts one on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            kept: Arc::default(),
            asked: Arc::default(),
            mood: Arc::new(Mutex::new(Mood::Well)),
            refused: Arc::default(),
            is_over: Arc::default(),
        };
        let (kept, asked, mood, refused, is_over) = (
            Arc::clone(&sink.kept),
            Arc::clone(&sink.asked),
            Arc::clone(&sink.mood),
            Arc::clone(&sink.refused),
            Arc::clone(&sink.is_over),
        );
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                asked.fetch_add(1, Ordering::Relaxed);
                // A connection that breaks in the middle has delivered nothing.
                let _ = receive(
                    stream,
                    &kept,
                    *mood.lock().unwrap(),
                    refused.lock().unwrap().clone(),
                );
            }
        });
        sink
    }

    /// Where it listens, as the collector's setting.
    pub fn setting(&self) -> xtask::runtime::Sink {
        xtask::runtime::Sink {
            url: format!("http://127.0.0.1:{}/in", self.port),
            secret: Self::SECRET.to_owned(),
        }
    }

    /// Changes what it does from now on.
    pub fn set_mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Answers a delivery that holds `text` with this status and keeps nothing of it; 200 refuses nothing any more.
    pub fn refuse(&self, text: &str, status: u16) {
        *self.refused.lock().unwrap() = (status != 200).then(|| (text.to_owned(), status));
    }

    /// What it kept so far, in order of arrival, repeats too.
    pub fn kept(&self) -> Vec<Delivery> {
        self.kept.lock().unwrap().clone()
    }

    /// How often it was asked to take something, whatever it answered.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// The items it has, storing each delivery id once as a receiver should.
    pub fn items(&self) -> Vec<String> {
        let by_id: BTreeMap<String, Delivery> =
            self.kept().into_iter().map(|d| (d.id().to_owned(), d)).collect();
        let mut items: Vec<String> = by_id.values().flat_map(Delivery::item_ids).collect();
        items.sort();
        items
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread, which then sees that it is over.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn receive(
    stream: TcpStream,
    kept: &Mutex<Vec<Delivery>>,
    mood: Mood,
    refused: Option<(String, u16)>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        // A sender that was killed ends in the middle: it has delivered nothing.
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let text = String::from_utf8_lossy(&body);
    if let Some((_, status)) = refused.filter(|(refused, _)| text.contains(refused.as_str())) {
        return respond(reader.get_mut(), &format!("{status} Refused"));
    }
    if mood != Mood::Failing {
        kept.lock().unwrap().push(Delivery {
            headers,
            body: String::from_utf8(body).unwrap(),
        });
    }
    let status = match mood {
        Mood::Well => "204 No Content",
        Mood::Failing => "503 Service Unavailable",
        Mood::KeepsAndHangsUp => return Ok(()),
    };
    respond(reader.get_mut(), status)
}

fn respond(stream: &mut TcpStream, status: &str) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

//! Sends requests over keep-alive connections and waits for each answer. Bare HTTP/1.1 on sockets: it shares the
//! machine with the servers it measures, so it does as little as it can.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

/// How long an answer may take before the measurement is given up.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

/// One connection.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(super) fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("connecting")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_LIMIT))?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
        })
    }

    /// Sends one request and reads its answer's body.
    pub(super) fn exchange(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).context("sending")?;
        self.buffer.clear();
        let mut head = None;
        loop {
            let from = self.buffer.len();
            self.buffer.resize(from + 32 * 1024, 0);
            let read = self.stream.read(&mut self.buffer[from..]).context("reading")?;
            self.buffer.truncate(from + read);
            if read == 0 {
                bail!("the server closed the connection");
            }
            if head.is_none() {
                head = Head::read(&self.buffer)?;
            }
            if let Some(head) = &head
                && self.buffer.len() >= head.bytes + head.body_bytes
            {
                return Ok(&self.buffer[head.bytes..head.bytes + head.body_bytes]);
            }
        }
    }
}

/// What the answer's head says.
struct Head {
    bytes: usize,
    body_bytes: usize,
}

impl Head {
    fn read(buffer: &[u8]) -> Result<Option<Self>> {
        let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let status = text.get(9..12).unwrap_or_default();
        if !status.starts_with('2') {
            bail!("answered {status}: {}", String::from_utf8_lossy(buffer));
        }
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .ok_or_else(|| anyhow!("an answer without a length: {text}"))?;
        Ok(Some(Self {
            bytes: end + 4,
            body_bytes: length.trim().parse()?,
        }))
    }
}

/// Fails unless every item was taken.
pub(super) fn all_accepted(answer: &[u8]) -> Result<()> {
    let has = |word: &[u8]| answer.windows(word.len()).any(|bytes| bytes == word);
    if has(b"retry") || has(b"rejected") || has(b"duplicate") {
        let start = &answer[..answer.len().min(500)];
        bail!("not all was accepted: {}", String::from_utf8_lossy(start));
    }
    Ok(())
}

/// Sends requests one after the other.
pub(super) fn one_by_one(port: u16, requests: &[Vec<u8>]) -> Result<()> {
    let mut connection = Connection::open(port)?;
    for (index, request) in requests.iter().enumerate() {
        let answer = connection.exchange(request)?;
        if index == 0 {
            all_accepted(answer)?;
        }
    }
    Ok(())
}

/// Sends each list over a connection of its own, all at the same time; how long all took together.
pub(super) fn together(port: u16, lists: &[Vec<Vec<u8>>]) -> Result<Duration> {
    paced(port, lists, None)
}

/// The same, each connection waiting `every` between the starts of two requests.
pub(super) fn paced(port: u16, lists: &[Vec<Vec<u8>>], every: Option<Duration>) -> Result<Duration> {
    let barrier = Barrier::new(lists.len() + 1);
    thread::scope(|scope| {
        let count = u32::try_from(lists.len()).context("connections")?;
        let workers: Vec<_> = (0..count)
            .zip(lists)
            .map(|(index, requests)| {
                let barrier = &barrier;
                let worker = move || -> Result<()> {
                    let connection = Connection::open(port);
                    barrier.wait();
                    let mut connection = connection?;
                    // Spread over the interval, as visitors are who know nothing of each other.
                    let started =
                        Instant::now() + every.map_or(Duration::ZERO, |every| every * index / count);
                    let mut due = started;
                    for request in requests {
                        thread::sleep(due.saturating_duration_since(Instant::now()));
                        due += every.unwrap_or_default();
                        all_accepted(connection.exchange(request)?)?;
                    }
                    Ok(())
                };
                // The default stack of 64 threads is only reserved, not used.
                scope.spawn(worker)
            })
            .collect();
        barrier.wait();
        let started = Instant::now();
        for worker in workers {
            worker
                .join()
                .map_err(|_| anyhow!("a connection's thread panicked"))??;
        }
        Ok(started.elapsed())
    })
}

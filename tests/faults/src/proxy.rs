//! A TCP proxy that cuts connections at random byte offsets, in either direction, in the middle of whatever is said.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use anyhow::Result;
use xtask::seed::rng::Rng;

/// A cut comes after at most so many bytes of one direction: several requests, or the middle of the first.
const LONGEST: u64 = 60_000;

/// A running proxy.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    cuts: AtomicU64,
    is_calm: AtomicBool,
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

impl Proxy {
    /// Passes connections on to `port` of this machine; about `percent` of a hundred are cut.
    pub fn start(port: u16, seed: u64, percent: u64) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let proxy = Self {
            port: listener.local_addr()?.port(),
            shared: Arc::default(),
        };
        let shared = Arc::clone(&proxy.shared);
        let mut rng = Rng::new(seed);
        // It lives as long as the program.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let cut = rng.percent(percent).then(|| {
                    let direction = if rng.percent(50) {
                        Direction::Up
                    } else {
                        Direction::Down
                    };
                    // Answers are shorter than requests.
                    let longest = if matches!(direction, Direction::Up) {
                        LONGEST
                    } else {
                        LONGEST / 4
                    };
                    (direction, rng.below(longest))
                });
                let cut = cut.filter(|_| !shared.is_calm.load(Ordering::Relaxed));
                let shared = Arc::clone(&shared);
                thread::spawn(move || connect(stream, port, cut, &shared));
            }
        });
        Ok(proxy)
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Connections cut so far.
    pub fn cuts(&self) -> u64 {
        self.shared.cuts.load(Ordering::Relaxed)
    }

    /// From now on no new connection is cut.
    pub fn calm_down(&self) {
        self.shared.is_calm.store(true, Ordering::Relaxed);
    }
}

fn connect(client: TcpStream, port: u16, cut: Option<(Direction, u64)>, shared: &Arc<Shared>) {
    // Nobody listens while the server is being restarted: the client's connection ends at once.
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return;
    };
    let (Ok(client_out), Ok(server_out)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let limit = |wanted: &str| match cut {
        Some((Direction::Up, bytes)) if wanted == "up" => Some(bytes),
        Some((Direction::Down, bytes)) if wanted == "down" => Some(bytes),
        _ => None,
    };
    let (up, down) = (limit("up"), limit("down"));
    let counted = Arc::clone(shared);
    let upward = thread::spawn(move || pass(client, server_out, up, &counted));
    pass(server, client_out, down, shared);
    let _ = upward.join();
}

/// Passes bytes on until one side ends or the cut comes; then both connections are over.
fn pass(mut from: TcpStream, mut to: TcpStream, limit: Option<u64>, shared: &Shared) {
    let mut buffer = vec![0; 16 * 1024];
    let mut left = limit;
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let kept = left.map_or(read, |left| read.min(usize::try_from(left).unwrap_or(usize::MAX)));
        if to.write_all(&buffer[..kept]).is_err() {
            break;
        }
        if let Some(left) = &mut left {
            *left -= kept as u64;
            if kept < read {
                shared.cuts.fetch_add(1, Ordering::Relaxed);
                break;
            }
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

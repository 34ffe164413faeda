//! Visitors of a shop: requests at an even rate, whatever the answers take, from pages that come and go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::bench::batch::Page;
use crate::bench::ingest::now;
use crate::bench::load::{Connection, all_accepted};

/// Requests that one page sends: most visits are short.
const REQUESTS_A_PAGE: usize = 4;
/// Time between two requests of a page.
const BETWEEN: Duration = Duration::from_secs(10);
/// Over how long ago the open pages were opened. Their windows lie apart by that much.
const OPENED_WITHIN_MS: u64 = 30 * 60 * 1000;
/// Connections at most. At 500 requests a second each is used eight times a second.
const CONNECTIONS: u32 = 64;
/// Kinds of browsers, hence of visitors: all come from this machine's address.
const AGENTS: u64 = 200;
/// What they do.
const NAMES: [&str; 8] = [
    "page_view",
    "product_viewed",
    "search",
    "cart_add",
    "checkout_start",
    "purchase",
    "newsletter_signup",
    "video_play",
];

/// How much is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub requests_a_second: u32,
    pub events_a_request: usize,
}

/// Requests that were sent and answered, as seconds since the start of the traffic.
type Spans = Arc<Mutex<Vec<(f64, f64)>>>;

/// Traffic that goes on until it is stopped.
pub(super) struct Traffic {
    started: Instant,
    spans: Spans,
    is_over: Arc<AtomicBool>,
    workers: Vec<JoinHandle<Result<()>>>,
}

impl Traffic {
    pub(super) fn start(port: u16, rate: Rate) -> Self {
        let traffic = Self {
            started: Instant::now(),
            spans: Arc::default(),
            is_over: Arc::default(),
            workers: Vec::new(),
        };
        let connections = rate.requests_a_second.min(CONNECTIONS);
        let worker = |index| {
            let visitors = Visitors::new(rate, index, connections);
            let (spans, is_over) = (Arc::clone(&traffic.spans), Arc::clone(&traffic.is_over));
            let started = traffic.started;
            thread::spawn(move || send(port, visitors, started, &spans, &is_over))
        };
        Self {
            workers: (0..connections).map(worker).collect(),
            ..traffic
        }
    }

    /// Seconds since the start.
    pub(super) fn elapsed(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Stops it; what was sent, in order.
    pub(super) fn stop(self) -> Result<Vec<(f64, f64)>> {
        self.is_over.store(true, Ordering::Relaxed);
        for worker in self.workers {
            worker
                .join()
                .map_err(|_| anyhow!("a connection's thread panicked"))??;
        }
        let mut spans = self
            .spans
            .lock()
            .map_err(|_| anyhow!("a connection's thread panicked"))?;
        let mut spans = std::mem::take(&mut *spans);
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(spans)
    }
}

/// Seconds up to `end` in which at least one request was under way.
pub(super) fn busy_s(spans: &[(f64, f64)], end: f64) -> f64 {
    let (mut sum, mut until) = (0.0, 0.0_f64);
    for (from, to) in spans {
        let (from, to) = (from.max(until), to.min(end));
        sum += (to - from).max(0.0);
        until = until.max(to);
    }
    sum
}

/// Requests that began from `from` to `to`, and how long the middle one of them took, in milliseconds.
pub(super) fn rate_and_median_ms(spans: &[(f64, f64)], from: f64, to: f64) -> (f64, f64) {
    let mut took: Vec<f64> = spans
        .iter()
        .filter(|(start, _)| (from..to).contains(start))
        .map(|(start, end)| (end - start) * 1e3)
        .collect();
    took.sort_by(f64::total_cmp);
    let median = took.get(took.len() / 2).copied().unwrap_or_default();
    (took.len() as f64 / (to - from), median)
}

/// The visitors of one connection.
struct Visitors {
    every: Duration,
    first: Duration,
    events: usize,
    /// Pages that are open at the same time.
    open: usize,
    pages: Vec<Page>,
    sent: usize,
    /// Tells the pages of all connections apart.
    next_page: u64,
    connections: u32,
}

impl Visitors {
    fn new(rate: Rate, index: u32, connections: u32) -> Self {
        let every = Duration::from_secs(1) * connections / rate.requests_a_second;
        let open = BETWEEN.as_millis().div_ceil(every.as_millis().max(1));
        let open = usize::try_from(open).unwrap_or(1);
        Self {
            every,
            first: every * index / connections,
            events: rate.events_a_request,
            open,
            pages: Vec::with_capacity(open),
            sent: 0,
            next_page: u64::from(index),
            connections,
        }
    }

    /// The next request: of the page whose turn it is. A page that has sent its last makes room for another.
    fn request(&mut self) -> Result<Vec<u8>> {
        let place = self.sent % self.open;
        let is_new = (self.sent / self.open).is_multiple_of(REQUESTS_A_PAGE);
        self.sent += 1;
        if is_new {
            let number = self.next_page;
            self.next_page += u64::from(self.connections);
            // Spread without a pattern (Knuth's multiplier), the same in every run.
            let ago = number.wrapping_mul(2_654_435_761) % OPENED_WITHIN_MS;
            let page = Page::new(now()? - ago, number)
                .doing(&NAMES)
                .with_agent(number % AGENTS);
            if place < self.pages.len() {
                self.pages[place] = page;
            } else {
                self.pages.push(page);
            }
        }
        Ok(self.pages[place].request("/v1/ingest", self.events))
    }
}

fn send(
    port: u16,
    mut visitors: Visitors,
    started: Instant,
    spans: &Mutex<Vec<(f64, f64)>>,
    is_over: &AtomicBool,
) -> Result<()> {
    let mut connection = Connection::open(port)?;
    let mut due = visitors.first;
    while !is_over.load(Ordering::Relaxed) {
        thread::sleep(due.saturating_sub(started.elapsed()));
        due += visitors.every;
        let request = visitors.request()?;
        let from = started.elapsed().as_secs_f64();
        all_accepted(connection.exchange(&request)?)?;
        let to = started.elapsed().as_secs_f64();
        spans
            .lock()
            .map_err(|_| anyhow!("another connection's thread panicked"))?
            .push((from, to));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_in_which_several_were_under_way_counts_once() {
        let spans = [(0.0, 1.0), (0.5, 0.75), (0.9, 2.0), (3.0, 9.0)];
        assert!((busy_s(&spans, 4.0) - 3.0).abs() < 1e-9);
        assert!((busy_s(&spans, 1.5) - 1.5).abs() < 1e-9);
    }

    #[test]
    fn a_rate_is_of_the_requests_that_began_in_the_window() {
        let spans = [(0.0, 1.0), (1.0, 1.010), (1.5, 1.530), (1.9, 5.0), (2.0, 2.5)];
        let (rate, median) = rate_and_median_ms(&spans, 1.0, 2.0);
        assert!(
            (rate - 3.0).abs() < 1e-9 && (median - 30.0).abs() < 1e-6,
            "{rate} {median}"
        );
    }

    #[test]
    fn pages_send_four_times_and_make_room() {
        let rate = Rate {
            requests_a_second: 64,
            events_a_request: 1,
        };
        let mut visitors = Visitors::new(rate, 0, 64);
        let producer = |request: Vec<u8>| {
            let text = String::from_utf8(request).expect("text");
            let start = text.find("\"producer\":\"").expect("a producer") + 12;
            text[start..start + 22].to_owned()
        };
        let sent: Vec<_> = (0..80)
            .map(|_| producer(visitors.request().expect("a request")))
            .collect();
        let pages: std::collections::BTreeSet<_> = sent.iter().collect();
        assert_eq!(pages.len(), 20, "80 requests of 4 each");
        assert_eq!(sent[0], sent[30]);
        assert_ne!(sent[0], sent[40]);
    }
}

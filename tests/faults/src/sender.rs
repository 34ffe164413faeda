//! Senders: each takes page after page and sends its batches until every item has an answer, as the loader does.
//! One request in ten is a deliberate repeat of something that was sent before, perhaps while that is on its way.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use hearback_shared::producer::Producer;
use serde_json::{Value, json};
use ureq::Agent;
use xtask::seed::rng::Rng;

use crate::books::Book;
use crate::pages::{self, Page};

/// How many in a hundred requests are repeated on purpose.
const REPEATED: u64 = 11;
/// How long an answer is waited for: longer than a restart takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the senders share.
pub struct Work {
    /// The proxy's address.
    pub url: String,
    /// The public key.
    pub key: String,
    /// Pages that nobody has begun.
    pub pages: Mutex<Vec<Page>>,
    /// Batches to be sent again.
    pub repeats: Mutex<VecDeque<(Producer, Vec<u64>)>>,
    /// Items with a final answer: how far all is.
    pub done: AtomicU64,
    /// Time is up.
    pub is_over: AtomicBool,
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("it is later than 1970");
    u64::try_from(since.as_millis()).expect("it is earlier than the end of time")
}

/// Sends until there are no pages left, or time is up.
pub fn run(work: &Work, book: &mut Book, mut rng: Rng) -> Result<()> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE));
    let agent: Agent = config.build().into();
    loop {
        let Some(page) = work.pages.lock().expect("no sender panics with it").pop() else {
            break;
        };
        for seqs in &page.batches {
            let is_repeated = rng.percent(REPEATED);
            // Half of them may be sent by another sender while this one is on its way.
            let is_early = rng.percent(50);
            if is_repeated && is_early {
                repeat_later(work, page.producer, seqs);
            }
            let answered = send(work, &agent, book, &mut rng, page.producer, seqs)?;
            work.done.fetch_add(answered, Ordering::Relaxed);
            if is_repeated && !is_early {
                repeat_later(work, page.producer, seqs);
            }
            if rng.percent(REPEATED) {
                repeat(work, &agent, book, &mut rng)?;
            }
            if work.is_over.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
    }
    while repeat(work, &agent, book, &mut rng)? {}
    Ok(())
}

fn repeat_later(work: &Work, producer: Producer, seqs: &[u64]) {
    let mut repeats = work.repeats.lock().expect("no sender panics with it");
    repeats.push_back((producer, seqs.to_vec()));
}

/// Sends one of the repeats; false where there is none.
fn repeat(work: &Work, agent: &Agent, book: &mut Book, rng: &mut Rng) -> Result<bool> {
    let next = work.repeats.lock().expect("no sender panics with it").pop_front();
    let Some((producer, seqs)) = next else {
        return Ok(false);
    };
    if work.is_over.load(Ordering::Relaxed) {
        return Ok(false);
    }
    send(work, agent, book, rng, producer, &seqs)?;
    Ok(true)
}

/// Sends items until each has a final answer; says how many got one.
fn send(
    work: &Work,
    agent: &Agent,
    book: &mut Book,
    rng: &mut Rng,
    producer: Producer,
    seqs: &[u64],
) -> Result<u64> {
    let (mut open, mut answered) = (seqs.to_vec(), 0);
    book.sent(&producer, seqs)?;
    while !open.is_empty() && !work.is_over.load(Ordering::Relaxed) {
        let Some(statuses) = post(work, agent, producer, &open) else {
            thread::sleep(Duration::from_millis(rng.between(5, 120)));
            continue;
        };
        for (seq, status) in &statuses {
            book.answered(&producer, *seq, status)?;
        }
        book.flush()?;
        open.retain(|seq| {
            !statuses
                .iter()
                .any(|(known, status)| known == seq && status != "retry")
        });
        answered += statuses.iter().filter(|(_, status)| status != "retry").count() as u64;
    }
    Ok(answered)
}

/// One request; the status of each item where an answer was read to its end.
fn post(work: &Work, agent: &Agent, producer: Producer, seqs: &[u64]) -> Option<Vec<(u64, String)>> {
    let at = now();
    let items: Vec<Value> = seqs.iter().map(|seq| pages::item(*seq, at)).collect();
    let batch = json!({"key": work.key, "producer": producer.to_string(), "sent_at": at, "items": items});
    let request = agent
        .post(format!("{}/v1/ingest", work.url))
        .header("content-type", "application/json");
    let mut response = request.send(batch.to_string()).ok()?;
    let is_answer = response.status() == 202;
    let text = response.body_mut().read_to_string().ok()?;
    if !is_answer {
        return None;
    }
    let answer: Value = serde_json::from_str(&text).ok()?;
    let result = |result: &Value| Some((result["seq"].as_u64()?, result["status"].as_str()?.to_owned()));
    answer["results"].as_array()?.iter().map(result).collect()
}

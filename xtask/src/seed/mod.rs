//! Simulated visitors, so that a fresh console has something to show. They come in by the public interface, like
//! everybody else, and are the same for the same number and day: sending them again stores nothing twice.

pub mod rng;
mod texts;
mod visitor;

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hearback_shared::UnixMillis;
use hearback_shared::wire::{IngestAnswer, Status};
use ureq::Agent;

use crate::shell;
use visitor::Visit;

const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;
/// How often a batch is sent again when the server asks for patience.
const TRIES: u32 = 5;

/// What became of all items.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Stored now.
    pub accepted: usize,
    /// Stored by an earlier run.
    pub duplicate: usize,
}

/// Plays `count` visitors of the fortnight before today (UTC). `stop` ends it early.
pub fn play(url: &str, key: &str, count: u32, now: UnixMillis, stop: impl Fn() -> bool) -> Result<Tally> {
    let anchor = now - now % DAY_MS;
    let mut texts = texts::Texts::new();
    let mut visits: Vec<_> = (0..u64::from(count))
        .map(|number| visitor::make(number, anchor, &mut texts))
        .collect();
    // As it happened: the console lists what arrived last first.
    visits.sort_by_key(|visit| (visit.born, visit.producer));
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let mut tally = Tally::default();
    let mut said = Instant::now();
    for (sent, visit) in visits.iter().enumerate() {
        if stop() {
            bail!("stopped after {sent} of {count} visitors");
        }
        send(&agent, url, key, visit, now, &mut tally)
            .with_context(|| format!("visitor {} of {count}", sent + 1))?;
        if said.elapsed() >= Duration::from_secs(2) {
            said = Instant::now();
            shell::say("seed", &format!("{} of {count} visitors", sent + 1));
        }
    }
    let Tally { accepted, duplicate } = tally;
    shell::say(
        "seed",
        &format!("{count} visitors: {accepted} items stored, {duplicate} were there already"),
    );
    Ok(tally)
}

fn send(
    agent: &Agent,
    url: &str,
    key: &str,
    visit: &Visit,
    now: UnixMillis,
    tally: &mut Tally,
) -> Result<()> {
    let body = visit.batch(key, now).to_string();
    for attempt in 1..=TRIES {
        let mut answer = agent
            .post(format!("{url}/v1/ingest"))
            .content_type("application/json")
            .send(&body)?;
        let text = answer.body_mut().read_to_string()?;
        match answer.status().as_u16() {
            202 => {
                if count(&serde_json::from_str(&text)?, visit, tally)? {
                    return Ok(());
                }
            }
            429 | 503 => {}
            status => bail!("the collector answered {status}: {text}"),
        }
        thread::sleep(Duration::from_millis(100) * 2_u32.pow(attempt));
    }
    bail!("the collector asked to retry {TRIES} times")
}

/// Counts the results; false when some are to be sent again, in which case nothing is counted.
fn count(answer: &IngestAnswer, visit: &Visit, tally: &mut Tally) -> Result<bool> {
    if answer.results.len() != visit.items() {
        bail!("{} results for {} items", answer.results.len(), visit.items());
    }
    if answer.results.iter().any(|result| result.status == Status::Retry) {
        return Ok(false);
    }
    for result in &answer.results {
        match &result.status {
            Status::Accepted { .. } => tally.accepted += 1,
            Status::Duplicate { .. } => tally.duplicate += 1,
            Status::Rejected(why) => bail!("item {:?} was rejected: {}", result.seq, why.message),
            Status::Retry => unreachable!("checked above"),
        }
    }
    Ok(true)
}

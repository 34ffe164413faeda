//! One tenant that sends far more than it may: the others hardly notice.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hearback_runtime_tests::{Client, Page, Stage};
use serde_json::{Value, json};
use xtask::runtime::credentials;

/// What the loud tenant may store in an hour: an item a second.
const QUOTA: u64 = 3_600;

/// Fifty times that, a request each. The bound keeps the generator from starving the server on a small machine.
const PER_SECOND: u32 = 50;

const ROUNDS: usize = 9;
const REQUESTS: usize = 80;

/// A project's key, and a client with its token.
fn tenant(stage: &Stage, project: &str) -> (String, Client) {
    let (key, token) = credentials(stage.server.state(), &project.parse().unwrap()).unwrap();
    (key, stage.client().with_token(&token))
}

fn batch(key: &str, page: &Page, items: &[Value]) -> Value {
    let mut batch = page.batch(items);
    batch["key"] = json!(key);
    batch
}

/// The 95th percentile of what quiet requests take, in microseconds.
fn p95(client: &Client, key: &str, page: &Page, seq: &mut u64) -> u128 {
    let mut times: Vec<u128> = (0..REQUESTS)
        .map(|_| {
            *seq += 1;
            thread::sleep(Duration::from_millis(8));
            let started = Instant::now();
            let answer = client
                .ingest(&batch(key, page, &[Page::event(*seq, "quiet")]))
                .unwrap();
            assert_eq!(answer.statuses(), ["accepted"]);
            started.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    times[REQUESTS * 95 / 100]
}

/// Sends at its rate while `is_loud`; every answer is a refusal that says when to come back.
fn flood(client: &Client, key: &str, is_loud: &AtomicBool, is_over: &AtomicBool, refused: &AtomicU64) {
    let (page, mut seq) = (Page::new(1), 1_000_000);
    let mut next = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        next = (next + Duration::from_secs(1) / PER_SECOND).max(Instant::now());
        thread::sleep(next - Instant::now());
        if is_loud.load(Ordering::Relaxed) {
            seq += 1;
            let answer = client
                .ingest(&batch(key, &page, &[Page::event(seq, "loud")]))
                .unwrap();
            // A new hour lets the first of its items in.
            if answer.status == 429 {
                assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
                refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

#[test]
fn a_tenant_at_fifty_times_its_quota_does_not_double_what_another_waits() {
    let stage = Stage::start(|options| options.shards = Some(1));
    let (loud_key, loud) = tenant(&stage, "loud");
    let (quiet_key, quiet) = tenant(&stage, "quiet");
    loud.set(&json!({"quota": {"items_per_hour": QUOTA}}));
    let page = Page::new(3);
    for first in (1..=QUOTA).step_by(450) {
        let items: Vec<Value> = (first..first + 450).map(|seq| Page::event(seq, "loud")).collect();
        assert_eq!(loud.ingest(&batch(&loud_key, &page, &items)).unwrap().status, 202);
    }
    let (is_loud, is_over, refused) = (AtomicBool::new(false), AtomicBool::new(false), AtomicU64::new(0));
    let (mut still, mut noisy) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| flood(&loud, &loud_key, &is_loud, &is_over, &refused));
        let (page, mut seq) = (Page::new(2), 0);
        p95(&quiet, &quiet_key, &page, &mut seq);
        for _ in 0..ROUNDS {
            for (loud, times) in [(false, &mut still), (true, &mut noisy)] {
                is_loud.store(loud, Ordering::Relaxed);
                times.push(p95(&quiet, &quiet_key, &page, &mut seq));
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    still.sort_unstable();
    noisy.sort_unstable();
    let (still, noisy) = (still[ROUNDS / 2], noisy[ROUNDS / 2]);
    assert!(refused.load(Ordering::Relaxed) > 100, "{refused:?} were refused");
    assert!(
        noisy < still * 2,
        "p95 of the quiet one: {still} µs alone, {noisy} µs beside the loud one"
    );
}

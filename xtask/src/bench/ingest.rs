//! The write path against the plain JavaScript Worker: both on the same `workerd`, in turns, a ratio a round.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use super::Row;
use super::batch::Page;
use super::load::{self, Connection};
use super::proc::{Prepared, Server, Which};
use crate::build::{self, Mode};
use crate::shell;

/// Rounds of each comparison. An odd count has a middle.
const ROUNDS: usize = 9;
const QUICK_ROUNDS: usize = 3;
/// Connections of the durable comparisons.
const CONNECTIONS: u64 = 64;
/// Events of one request there.
const EVENTS: usize = 20;
/// Requests of one round. Each takes well over a tenth of a second of CPU, and no round takes a whole one.
const LARGE_REQUESTS: usize = 120;
const SMALL_REQUESTS: usize = 1_500;
const DURABLE_REQUESTS: usize = 24;
const BASELINE_DURABLE_REQUESTS: usize = 8;

pub(super) fn measure(quick: bool) -> Result<Vec<Row>> {
    build::for_bench(Mode::Release)?;
    let rounds = if quick { QUICK_ROUNDS } else { ROUNDS };
    let mut rows = cpu(rounds)?;
    rows.extend(durable(rounds)?);
    rows.extend(first_request(rounds)?);
    Ok(rows)
}

pub(super) fn now() -> Result<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    u64::try_from(since.as_millis()).context("reading the clock")
}

/// CPU of requests that are judged and not stored.
fn cpu(rounds: usize) -> Result<Vec<Row>> {
    let (ours, baseline) = (Server::fresh(Which::Ours)?, Server::fresh(Which::Baseline)?);
    let mut rows = Vec::new();
    for (events, requests, routes) in [
        (
            500,
            LARGE_REQUESTS,
            [
                ("cpu_per_event_500", "/bench/decode", Some(0.6)),
                ("cpu_per_event_500_full", "/bench/judge", None),
            ],
        ),
        (
            1,
            SMALL_REQUESTS,
            [
                ("cpu_per_request_1", "/bench/decode", Some(1.2)),
                ("cpu_per_request_1_full", "/bench/judge", None),
            ],
        ),
    ] {
        shell::say("bench", &format!("CPU of requests of {events} events"));
        let mut page = Page::new(now()?, events as u64);
        let mut list = |path: &str| -> Vec<_> { (0..requests).map(|_| page.request(path, events)).collect() };
        let (parse, paths) = (list("/parse"), routes.map(|(_, path, _)| list(path)));
        let mut baseline_us = Vec::new();
        let mut ours_us = [Vec::new(), Vec::new()];
        // The first round warms both up and does not count.
        for round in 0..=rounds {
            let js = cpu_of(&baseline, &parse)?;
            let us = [cpu_of(&ours, &paths[0])?, cpu_of(&ours, &paths[1])?];
            if round > 0 {
                baseline_us.push(js);
                ours_us.iter_mut().zip(us).for_each(|(all, one)| all.push(one));
            }
        }
        for ((name, _, goal), all) in routes.iter().zip(&ours_us) {
            let ratios: Vec<_> = all.iter().zip(&baseline_us).map(|(us, js)| us / js).collect();
            let row = Row::median(format!("{name}_vs_js"), &ratios, "ratio");
            rows.push(goal.map_or(row.clone(), |goal| row.at_most(goal)));
            rows.push(Row::median(format!("{name}_us"), all, "µs a request"));
        }
        rows.push(Row::median(
            format!("js_cpu_{events}_us"),
            &baseline_us,
            "µs a request",
        ));
    }
    Ok(rows)
}

/// CPU of one of these requests, in µs.
fn cpu_of(server: &Server, requests: &[Vec<u8>]) -> Result<f64> {
    let before = server.cpu()?;
    load::one_by_one(server.port(), requests)?;
    let used = server.cpu()?.saturating_sub(before);
    Ok(used.as_secs_f64() * 1e6 / count(requests.len()))
}

/// Requests and events a second, each answered after it is on disk.
fn durable(rounds: usize) -> Result<Vec<Row>> {
    shell::say("bench", "durable requests over 64 connections");
    let (ours, baseline) = (Server::fresh(Which::Ours)?, Server::fresh(Which::Baseline)?);
    let nothing = b"GET /object HTTP/1.1\r\nhost: hearback.example\r\n\r\n".to_vec();
    let nothing = vec![vec![nothing; DURABLE_REQUESTS]; usize::try_from(CONNECTIONS)?];
    let [
        mut events,
        mut requests,
        mut ours_rate,
        mut rows_rate,
        mut object_rate,
    ] = [const { Vec::new() }; 5];
    let mut pages = (0..).map(|number| Page::new(now().unwrap_or_default(), number));
    for round in 0..=rounds {
        let mut lists = |path: &str, count: usize| -> Vec<Vec<_>> {
            pages
                .by_ref()
                .take(usize::try_from(CONNECTIONS).unwrap_or_default())
                .map(|mut page| (0..count).map(|_| page.request(path, EVENTS)).collect())
                .collect()
        };
        let ours_lists = lists("/v1/ingest", DURABLE_REQUESTS);
        let baseline_lists = lists("/v1/ingest", BASELINE_DURABLE_REQUESTS);
        let us = rate(&ours, &ours_lists)?;
        let js = rate(&baseline, &baseline_lists)?;
        let object = rate(&baseline, &nothing)?;
        if round > 0 {
            events.push(us / js);
            requests.push(us / object);
            ours_rate.push(us);
            rows_rate.push(js);
            object_rate.push(object);
        }
    }
    Ok(vec![
        Row::median("durable_events_vs_row_per_event", &events, "ratio").at_least(4.0),
        Row::median("durable_requests_vs_object_call", &requests, "ratio").at_least(0.6),
        Row::median("durable_requests", &ours_rate, "requests a s"),
        Row::median("js_row_per_event_requests", &rows_rate, "requests a s"),
        Row::median("js_object_call_requests", &object_rate, "requests a s"),
    ])
}

/// Requests a second.
fn rate(server: &Server, lists: &[Vec<Vec<u8>>]) -> Result<f64> {
    let took = load::together(server.port(), lists)?;
    let requests: usize = lists.iter().map(Vec::len).sum();
    Ok(count(requests) / took.as_secs_f64())
}

/// From the start of a process on empty storage to its first answer to one event, judged and not stored.
fn first_request(rounds: usize) -> Result<Vec<Row>> {
    shell::say("bench", "the first request after a start");
    let [mut ratios, mut ours_ms, mut js_ms, mut stored] = [const { Vec::new() }; 4];
    for round in 0..=rounds {
        let us = first(Which::Ours, "/bench/decode")?.as_secs_f64();
        let js = first(Which::Baseline, "/parse")?.as_secs_f64();
        let us_stored = first(Which::Ours, "/v1/ingest")?.as_secs_f64();
        let js_stored = first(Which::Baseline, "/v1/ingest")?.as_secs_f64();
        if round > 0 {
            ratios.push(us / js);
            stored.push(us_stored / js_stored);
            ours_ms.push(us * 1e3);
            js_ms.push(js * 1e3);
        }
    }
    Ok(vec![
        Row::median("first_request_vs_js", &ratios, "ratio").at_most(2.0),
        Row::median("first_stored_request_vs_js", &stored, "ratio"),
        Row::median("first_request_ms", &ours_ms, "ms"),
        Row::median("js_first_request_ms", &js_ms, "ms"),
    ])
}

fn first(which: Which, path: &str) -> Result<Duration> {
    let prepared = Prepared::new(which)?;
    let request = Page::new(now()?, 1).request(path, 1);
    let (server, started): (Server, Instant) = prepared.start()?;
    load::all_accepted(Connection::open(server.port())?.exchange(&request)?)?;
    Ok(started.elapsed())
}
/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(requests: usize) -> f64 {
    requests as f64
}

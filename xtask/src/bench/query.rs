//! Questions over ten million events against the same over a hundred thousand, in turns; and how far sketches are off.
//!
//! The storages are prepared, not sent over HTTP: `tests/runtime`'s `fill_rollups` makes the lines and counts them
//! with the shard's own code and statements, into the tables of a shard that one event over HTTP has opened.
#![expect(clippy::cast_precision_loss, reason = "counts of far fewer than 2^52")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use hearback_shared::rollup::{Quantiles, Visitors};
use serde_json::{Value, json};

use super::Row;
use super::batch::Page;
use super::ingest::now;
use super::load::Connection;
use crate::build::{self, Mode};
use crate::runtime::{ServeOptions, Server};
use crate::{paths, shell};

const ROUNDS: usize = 9;
const QUICK_ROUNDS: usize = 3;
/// Times each question is asked in a round.
const ASKED: u32 = 20;
/// Days over which the events spread.
const DAYS: u64 = 30;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const FEW: u64 = 100_000;
const MANY: u64 = 10_000_000;
/// Trials of the sketches.
const TRIALS: u64 = 200;

pub(super) fn measure(quick: bool) -> Result<Vec<Row>> {
    build::all(Mode::Release)?;
    let end = now()? / DAY_MS * DAY_MS;
    let many = if quick { MANY / 10 } else { MANY };
    let servers = [prepared(FEW, end)?, prepared(many, end)?];
    let rounds = if quick { QUICK_ROUNDS } else { ROUNDS };
    let mut rows = vec![Row::plain(
        "query_prepared_events",
        many as f64,
        "events, not over HTTP",
    )];
    let mut worst: Option<(f64, Vec<f64>)> = None;
    for (name, question) in questions(end) {
        shell::say("bench", &format!("asking for {name}"));
        let requests = servers.each_ref().map(|server| request(server, &question));
        let (mut times, mut ratios) = ([Vec::new(), Vec::new()], Vec::new());
        // The first round warms both up and does not count.
        for round in 0..=rounds {
            let mut one = [0.0; 2];
            let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for which in order {
                one[which] = asked(&servers[which], &requests[which])?;
            }
            if round > 0 {
                ratios.push(one[1] / one[0]);
                times
                    .iter_mut()
                    .zip(one)
                    .for_each(|(all, one)| all.push(one * 1e3));
            }
        }
        let ratio = Row::median(format!("query_{name}_10m_vs_100k"), &ratios, "ratio");
        // A funnel reads the visitors it looks at, and few events have few: it is shown, and is not the headline.
        if name != "funnel" && worst.as_ref().is_none_or(|(most, _)| ratio.value > *most) {
            worst = Some((ratio.value, ratios));
        }
        rows.push(ratio);
        rows.push(Row::median(format!("query_{name}_10m_ms"), &times[1], "ms"));
        rows.push(Row::median(format!("query_{name}_100k_ms"), &times[0], "ms"));
    }
    let worst = worst.map(|(_, ratios)| ratios).unwrap_or_default();
    rows.insert(
        0,
        Row::median("query_10m_vs_100k", &worst, "ratio, worst").at_most(1.2),
    );
    rows.push(uniques_error());
    rows.push(percentile_error());
    Ok(rows)
}

fn questions(end: u64) -> Vec<(&'static str, Value)> {
    let ask = |from: u64, mut fields: Value| {
        if let Some(fields) = fields.as_object_mut() {
            fields.extend([("from".into(), json!(from)), ("to".into(), json!(end))]);
        }
        fields
    };
    let from = end - DAYS * DAY_MS;
    let half = end - DAYS / 2 * DAY_MS;
    vec![
        ("series", ask(from, json!({"ask": "series", "interval": "hour"}))),
        (
            "breakdown",
            ask(from, json!({"ask": "breakdown", "by": "country"})),
        ),
        (
            "top",
            ask(from, json!({"ask": "top", "by": "path", "name": "page_view"})),
        ),
        ("percentile", ask(from, json!({"ask": "percentile", "of": "LCP"}))),
        ("uniques", ask(from, json!({"ask": "uniques", "interval": "day"}))),
        (
            "compare",
            json!({"ask": "compare", "question": ask(half, json!({"ask": "top", "by": "source"}))}),
        ),
        (
            "funnel",
            ask(
                end - DAY_MS,
                json!({"ask": "funnel", "steps": ["page_view", "cart_add", "purchase"]}),
            ),
        ),
    ]
}

/// A server whose one shard has rollups of that many events.
fn prepared(events: u64, end: u64) -> Result<Server> {
    shell::say("bench", &format!("counting {events} events into a storage"));
    let state = paths::work().join("bench").join(format!("query-{events}"));
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    let mut options = ServeOptions::new(&state);
    options.demo = true;
    options.shards = Some(1);
    let mut server = Server::start(&options)?;
    let request = Page::new(now()?, events).request("/v1/ingest", 1);
    Connection::open(port(&server)?)?.exchange(&request)?;
    server.stop()?;
    let file = shard_file(server.state())?;
    let mut counting = Command::new(paths::cargo());
    counting
        .current_dir(paths::root())
        .args([
            "run",
            "--quiet",
            "--package",
            "hearback-runtime-tests",
            "--bin",
            "fill_rollups",
            "--",
        ])
        .arg(file)
        .args([events, DAYS, end].map(|number| number.to_string()));
    shell::capture(&mut counting)?;
    server.restart()?;
    Ok(server)
}

fn port(server: &Server) -> Result<u16> {
    let url = server.url();
    let port = url.rsplit(':').next().context("a port")?;
    Ok(port.parse()?)
}

/// The one object's file; `metadata.sqlite` is the runtime's own.
fn shard_file(state: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(state.join("storage/hearback-shard"))? {
        let path = entry?.path();
        let is_sqlite = path.extension().is_some_and(|ending| ending == "sqlite");
        if is_sqlite && path.file_stem().is_some_and(|stem| stem != "metadata") {
            return Ok(path);
        }
    }
    bail!("the shard left no file")
}

fn request(server: &Server, question: &Value) -> Vec<u8> {
    let (token, body) = (server.token(), question.to_string());
    format!(
        "POST /api/v1/query HTTP/1.1\r\nhost: hearback.example\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Seconds a question takes.
fn asked(server: &Server, request: &[u8]) -> Result<f64> {
    let mut connection = Connection::open(port(server)?)?;
    let started = Instant::now();
    for _ in 0..ASKED {
        connection.exchange(request)?;
    }
    Ok(started.elapsed().as_secs_f64() / f64::from(ASKED))
}

/// What 95 of 100 trials are within: visitors of 100,000 and, in every other trial, of ten shards that overlap.
fn uniques_error() -> Row {
    let errors: Vec<f64> = (0..TRIALS)
        .map(|trial| {
            let count = 20_000 + trial * 1_000;
            let mut shards = vec![Visitors::default(); if trial % 2 == 0 { 1 } else { 10 }];
            let many = shards.len();
            for n in 0..count {
                let name = format!("visitor-{trial}-{n}");
                shards[usize::try_from(n).unwrap_or_default() % many].add(&name);
                shards[usize::try_from(n / 3).unwrap_or_default() % many].add(&name);
            }
            let mut sum = Visitors::default();
            for shard in &shards {
                sum.merge(shard);
            }
            (sum.estimate() as f64 / count as f64 - 1.0).abs()
        })
        .collect();
    p95("uniques_error", errors, 0.02)
}

/// The same of percentiles of loading times, as their logarithm is about normal.
fn percentile_error() -> Row {
    let mut state = 7_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    };
    let errors: Vec<f64> = (0..TRIALS)
        .map(|_| {
            let mut values: Vec<f64> = (0..5_000)
                .map(|_| (7.0 + (0..6).map(|_| random()).sum::<f64>() - 3.0).exp())
                .collect();
            let mut sketch = Quantiles::default();
            for value in &values {
                sketch.add(*value);
            }
            values.sort_by(f64::total_cmp);
            let error = |(quantile, rank): (f64, usize)| {
                let estimate = sketch.quantile(quantile).unwrap_or_default();
                (estimate / values[rank] - 1.0).abs()
            };
            [(0.5, 2_499), (0.75, 3_749), (0.95, 4_749), (0.99, 4_949)]
                .map(error)
                .into_iter()
                .fold(0.0, f64::max)
        })
        .collect();
    p95("percentile_error", errors, 0.01)
}

fn p95(name: &str, mut errors: Vec<f64>, goal: f64) -> Row {
    errors.sort_by(f64::total_cmp);
    let place = errors.len() * 95 / 100 - 1;
    Row {
        spread: errors
            .first()
            .zip(errors.last())
            .map(|(least, most)| [*least, *most]),
        ..Row::plain(name, errors[place], "of the count").at_most(goal)
    }
}

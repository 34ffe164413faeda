//! What a million events cost on Cloudflare: the collector is driven at a rate, what would be billed is counted while
//! it is, and the prices are applied to that.
#![expect(clippy::cast_precision_loss, reason = "counts of far fewer than 2^52")]

mod prices;
mod receiver;
mod traffic;
mod usage;

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use super::Row;
use super::load::Connection;
use super::proc::{Prepared, Server, Which};
use crate::build::{self, Mode};
use crate::shell;
use prices::{PRICES, USD_PER_GB_MONTH, bill};
use receiver::Receiver;
use traffic::{Rate, Traffic, busy_s, rate_and_median_ms};
use usage::{Look, Meter, Usage};

/// Dollars a million at 500 requests of 10 events a second.
const GOAL: f64 = 0.08;
/// A secret that signs deliveries to nobody.
const SINK_SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

/// A rate that is measured.
#[derive(Clone, Copy)]
struct Scenario {
    name: &'static str,
    rate: Rate,
    goal: Option<f64>,
}

const SCENARIOS: [Scenario; 5] = [
    scenario("at_10", 500, 10, Some(GOAL)),
    scenario("at_1", 500, 1, None),
    scenario("at_50", 500, 50, None),
    scenario("at_10_and_50_a_s", 50, 10, None),
    scenario("at_10_and_1_a_s", 1, 10, None),
];

const fn scenario(
    name: &'static str,
    requests_a_second: u32,
    events_a_request: usize,
    goal: Option<f64>,
) -> Scenario {
    Scenario {
        name,
        rate: Rate {
            requests_a_second,
            events_a_request,
        },
        goal,
    }
}

/// What a scenario came to.
struct Measured {
    scenario: Scenario,
    usage: Usage,
    /// Requests a second that were really sent.
    sent_a_second: f64,
    median_ms: f64,
}

pub(super) fn measure(quick: bool) -> Result<Vec<Row>> {
    build::for_bench(Mode::Release)?;
    // Long enough for several of all that comes now and then: a checkpoint about every ten seconds, a count of what a
    // few visitors did every minute.
    let (fast_s, slow_s) = if quick { (20, 60) } else { (60, 240) };
    let slow: Vec<_> = SCENARIOS[3..]
        .iter()
        .map(|scenario| {
            let scenario = *scenario;
            thread::spawn(move || run(scenario, slow_s))
        })
        .collect();
    let mut all = Vec::new();
    for scenario in &SCENARIOS[..3] {
        all.push(run(*scenario, fast_s)?);
    }
    for thread in slow {
        all.push(thread.join().map_err(|_| anyhow!("a scenario panicked"))??);
    }
    Ok(all.iter().flat_map(rows).collect())
}

fn run(scenario: Scenario, seconds: u64) -> Result<Measured> {
    let Rate {
        requests_a_second,
        events_a_request,
    } = scenario.rate;
    shell::say(
        "bench",
        &format!("{requests_a_second} requests of {events_a_request} events a second for {seconds} s"),
    );
    let receiver = Receiver::start()?;
    let settings = [
        ("SINK_URL", receiver.url()),
        ("SINK_SECRET", SINK_SECRET.to_owned()),
        ("DEV_LOOPBACK_SINKS", "1".to_owned()),
    ];
    let (server, _) = Prepared::with_settings(Which::Ours, &settings)?.start()?;
    let traffic = Traffic::start(server.port(), scenario.rate);
    // Until pages have come and gone, and the first deliveries went out.
    thread::sleep(Duration::from_secs(15));
    let before = look(&server, &receiver)?;
    let from = traffic.elapsed();
    thread::sleep(Duration::from_secs(seconds));
    let after = look(&server, &receiver)?;
    let to = traffic.elapsed();
    let spans = traffic.stop()?;
    let with_busy = |look: Look, end| Look {
        busy_s: busy_s(&spans, end),
        ..look
    };
    let usage = Usage::between(
        (&before.0, with_busy(before.1, from)),
        (&after.0, with_busy(after.1, to)),
        events_a_request as f64,
    )?;
    let (sent_a_second, median_ms) = rate_and_median_ms(&spans, from, to);
    Ok(Measured {
        scenario,
        usage,
        sent_a_second,
        median_ms,
    })
}

fn look(server: &Server, receiver: &Receiver) -> Result<(Meter, Look)> {
    let request = b"GET /bench/meter HTTP/1.1\r\nhost: hearback.example\r\n\r\n";
    let mut connection = Connection::open(server.port())?;
    let meter = serde_json::from_slice(connection.exchange(request)?).context("reading the meter")?;
    let look = Look {
        cpu_ms: server.cpu()?.as_secs_f64() * 1e3,
        deliveries: receiver.taken() as f64,
        busy_s: 0.0,
        stored_bytes: server.stored_bytes()? as f64,
    };
    Ok((meter, look))
}

fn rows(measured: &Measured) -> Vec<Row> {
    let Measured {
        scenario,
        usage,
        sent_a_second,
        median_ms,
    } = measured;
    let name = |what: &str| format!("{what}_{}", scenario.name).replace(' ', "_");
    let bill = bill(usage);
    let total = Row::plain(name("usd_per_million"), bill.iter().sum(), "USD");
    let mut rows = vec![
        scenario
            .goal
            .map_or(total.clone(), |goal| total.clone().at_most(goal)),
        Row::plain(name("sent"), *sent_a_second, "requests a s"),
        Row::plain(name("answer"), *median_ms, "ms, median"),
        Row::plain(
            name("requests_a_commit"),
            usage.worker_requests / usage.commits.max(1.0),
            "requests",
        ),
    ];
    for ((price, amount), usd) in PRICES.iter().zip(usage.amounts()).zip(bill) {
        rows.push(Row::plain(name(price.what), amount, "a million events"));
        rows.push(Row::plain(name(&format!("usd {}", price.what)), usd, "USD"));
    }
    let tables: BTreeSet<_> = usage.rows_by_table.keys().collect();
    rows.extend(tables.into_iter().map(|table| {
        let written = usage.rows_by_table[table];
        Row::plain(
            name(&format!("rows written {table}")),
            written,
            "a million events",
        )
    }));
    rows.push(Row::plain(name("stored"), usage.stored_gb, "GB a million"));
    rows.push(Row::plain(
        name("usd stored"),
        usage.stored_gb * USD_PER_GB_MONTH,
        "USD a month",
    ));
    rows
}

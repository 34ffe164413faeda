//! Fills the rollup tables of a shard's stopped storage as if many events had come: the lines of the log are made
//! here and counted by the collector's own code, step by step; only HTTP and the log itself are left out.
//!
//! `fill_rollups FILE EVENTS DAYS END`: the shard's SQLite file, how many events, over how many days before END
//! (milliseconds since 1970). Benchmarks call it.
#![allow(clippy::print_stdout, reason = "a tool speaks there")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::error::Error;
use std::fmt::Write;

use hearback_collector::objects::rollup_step::{Chosen, Counted, Step};
use hearback_collector::objects::rollup_tables as tables;
use hearback_shared::UnixMillis;
use hearback_shared::client::Client;
use hearback_shared::limits::VISITORS_PER_ROW;
use hearback_shared::rollup::{Rollup, Sample};
use hearback_shared::settings::ProjectSettings;
use rusqlite::{Connection, OptionalExtension, params};

/// Events counted in one step, about what 8 rows of the log hold.
const STEP: u64 = 8_000;
const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let mut next = || args.next().ok_or("FILE EVENTS DAYS END");
    let mut database = Connection::open(next()?)?;
    let (events, days, end): (u64, u64, UnixMillis) = (next()?.parse()?, next()?.parse()?, next()?.parse()?);
    let start = end - days * DAY_MS;
    let chosen = Chosen::of(&ProjectSettings::default());
    let mut random = Random(events | 1);
    let transaction = database.transaction()?;
    for table in tables::TABLES {
        transaction.execute(table, [])?;
    }
    let mut done = 0;
    while done < events {
        let count = STEP.min(events - done);
        let mut lines = String::new();
        for n in done..done + count {
            line(
                &mut lines,
                start + days * DAY_MS * n / events,
                events / days,
                &mut random,
            )?;
        }
        let counted = Counted::of(lines.lines(), &chosen, &client);
        let mut names = BTreeMap::new();
        for day in counted.days() {
            let mut of_day = transaction.prepare_cached(tables::NAMES)?;
            let of_day = of_day.query_map([day.cast_signed()], |row| row.get::<_, String>(0))?;
            names.insert(day, of_day.collect::<Result<BTreeSet<_>, _>>()?);
        }
        add(&transaction, &counted.step(names.into_iter().collect()))?;
        done += count;
    }
    transaction.commit()?;
    println!("{events} events");
    Ok(())
}

fn add(database: &Connection, step: &Step) -> Result<(), Box<dyn Error>> {
    for ((width, start, name), added) in &step.rollups {
        let key = params![width.as_str(), start.cast_signed(), name];
        let kept: Option<Vec<u8>> = database
            .prepare_cached(tables::READ)?
            .query_row(key, |row| row.get(0))
            .optional()?;
        let mut sum = kept.map_or_else(|| Ok(Rollup::default()), |bytes| Rollup::from_bytes(&bytes))?;
        sum.merge(added);
        let (count, bots) = (sum.count.cast_signed(), sum.bots.cast_signed());
        let row = params![
            width.as_str(),
            start.cast_signed(),
            name,
            count,
            bots,
            sum.to_bytes()
        ];
        database.prepare_cached(tables::WRITE)?.execute(row)?;
    }
    for ((day, part), added) in &step.visitors {
        let key = params![day.cast_signed(), part.cast_signed()];
        let kept: Option<Vec<u8>> = database
            .prepare_cached(tables::READ_VISITORS)?
            .query_row(key, |row| row.get(0))
            .optional()?;
        let mut sum = kept.map_or_else(
            || Ok(Sample::new(VISITORS_PER_ROW)),
            |bytes| Sample::from_bytes(&bytes),
        )?;
        sum.merge(added);
        let row = params![day.cast_signed(), part.cast_signed(), sum.to_bytes()];
        database.prepare_cached(tables::WRITE_VISITORS)?.execute(row)?;
    }
    Ok(())
}

/// The agents made here tell their client themselves.
fn client(agent: &str) -> Client {
    let mut parts = agent.split('/').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    Client {
        device: next(),
        browser: next(),
        os: next(),
    }
}

/// One event of a site with a hundred and fifty pages and three events to a visitor; frequent things are far more
/// frequent than rare ones.
fn line(to: &mut String, at: UnixMillis, a_day: u64, random: &mut Random) -> Result<(), std::fmt::Error> {
    let visitor = random.below(a_day.div_ceil(3));
    let (page, other) = (random.skewed(150), random.skewed(20));
    let (name, props) = match random.below(20) {
        0 => ("signup", String::new()),
        1 => ("purchase", format!(r#""plan":"plan{}""#, other % 4)),
        2..=4 => ("cart_add", String::new()),
        5..=8 => (
            "web_vital",
            format!(r#""LCP":{},"CLS":0.0{other}"#, 300 + random.skewed(6_000)),
        ),
        _ => ("page_view", String::new()),
    };
    let device = ["phone", "desktop", "tablet"]
        [usize::from(visitor.is_multiple_of(5)) + usize::from(visitor.is_multiple_of(11))];
    let flags = if random.below(40) == 0 {
        r#","flags":["bot:crawler"]"#
    } else {
        ""
    };
    writeln!(
        to,
        r#"{{"at":{at},"type":"event","name":"{name}","props":{{{props}}},"context":{{"url":"https://shop.example/item/{page}","release":"1.{other}","env":"prod"}},"edge":{{"country":"C{other}","agent":"{device}/Browser {}/System {}","visitor":"v{}-{visitor}","source":"source{other}"{flags}}}}}"#,
        visitor % 6,
        visitor % 5,
        at / DAY_MS,
    )
}

/// `SplitMix64` (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// Small numbers more often: the product of two even ones.
    fn skewed(&mut self, bound: u64) -> u64 {
        self.below(bound) * self.below(bound) / bound
    }
}

//! What a page pays for the widget, in real Chromium, in turns with an empty page and with what people use instead.
//!
//! `bench/page/` measures; here its raw numbers become figures.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::process::Stdio;

use anyhow::{Context, Result};

use super::{Row, middle};
use crate::build::{self, Mode, esbuild};
use crate::{browser, paths, tools};

const FOLDER: &str = "bench/page";
const CONTESTANTS: [&str; 4] = ["plausible", "posthog", "sentry", "pushfeedback"];
/// Resamplings of a bootstrap.
const RESAMPLED: u32 = 10_000;

/// Raw numbers, by what was measured.
type Found = BTreeMap<String, Vec<f64>>;

pub(super) fn measure(quick: bool) -> Result<Vec<Row>> {
    build::all(Mode::Release)?;
    let chrome = browser::chromium()?;
    tools::packages_of(FOLDER)?;
    let folder = paths::root().join(FOLDER);
    let bundles = paths::work().join("bench-page");
    for name in CONTESTANTS {
        let entry = folder.join(format!("contestants/{name}.js"));
        let options = ["--format=esm".to_owned()];
        esbuild::bundle(
            "bench",
            &entry,
            &bundles.join(format!("{name}.js")),
            esbuild::MODULE_TARGET,
            &options,
        )?;
    }
    let scripts = paths::root().join("target/bench-page");
    esbuild::scripts("bench", &[folder.join("main.ts")], &scripts)?;
    let output = tools::node()
        .arg(scripts.join("main.mjs"))
        .env("BENCH_BUNDLES", &bundles)
        .env("BENCH_QUICK", if quick { "1" } else { "" })
        .env("HEARBACK_XTASK", env::current_exe()?)
        .env("CHROME", &chrome)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("starting node")?;
    anyhow::ensure!(output.status.success(), "measuring ended with {}", output.status);
    let found: Found = serde_json::from_slice(&output.stdout).context("reading what was measured")?;
    fs::write(bundles.join("found.json"), &output.stdout)?;
    Ok(rows(&found))
}

fn rows(found: &Found) -> Vec<Row> {
    let of = |name: &str| found.get(name).map_or(&[][..], Vec::as_slice);
    let one = |name: &str| of(name).first().copied();
    let mut rows = Vec::new();
    let [empty, ours, plausible, posthog] =
        ["empty", "hearback", "plausible", "posthog"].map(|name| of_load(found, name));
    if !ours.is_empty() {
        let over = |theirs: &[f64]| pairs(&ours, theirs, |ours, theirs| ours - theirs);
        rows.push(upper("main_thread_ms_over_plausible", &over(&plausible)).at_most(1.5));
        let ratio =
            median(&over(&empty)) / median(&pairs(&posthog, &empty, |posthog, empty| posthog - empty));
        rows.push(Row::plain("main_thread_vs_posthog", ratio, "ratio of medians").at_most(0.1));
    }
    if let Some(most) = of("layout shift").iter().copied().reduce(f64::max) {
        rows.push(Row::plain("layout_shift", most, "CLS, most").at_most(0.0));
    }
    if !of("longest task 4x").is_empty() {
        rows.push(Row::median("longest_task_ms_4x", of("longest task 4x"), "ms").at_most(50.0));
    }
    for (name, measured, theirs, goal) in [
        ("open_panel_vs_sentry", "open", "sentry", 0.8),
        ("event_call_vs_posthog", "event", "posthog", 0.2),
    ] {
        let [ours, theirs] = ["hearback", theirs].map(|name| of(&format!("{measured} {name}")));
        if !ours.is_empty() {
            let ratios = pairs(ours, theirs, |ours, theirs| ours / theirs);
            rows.push(Row::median(name, &ratios, "ratio").at_most(goal));
        }
    }
    let counts = [
        ("session requests", "session_requests", Some(5.0)),
        ("closed lost", "closed_tab_lost", Some(0.0)),
        ("closed late", "closed_tab_late", None),
        ("session scripts", "session_scripts", None),
    ];
    for (measured, name, goal) in counts {
        let row = one(measured).map(|count| Row::plain(name, count, "count"));
        rows.extend(row.map(|row| match goal {
            Some(goal) => row.at_most(goal),
            None => row,
        }));
    }
    // What the figures were made of.
    for (name, values) in found {
        let is_time = ["load", "open", "event"]
            .iter()
            .any(|kind| name.starts_with(kind));
        if is_time {
            rows.push(Row::median(
                format!("{}_ms", name.replace(' ', "_")),
                values,
                "ms, CPU",
            ));
        }
    }
    rows
}

fn of_load(found: &Found, contestant: &str) -> Vec<f64> {
    found
        .get(&format!("load {contestant}"))
        .cloned()
        .unwrap_or_default()
}

/// What two rows of measurements say of each other, round by round.
fn pairs(ours: &[f64], theirs: &[f64], of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    ours.iter()
        .zip(theirs)
        .map(|(ours, theirs)| of(*ours, *theirs))
        .collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    middle(&sorted)
}

/// The upper end of the 95 % interval of the median, by bootstrap; the spread is the whole interval. A mean would be
/// that of the few rounds in which the machine did something else.
fn upper(name: &str, values: &[f64]) -> Row {
    let mut medians: Vec<f64> = (0..RESAMPLED)
        .map(|trial| median(&resampled(values, u64::from(trial))))
        .collect();
    medians.sort_by(f64::total_cmp);
    let at = |share: usize| medians[(medians.len() - 1) * share / 1000];
    let row = Row::plain(name, at(975), "ms, upper end of 95 %");
    Row {
        spread: Some([super::rounded(at(25)), super::rounded(at(975))]),
        ..row
    }
}

/// As many values, each drawn from all of them. The same each time, so that a figure follows from its raw numbers.
fn resampled(values: &[f64], trial: u64) -> Vec<f64> {
    let mut state = trial.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xd1b5_4a32_d192_ed03;
    let mut next = || {
        // xorshift64*, see Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled".
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    };
    let count = values.len() as u64;
    (0..count)
        .map(|_| values[usize::try_from((next() >> 33) % count).expect("an index of a slice")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_end_lies_above_the_median_and_within_the_values() {
        let values: Vec<f64> = (0..25).map(f64::from).collect();
        let row = upper("a", &values);
        assert!(row.value > 12.0 && row.value < 20.0, "{}", row.value);
        let [low, high] = row.spread.expect("an interval");
        assert!(low < 12.0 && low > 4.0 && (high - row.value).abs() < 1e-9);
    }

    #[test]
    fn what_does_not_vary_has_no_interval() {
        assert!((upper("a", &[1.25; 25]).value - 1.25).abs() < 1e-9);
    }

    #[test]
    fn a_page_that_pays_a_tenth_of_the_other_is_just_good_enough() {
        let found = Found::from([
            ("load empty".to_owned(), vec![10.0; 3]),
            ("load hearback".to_owned(), vec![12.0; 3]),
            ("load plausible".to_owned(), vec![11.0; 3]),
            ("load posthog".to_owned(), vec![30.0; 3]),
        ]);
        let rows = rows(&found);
        let value = |name: &str| rows.iter().find(|row| row.name == name).expect(name).value;
        assert!((value("main_thread_vs_posthog") - 0.1).abs() < 1e-9);
        assert!((value("main_thread_ms_over_plausible") - 1.0).abs() < 1e-9);
    }
}

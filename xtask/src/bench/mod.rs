//! `cargo xtask bench …`: what is measured, side by side with the plain JavaScript Worker in `bench/`, and what it
//! costs. Every number in the docs that is not a size comes from here.

mod batch;
mod cost;
mod ingest;
mod load;
mod page;
mod proc;
mod query;

use std::fmt::Write;

use anyhow::{Result, bail};
use serde::Serialize;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The write path, against the baseline.
    Ingest,
    /// Questions, over many events and few.
    Query,
    /// Dollars per million events.
    Cost,
    /// What a page pays, against what people use instead.
    Page,
}

/// How it is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BenchOptions {
    /// What.
    pub subject: Subject,
    /// For programs.
    pub json: bool,
    /// Fewer rounds: to try something, never to be quoted.
    pub quick: bool,
}

/// Which way a goal is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    AtMost,
    AtLeast,
}

/// One measured number, in the form of every measuring command of this project.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// The number; the median where something was repeated.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it should be at most, or at least where more is better.
    pub goal: Option<f64>,
    /// Lowest and highest, where something was repeated.
    pub spread: Option<[f64; 2]>,
    #[serde(skip)]
    side: Side,
}

impl Row {
    /// A number without a goal.
    pub fn plain(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value: rounded(value),
            unit,
            goal: None,
            spread: None,
            side: Side::AtMost,
        }
    }

    /// The median of repeated measurements with their spread, without a goal.
    pub fn median(name: impl Into<String>, values: &[f64], unit: &'static str) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let spread = sorted.first().zip(sorted.last());
        Self {
            spread: spread.map(|(low, high)| [rounded(*low), rounded(*high)]),
            ..Self::plain(name, middle(&sorted), unit)
        }
    }

    /// It should be that much at most.
    #[must_use]
    pub fn at_most(self, goal: f64) -> Self {
        Self {
            goal: Some(goal),
            ..self
        }
    }

    /// It should be that much at least.
    #[must_use]
    pub fn at_least(self, goal: f64) -> Self {
        Self {
            goal: Some(goal),
            side: Side::AtLeast,
            ..self
        }
    }

    fn is_missed(&self) -> bool {
        self.goal.is_some_and(|goal| match self.side {
            Side::AtMost => self.value > goal,
            Side::AtLeast => self.value < goal,
        })
    }
}

/// Middle of sorted numbers; 0 of none.
fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    match (sorted.len() % 2, sorted) {
        (_, []) => 0.0,
        (1, _) => sorted[half],
        _ => f64::midpoint(sorted[half - 1], sorted[half]),
    }
}

/// Four figures: more would pretend.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a handful of digits")]
    let digits = (3 - value.abs().log10().floor() as i32).clamp(0, 12);
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

/// Measures and prints; fails when a goal is missed.
pub fn run(options: BenchOptions) -> Result<()> {
    let rows = match options.subject {
        Subject::Ingest => ingest::measure(options.quick)?,
        Subject::Query => query::measure(options.quick)?,
        Subject::Cost => cost::measure(options.quick)?,
        Subject::Page => page::measure(options.quick)?,
    };
    if options.json {
        println!("{}", serde_json::to_string(&rows)?);
    } else {
        print!("{}", table(&rows));
    }
    let missed: Vec<_> = rows
        .iter()
        .filter(|row| row.is_missed())
        .map(|row| row.name.as_str())
        .collect();
    if !missed.is_empty() {
        bail!("missed its goal: {}", missed.join(", "));
    }
    Ok(())
}

fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let goal = row.goal.map_or_else(String::new, |goal| match row.side {
            Side::AtMost => format!("≤ {goal}"),
            Side::AtLeast => format!("≥ {goal}"),
        });
        let spread = row
            .spread
            .map_or_else(String::new, |[low, high]| format!("{low} – {high}"));
        let note = if row.is_missed() { "  missed" } else { "" };
        let Row {
            name, value, unit, ..
        } = row;
        writeln!(text, "{name:<44} {value:>10} {unit:<14} {goal:<8} {spread}{note}")
            .expect("writing to a String does not fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_the_agreed_fields() {
        let row = Row::median("a_vs_b", &[0.5, 0.41239, 0.6], "ratio").at_most(0.6);
        assert_eq!(
            serde_json::to_string(&row).expect("JSON"),
            r#"{"name":"a_vs_b","value":0.5,"unit":"ratio","goal":0.6,"spread":[0.4124,0.6]}"#
        );
    }

    #[test]
    fn a_goal_is_missed_on_its_own_side() {
        assert!(Row::plain("a", 0.61, "ratio").at_most(0.6).is_missed());
        assert!(!Row::plain("a", 0.6, "ratio").at_most(0.6).is_missed());
        assert!(Row::plain("a", 3.9, "ratio").at_least(4.0).is_missed());
        assert!(!Row::plain("a", 4.0, "ratio").is_missed());
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_the_middle_two() {
        assert!((Row::median("a", &[4.0, 1.0, 2.0, 3.0], "s").value - 2.5).abs() < 1e-9);
    }
}

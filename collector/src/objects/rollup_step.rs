//! Counts lines of the log: what one step of the shard adds to its rollups.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use hearback_shared::UnixMillis;
use hearback_shared::client::Client;
use hearback_shared::item::PropValue;
use hearback_shared::limits::{
    BREAKDOWN_VALUES, CHOSEN_PROPS, NAMES_PER_DAY, VISITOR_ROWS, VISITORS_PER_ROW,
};
use hearback_shared::query::Interval;
use hearback_shared::rollup::{OTHER, Rollup, Sample, WEB_VITALS, visitor_hash};
use hearback_shared::settings::ProjectSettings;
use litemap::LiteMap;
use serde::Deserialize;

use super::delivery::RowExtent;

/// How many values a breakdown may gather within one step before it is held to its bound.
const TRIM_EVERY: u64 = BREAKDOWN_VALUES as u64 * 20;

/// Bytes of lines that one step counts: each step rewrites the rows of all names it meets, so a few large ones cost
/// less than many small ones, and as many bytes pass through memory in a few copies.
const STEP_BYTES: usize = 4 * 1024 * 1024;

/// Position of the last item of the next step, given the rows that were not counted yet.
pub fn step_end(rows: &[RowExtent]) -> Option<u64> {
    let mut bytes = 0;
    let mut fits = |row: &&RowExtent| {
        bytes += row.bytes;
        bytes <= STEP_BYTES
    };
    let last = rows.iter().take_while(&mut fits).last().or(rows.first())?;
    Some(last.first + last.count - 1)
}

/// What a rollup needs of a stored item: the rest of the line is skipped.
#[derive(Deserialize)]
struct Line<'a> {
    at: UnixMillis,
    /// Only events have one.
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    props: LiteMap<Cow<'a, str>, PropValue>,
    #[serde(borrow)]
    context: LineContext<'a>,
    #[serde(borrow, default)]
    edge: LineEdge<'a>,
}

#[derive(Deserialize)]
struct LineContext<'a> {
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    release: Option<Cow<'a, str>>,
    #[serde(borrow)]
    env: Option<Cow<'a, str>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LineEdge<'a> {
    #[serde(borrow)]
    country: Option<Cow<'a, str>>,
    #[serde(borrow)]
    agent: Option<Cow<'a, str>>,
    #[serde(borrow)]
    visitor: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
    #[serde(borrow)]
    flags: Vec<Cow<'a, str>>,
}

/// What a project chose to have counted beside what always is.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Property, and the dimension it is.
    breakdowns: Vec<(String, String)>,
    percentiles: BTreeSet<String>,
}

impl Chosen {
    /// What the settings say, within its bounds.
    pub fn of(settings: &ProjectSettings) -> Self {
        let dimension = |name: &String| (name.clone(), format!("props.{name}"));
        let vitals = WEB_VITALS.map(str::to_owned);
        let percentiles = settings.percentiles.iter().take(CHOSEN_PROPS).cloned();
        Self {
            breakdowns: settings
                .breakdowns
                .iter()
                .take(CHOSEN_PROPS)
                .map(dimension)
                .collect(),
            percentiles: percentiles.chain(vitals).collect(),
        }
    }
}

/// The events of some lines, counted.
#[derive(Debug, Default)]
pub struct Counted {
    hours: BTreeMap<(UnixMillis, String), Rollup>,
    /// By day and the hash of the visitor: the first time of each name.
    visitors: BTreeMap<(UnixMillis, u64), BTreeMap<String, UnixMillis>>,
    lines: u64,
}

/// What is to be merged into the stored rows.
#[derive(Debug, Default)]
pub struct Step {
    /// By width, start and name.
    pub rollups: BTreeMap<(Interval, UnixMillis, String), Rollup>,
    /// By day and part of the visitors.
    pub visitors: BTreeMap<(UnixMillis, u64), Sample>,
}

impl Counted {
    /// Counts the events among these lines; feedback is not an event.
    pub fn of<'a>(
        lines: impl IntoIterator<Item = &'a str>,
        chosen: &Chosen,
        client: &impl Fn(&str) -> Client,
    ) -> Self {
        let mut counted = Self::default();
        for line in lines {
            if let Ok(line) = serde_json::from_str::<Line<'_>>(line) {
                counted.add(&line, chosen, client);
            }
        }
        counted.hours.values_mut().for_each(Rollup::trim);
        counted
    }

    fn add(&mut self, line: &Line<'_>, chosen: &Chosen, client: &impl Fn(&str) -> Client) {
        let Some(name) = line.name.as_deref() else { return };
        let key = (Interval::Hour.start(line.at), name.to_owned());
        let rollup = self.hours.entry(key).or_default();
        if line.edge.flags.iter().any(|flag| is_robot(flag)) {
            rollup.bots += 1;
            return;
        }
        rollup.count += 1;
        let client = line.edge.agent.as_deref().map(client).unwrap_or_default();
        for (dimension, value) in [
            ("path", line.context.url.as_deref().map(path)),
            ("source", line.edge.source.as_deref()),
            ("country", line.edge.country.as_deref()),
            ("device", Some(client.device.as_str())),
            ("browser", Some(client.browser.as_str())),
            ("os", Some(client.os.as_str())),
            ("release", line.context.release.as_deref()),
            ("env", line.context.env.as_deref()),
        ] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                rollup.count_value(dimension, value);
            }
        }
        for (property, dimension) in &chosen.breakdowns {
            match line.props.get(property.as_str()) {
                None | Some(PropValue::Null) => {}
                Some(PropValue::Bool(value)) => {
                    rollup.count_value(dimension, if *value { "true" } else { "false" });
                }
                Some(PropValue::Number(value)) => rollup.count_value(dimension, &value.to_string()),
                Some(PropValue::Text(value)) => rollup.count_value(dimension, value),
            }
        }
        for (property, value) in &line.props {
            if let PropValue::Number(value) = value
                && chosen.percentiles.contains(property.as_ref())
            {
                rollup.add_number(property, *value);
            }
        }
        if let Some(visitor) = line.edge.visitor.as_deref() {
            rollup.visitors.add(visitor);
            let day = Interval::Day.start(line.at);
            let firsts = self
                .visitors
                .entry((day, visitor_hash(visitor, day)))
                .or_default();
            match firsts.get_mut(name) {
                Some(first) => *first = line.at.min(*first),
                None => drop(firsts.insert(name.to_owned(), line.at)),
            }
        }
        self.lines += 1;
        if self.lines.is_multiple_of(TRIM_EVERY) {
            self.hours.values_mut().for_each(Rollup::trim);
        }
    }

    /// The days that have events.
    pub fn days(&self) -> BTreeSet<UnixMillis> {
        self.hours
            .keys()
            .map(|(hour, _)| Interval::Day.start(*hour))
            .collect()
    }

    /// What to add to the stored rows, given the names that have a row on each day: a further name gets one while there
    /// is room on its day, the most frequent first, and is counted as *other* else.
    pub fn step(self, mut names: LiteMap<UnixMillis, BTreeSet<String>>) -> Step {
        let mut new: BTreeMap<(UnixMillis, &str), u64> = BTreeMap::new();
        for ((hour, name), rollup) in &self.hours {
            let day = Interval::Day.start(*hour);
            if !names.get(&day).is_some_and(|known| known.contains(name)) {
                *new.entry((day, name)).or_default() += rollup.count + rollup.bots;
            }
        }
        let mut new: Vec<_> = new.into_iter().collect();
        new.sort_by(|(key_a, a), (key_b, b)| b.cmp(a).then_with(|| key_a.cmp(key_b)));
        for ((day, name), _) in new {
            let known = names.entry(day).or_default();
            if known.iter().filter(|name| *name != OTHER).count() < NAMES_PER_DAY {
                known.insert(name.to_owned());
            }
        }
        let has_row = |day, name: &String| names.get(&day).is_some_and(|known| known.contains(name));

        let mut step = Step::default();
        for ((hour, name), rollup) in self.hours {
            let day = Interval::Day.start(hour);
            let (name, rollup) = if has_row(day, &name) {
                (name, rollup)
            } else {
                (OTHER.to_owned(), rollup.as_other(&name))
            };
            step.add((Interval::Day, day, name.clone()), &rollup);
            step.add((Interval::Hour, hour, name), &rollup);
        }
        for ((day, hash), firsts) in self.visitors {
            let sample = step
                .visitors
                .entry((day, hash % VISITOR_ROWS))
                .or_insert_with(|| Sample::new(VISITORS_PER_ROW));
            for (name, at) in firsts.iter().filter(|(name, _)| has_row(day, name)) {
                sample.add(hash, name, *at);
            }
        }
        step.visitors.values_mut().for_each(Sample::trim);
        step.visitors.retain(|_, sample| !sample.is_empty());
        step
    }
}

impl Step {
    fn add(&mut self, key: (Interval, UnixMillis, String), rollup: &Rollup) {
        match self.rollups.get_mut(&key) {
            Some(sum) => sum.merge(rollup),
            None => drop(self.rollups.insert(key, rollup.clone())),
        }
    }
}

/// Robots that visit pages are counted apart. A program that sends events itself is one of the team's own: a server, a
/// native app, a shell around a web page.
fn is_robot(flag: &str) -> bool {
    flag.starts_with("bot:") && !matches!(flag, "bot:script" | "bot:embedded")
}

/// The path of an address.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |start| &rest[start..]);
    path.split(['?', '#']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests;

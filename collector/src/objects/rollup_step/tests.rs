//! Every question over rollups is answered as by counting the raw log: equal for counts, within its error for sketches.
//! The counter here knows nothing of rollups: it goes over the lines as JSON.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a failing test may say so by a panic, and its numbers are small"
)]

use std::collections::{BTreeMap, BTreeSet};

use hearback_shared::query::{Answer, Partial, Question, StoredRow};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const HOUR: UnixMillis = 3_600_000;
const DAY: UnixMillis = 24 * HOUR;
const BASE: UnixMillis = 20_000 * DAY;

/// A shard's rows as bytes in memory, fed step by step through the code that the shard runs.
#[derive(Default)]
struct Rows {
    rollups: BTreeMap<(Interval, UnixMillis, String), Vec<u8>>,
    visitors: BTreeMap<(UnixMillis, u64), Vec<u8>>,
}

fn settings() -> ProjectSettings {
    ProjectSettings {
        breakdowns: BTreeSet::from(["plan".to_owned()]),
        percentiles: BTreeSet::from(["price".to_owned()]),
        ..ProjectSettings::default()
    }
}

fn client(agent: &str) -> Client {
    Client {
        browser: agent.to_owned(),
        ..Client::default()
    }
}

impl Rows {
    fn take(&mut self, lines: &[String]) {
        let counted = Counted::of(
            lines.iter().map(String::as_str),
            &Chosen::of(&settings()),
            &client,
        );
        let names = |day: UnixMillis| {
            let of_day = self
                .rollups
                .keys()
                .filter(|(width, start, _)| (*width, *start) == (Interval::Day, day));
            (day, of_day.map(|(.., name)| name.clone()).collect())
        };
        let step = {
            let names = counted.days().into_iter().map(names).collect();
            counted.step(names)
        };
        for (key, added) in step.rollups {
            let mut sum = self
                .rollups
                .get(&key)
                .map_or_else(Rollup::default, |bytes| Rollup::from_bytes(bytes).unwrap());
            sum.merge(&added);
            self.rollups.insert(key, sum.to_bytes());
        }
        for (key, added) in step.visitors {
            let kept = self
                .visitors
                .get(&key)
                .map(|bytes| Sample::from_bytes(bytes).unwrap());
            let mut sum = kept.unwrap_or_else(|| Sample::new(VISITORS_PER_ROW));
            sum.merge(&added);
            self.visitors.insert(key, sum.to_bytes());
        }
    }

    fn partial(&self, question: &Question) -> Partial {
        let mut partial = Partial::default();
        for span in question.spans() {
            for ((width, start, name), body) in &self.rollups {
                let is_named = question.name().is_none_or(|wanted| wanted == name);
                if *width == span.width && (span.from..span.to).contains(start) && is_named {
                    let Rollup { count, bots, .. } = Rollup::from_bytes(body).unwrap();
                    let row = StoredRow {
                        start: *start,
                        name,
                        count,
                        bots,
                        body,
                    };
                    partial.add_row(question, row).unwrap();
                }
            }
        }
        if let Question::Funnel { range, steps } = question {
            for ((day, _), body) in &self.visitors {
                if (range.from..range.to).contains(day) {
                    partial.add_sample(steps, body).unwrap();
                }
            }
        }
        // As it travels.
        serde_json::from_str(&serde_json::to_string(&partial).unwrap()).unwrap()
    }
}

fn ask(shards: &[Rows], question: &Value) -> Value {
    let question = Question::parse(question, BASE + 5 * DAY).unwrap();
    let parts: Vec<Partial> = question
        .parts()
        .iter()
        .map(|part| {
            let mut sum = Partial::default();
            for shard in shards {
                sum.merge(&shard.partial(part));
            }
            sum
        })
        .collect();
    serde_json::to_value(Answer::of(&question, &parts)).unwrap()
}

/// One event of the log.
fn event() -> impl Strategy<Value = String> {
    let when = 0_u64..(3 * DAY);
    (
        when,
        "[a-e]",
        0_u32..40,
        0_u32..6,
        prop_oneof![Just(None), (1.0_f64..9_000.0).prop_map(Some)],
        0_u32..10,
    )
        .prop_map(|(at, name, visitor, page, number, dice)| {
            let (country, plan) = (
                ["DE", "FR"][(page % 2) as usize],
                ["free", "pro", "team"][(visitor % 3) as usize],
            );
            let mut line = json!({"id": "x", "at": BASE + at, "type": "event", "name": name,
                "context": {"url": format!("https://shop.example/p{page}?q=1"), "env": "prod"},
                "edge": {"country": country, "agent": format!("B{}", visitor % 3)},
                "props": {"plan": plan}});
            if dice > 1 {
                line["edge"]["visitor"] = json!(format!("v{visitor}"));
            }
            if dice == 9 {
                line["edge"]["flags"] = json!(["datacentre", "bot:crawler"]);
            }
            if dice == 8 {
                line["context"].as_object_mut().unwrap().remove("url");
            }
            if let Some(number) = number {
                line["props"]["LCP"] = json!(number);
                line["props"]["price"] = json!(-number);
            }
            line.to_string()
        })
}

/// The events of a time, without those of bots.
fn raw(lines: &[String], from: UnixMillis, to: UnixMillis) -> Vec<Value> {
    let lines = lines
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter(|line| (from..to).contains(&line["at"].as_u64().unwrap()))
        .filter(|line| !line["edge"]["flags"].to_string().contains("bot:crawler"))
        .collect()
}

fn by(events: &[Value], value: impl Fn(&Value) -> Option<String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for value in events.iter().filter_map(value) {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

fn counted(answer: &Value) -> BTreeMap<String, u64> {
    let of = |value: &Value| {
        assert_eq!(value["events"], value["at_most"], "few values are exact");
        (
            value["value"].as_str().unwrap().to_owned(),
            value["events"].as_u64().unwrap(),
        )
    };
    answer["values"].as_array().unwrap().iter().map(of).collect()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn raw_funnel(events: &[Value], steps: &[&str]) -> Vec<u64> {
    let mut firsts: BTreeMap<(u64, String), BTreeMap<String, u64>> = BTreeMap::new();
    for event in events {
        let Some(visitor) = text(&event["edge"]["visitor"]) else {
            continue;
        };
        let at = event["at"].as_u64().unwrap();
        let first = firsts
            .entry((at / DAY, visitor))
            .or_default()
            .entry(text(&event["name"]).unwrap())
            .or_insert(at);
        *first = at.min(*first);
    }
    let came = |firsts: &BTreeMap<String, u64>, steps: &[&str]| {
        let times: Option<Vec<u64>> = steps.iter().map(|step| firsts.get(*step).copied()).collect();
        times.is_some_and(|times| times.is_sorted())
    };
    (1..=steps.len())
        .map(|count| {
            firsts
                .values()
                .filter(|firsts| came(firsts, &steps[..count]))
                .count() as u64
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_question_is_answered_as_by_counting_the_raw_log(
        lines in proptest::collection::vec(event(), 1..250),
        cuts in proptest::collection::vec(1_usize..60, 1..6),
        from in 0_u64..60, hours in 1_u64..50,
    ) {
        // Two shards, each in steps of other sizes; a question that comes between two steps makes the next one first.
        let mut shards = [Rows::default(), Rows::default()];
        let (mut rest, mut cuts) = (lines.as_slice(), cuts.into_iter().cycle().enumerate());
        while let Some((step, cut)) = cuts.next().filter(|_| !rest.is_empty()) {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            shards[step % 2].take(now);
            rest = later;
        }
        let (from, to) = (BASE + from * HOUR, BASE + (from + hours) * HOUR);
        let events = raw(&lines, from, to);
        let of = |fields: Value| {
            let mut question = json!({"from": from, "to": to});
            question.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            ask(&shards, &question)
        };

        let series = of(json!({"ask": "series", "interval": "hour"}));
        for one in series["series"].as_array().unwrap() {
            let exact = by(&events, |event| (event["name"] == one["name"]).then(|| (event["at"].as_u64().unwrap() / HOUR).to_string()));
            for (point, count) in one["counts"].as_array().unwrap().iter().enumerate() {
                let hour = (from / HOUR + point as u64).to_string();
                prop_assert_eq!(count.as_u64().unwrap(), exact.get(&hour).copied().unwrap_or(0));
            }
        }
        let names: u64 = series["series"].as_array().unwrap().iter().map(|one| one["total"].as_u64().unwrap()).sum();
        prop_assert_eq!(names, events.len() as u64);
        let all = lines.iter().filter(|line| (from..to).contains(&serde_json::from_str::<Value>(line).unwrap()["at"].as_u64().unwrap())).count();
        prop_assert_eq!(series["bots"].as_u64().unwrap(), (all - events.len()) as u64);

        let path = |event: &Value| text(&event["context"]["url"]).map(|url| url["https://shop.example".len()..url.len() - 4].to_owned());
        let paths = of(json!({"ask": "breakdown", "by": "path"}));
        prop_assert_eq!(counted(&paths), by(&events, path));
        prop_assert_eq!(paths["events"].as_u64().unwrap(), events.len() as u64);
        prop_assert_eq!(paths["without"].as_u64().unwrap(), events.iter().filter(|event| path(event).is_none()).count() as u64);
        let named: Vec<Value> = events.iter().filter(|event| event["name"] == "b").cloned().collect();
        prop_assert_eq!(counted(&of(json!({"ask": "breakdown", "by": "country", "name": "b"}))), by(&named, |event| text(&event["edge"]["country"])));
        prop_assert_eq!(counted(&of(json!({"ask": "breakdown", "by": "browser"}))), by(&events, |event| text(&event["edge"]["agent"])));
        prop_assert_eq!(counted(&of(json!({"ask": "breakdown", "by": "props.plan"}))), by(&events, |event| text(&event["props"]["plan"])));
        prop_assert_eq!(counted(&of(json!({"ask": "breakdown", "by": "name"}))), by(&events, |event| text(&event["name"])));

        let top = of(json!({"ask": "top", "by": "path", "limit": 2}));
        let mut exact: Vec<(u64, String)> = by(&events, path).into_iter().map(|(path, count)| (count, path)).collect();
        exact.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let shown: Vec<(u64, String)> = top["values"].as_array().unwrap().iter().map(|value| (value["events"].as_u64().unwrap(), text(&value["value"]).unwrap())).collect();
        prop_assert_eq!(&shown[..], &exact[..exact.len().min(2)]);
        prop_assert_eq!(top["other"]["events"].as_u64().unwrap(), exact.iter().skip(2).map(|(count, _)| count).sum::<u64>());
        prop_assert_eq!(top["other"]["values"].as_u64().unwrap(), exact.len().saturating_sub(2) as u64);

        for property in ["LCP", "price"] {
            let mut numbers: Vec<f64> = events.iter().filter_map(|event| event["props"][property].as_f64()).collect();
            numbers.sort_by(f64::total_cmp);
            let answer = of(json!({"ask": "percentile", "of": property, "at": [0.0, 0.5, 0.75, 0.95, 1.0]}));
            prop_assert_eq!(answer["overall"]["samples"].as_u64().unwrap(), numbers.len() as u64);
            for value in answer["overall"]["values"].as_array().unwrap() {
                let exact = numbers[(value["at"].as_f64().unwrap() * (numbers.len() - 1) as f64) as usize];
                let error = (value["value"].as_f64().unwrap() - exact).abs() / exact.abs();
                prop_assert!(error <= 0.01, "{property} {value} for {exact}");
            }
        }

        let visitors = |events: &[Value]| by(events, |event| text(&event["edge"]["visitor"])).len() as u64;
        let uniques = of(json!({"ask": "uniques", "interval": "hour"}));
        prop_assert_eq!(uniques["visitors"].as_u64().unwrap(), visitors(&events));
        for point in uniques["points"].as_array().unwrap() {
            let start = point["from"].as_u64().unwrap();
            prop_assert_eq!(point["visitors"].as_u64().unwrap(), visitors(&raw(&lines, start.max(from), (start + HOUR).min(to))));
        }
        prop_assert_eq!(of(json!({"ask": "uniques", "name": "b"}))["visitors"].as_u64().unwrap(), visitors(&named));

        let steps = ["a", "b", "c"];
        let funnel = of(json!({"ask": "funnel", "steps": steps}));
        let days = raw(&lines, from / DAY * DAY, to.div_ceil(DAY) * DAY);
        let reached: Vec<u64> = funnel["steps"].as_array().unwrap().iter().map(|step| step["visitors"].as_u64().unwrap()).collect();
        prop_assert_eq!(reached, raw_funnel(&days, &steps));
        prop_assert_eq!(&funnel["exact"], &json!(true));

        let question = json!({"ask": "breakdown", "by": "env", "from": from, "to": to});
        let compared = ask(&shards, &json!({"ask": "compare", "question": question, "with": {"from": BASE, "to": from + HOUR}}));
        let before = raw(&lines, BASE, from + HOUR).len();
        prop_assert_eq!(compared["now"]["events"].as_u64().unwrap(), events.len() as u64);
        prop_assert_eq!(compared["before"]["events"].as_u64().unwrap(), before as u64);
        if before > 0 {
            let change = (events.len() as f64 - before as f64) / before as f64;
            prop_assert!((compared["change"].as_f64().unwrap() - change).abs() < 1e-9);
        }
    }
}

fn lines(events: impl IntoIterator<Item = Value>) -> Vec<String> {
    events.into_iter().map(|event| event.to_string()).collect()
}

#[test]
fn ten_thousand_names_fill_a_day_and_the_rest_is_other() {
    let mut rows = Rows::default();
    let event =
        |n: u32| json!({"at": BASE + u64::from(n), "name": format!("n{n}"), "context": {}, "edge": {}});
    rows.take(&lines((0..150).flat_map(|n| [event(n), event(n)])));
    rows.take(&lines((0..10_000).map(event)));
    assert_eq!(rows.rollups.len(), 2 * (NAMES_PER_DAY + 1));
    let answer = ask(
        &[rows],
        &json!({"ask": "breakdown", "by": "name", "from": BASE, "to": BASE + DAY}),
    );
    assert_eq!(answer["events"], 10_300);
    assert_eq!(
        answer["other"]["events"].as_u64().unwrap() + counted(&answer).values().sum::<u64>(),
        10_300
    );
    let other = answer["other"]["values"].as_u64().unwrap();
    assert!(
        (9_000..11_000).contains(&other),
        "{other} names in other, of 9900"
    );
}

#[test]
fn thousands_of_paths_keep_the_frequent_ones_and_say_what_is_in_other() {
    let mut rows = Rows::default();
    let event = |page: u64| json!({"at": BASE, "name": "v", "context": {"url": format!("https://a.example/{page}")}, "edge": {}});
    for step in 0..5_u64 {
        rows.take(&lines((0..4_000).map(|n| {
            event(if n % 4 == 0 {
                n % 16
            } else {
                100 + step * 4_000 + n
            })
        })));
    }
    let answer = ask(
        &[rows],
        &json!({"ask": "top", "by": "path", "limit": 4, "from": BASE, "to": BASE + HOUR}),
    );
    let top: BTreeSet<&str> = answer["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["value"].as_str().unwrap())
        .collect();
    assert_eq!(top, BTreeSet::from(["/0", "/4", "/8", "/12"]));
    for value in answer["values"].as_array().unwrap() {
        let bounds = value["events"].as_u64().unwrap()..=value["at_most"].as_u64().unwrap();
        assert!(bounds.contains(&1_250), "{bounds:?}");
    }
}

#[test]
fn many_visitors_make_a_funnel_an_estimate_that_says_so() {
    let mut shards = [Rows::default(), Rows::default()];
    let event = |n: u64, name: &str, at: u64| json!({"at": BASE + at, "name": name, "context": {}, "edge": {"visitor": format!("visitor-{n}")}});
    for part in 0..20_usize {
        let of = part as u64 * 3_000..(part as u64 + 1) * 3_000;
        shards[part % 2].take(&lines(of.clone().map(|n| event(n, "a", 1))));
        // The second step comes by the other shard.
        shards[(part + 1) % 2].take(&lines(of.filter(|n| n % 5 == 0).map(|n| event(n, "b", 2))));
    }
    let question = json!({"ask": "funnel", "steps": ["a", "b"], "from": BASE, "to": BASE + DAY});
    let answer = ask(&shards, &question);
    assert_eq!(answer["exact"], false);
    let reached = |step: usize| answer["steps"][step]["visitors"].as_f64().unwrap();
    assert!((reached(0) / 60_000.0 - 1.0).abs() < 0.03, "{answer}");
    assert!((reached(1) / 12_000.0 - 1.0).abs() < 0.06, "{answer}");
}

#[test]
fn a_step_takes_rows_by_their_bytes_and_one_at_least() {
    let row = |first, bytes| RowExtent {
        first,
        count: 10,
        bytes,
    };
    assert_eq!(step_end(&[]), None);
    assert_eq!(step_end(&[row(1, STEP_BYTES + 1), row(11, 1)]), Some(10));
    assert_eq!(
        step_end(&[row(1, STEP_BYTES / 2), row(11, STEP_BYTES / 2), row(21, 1)]),
        Some(20)
    );
}

#[test]
fn a_program_that_sends_events_itself_is_no_robot() {
    let flagged = [
        "bot:script",
        "bot:embedded",
        "datacentre",
        "bot:headless",
        "bot:monitor",
        "bot:crawler",
    ];
    assert_eq!(flagged.map(is_robot), [false, false, false, true, true, true]);
}

#[test]
fn a_path_is_what_follows_the_host() {
    for (url, expected) in [
        ("https://a.example/x/y?q#h", "/x/y"),
        ("https://a.example", "/"),
        ("https://a.example?q", "/"),
        ("/x", "/x"),
        ("", "/"),
    ] {
        assert_eq!(path(url), expected, "{url}");
    }
}

//! What can be asked, and which mistake is named.
#![allow(clippy::unwrap_used, reason = "a failing test may say so by a panic")]

use serde_json::{Value, json};

use super::question::Span;
use super::{BadQuestion, Interval, Question, Range};
use crate::UnixMillis;

const HOUR: UnixMillis = 3_600_000;
const DAY: UnixMillis = 24 * HOUR;
const NOW: UnixMillis = 20_000 * DAY + 5 * HOUR;

fn parse(question: &Value) -> Result<Question, BadQuestion> {
    Question::parse(question, NOW)
}

fn with(fields: &Value) -> Value {
    let mut question = json!({"from": NOW - 3 * HOUR, "to": NOW});
    question
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    question
}

#[test]
fn every_kind_is_read_and_written_alike() {
    for fields in [
        json!({"ask": "series", "interval": "hour", "name": "signup"}),
        json!({"ask": "breakdown", "by": "path"}),
        json!({"ask": "top", "by": "props.plan", "limit": 3}),
        json!({"ask": "percentile", "of": "LCP", "at": [0.75], "interval": "hour"}),
        json!({"ask": "uniques"}),
        json!({"ask": "funnel", "steps": ["a", "b"]}),
        json!({"ask": "compare", "question": with(&json!({"ask": "uniques"})), "with": {"from": 0, "to": NOW}}),
    ] {
        let body = if fields["ask"] == "compare" {
            fields
        } else {
            with(&fields)
        };
        let question = super::read::read(&body).unwrap_or_else(|bad| panic!("{body}: {bad:?}"));
        let again = serde_json::to_value(&question).unwrap();
        assert_eq!(serde_json::from_value::<Question>(again).unwrap(), question);
    }
}

#[test]
fn a_mistake_names_its_field() {
    let series = json!({"ask": "series", "interval": "hour"});
    for (question, field) in [
        (json!([]), "ask"),
        (json!({"ask": "everything", "from": 0, "to": 1}), "ask"),
        (json!({"ask": "uniques", "to": 1}), "from"),
        (json!({"ask": "uniques", "from": "yesterday", "to": 1}), "from"),
        (json!({"ask": "uniques", "from": 5, "to": 5}), "from"),
        (
            json!({"ask": "uniques", "from": 5, "to": 999_999_999_999_999_u64}),
            "to",
        ),
        (with(&json!({"ask": "uniques", "fom": 1})), "fom"),
        (with(&json!({"ask": "series"})), "interval"),
        (with(&json!({"ask": "series", "interval": "week"})), "interval"),
        (with(&json!({"ask": "uniques", "name": 7})), "name"),
        (with(&json!({"ask": "breakdown"})), "by"),
        (with(&json!({"ask": "breakdown", "by": "props."})), "by"),
        (with(&json!({"ask": "top", "by": "path", "limit": 0})), "limit"),
        (with(&json!({"ask": "percentile"})), "of"),
        (with(&json!({"ask": "percentile", "of": "LCP", "at": []})), "at"),
        (
            with(&json!({"ask": "percentile", "of": "LCP", "at": [0.5, 95]})),
            "at[1]",
        ),
        (with(&json!({"ask": "funnel", "steps": ["a"]})), "steps"),
        (
            with(&json!({"ask": "funnel", "steps": ["a", "b", "a"]})),
            "steps[2]",
        ),
        (json!({"ask": "compare"}), "question"),
        (
            json!({"ask": "compare", "question": {"ask": "uniques", "from": 0, "to": true}}),
            "question.to",
        ),
        (
            json!({"ask": "compare", "question": with(&series), "with": {"from": 3, "to": 3}}),
            "with.from",
        ),
        (
            json!({"ask": "compare", "question": {"ask": "compare", "question": with(&series)}}),
            "question.ask",
        ),
    ] {
        let bad = parse(&question).expect_err(&question.to_string());
        assert_eq!(bad.field, field, "{question}: {bad:?}");
    }
}

#[test]
fn a_question_of_too_much_says_so() {
    let ask = |fields: Value| parse(&fields).map_err(|bad| bad.field);
    let at = |from, to, fields: Value| {
        let mut question = json!({"from": from, "to": to});
        question
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        question
    };
    let midnight = NOW - 5 * HOUR;
    assert!(ask(at(midnight - 400 * DAY, midnight, json!({"ask": "uniques"}))).is_ok());
    assert_eq!(
        ask(at(midnight - 401 * DAY, midnight, json!({"ask": "uniques"}))),
        Err("from".into())
    );
    assert_eq!(
        ask(at(
            midnight - 400 * DAY + HOUR,
            midnight,
            json!({"ask": "uniques"})
        )),
        Err("from".into())
    );
    let funnel = json!({"ask": "funnel", "steps": ["a", "b"]});
    assert!(ask(at(midnight - 31 * DAY, midnight, funnel.clone())).is_ok());
    assert_eq!(ask(at(midnight - 32 * DAY, midnight, funnel)), Err("from".into()));
    let hours = json!({"ask": "series", "interval": "hour"});
    assert!(ask(at(midnight - 31 * DAY, midnight, hours.clone())).is_ok());
    assert_eq!(ask(at(midnight - 31 * DAY, NOW, hours)), Err("interval".into()));
    let hours = json!({"ask": "uniques", "interval": "hour"});
    assert_eq!(
        ask(at(midnight - 5 * DAY, midnight, hours)),
        Err("interval".into())
    );
}

#[test]
fn days_are_read_where_they_lie_whole_in_the_time() {
    let spans = |from, to| {
        let range = Range { from, to };
        Question::Uniques {
            range,
            interval: None,
            name: None,
        }
        .aligned()
        .spans()
    };
    let span = |width, from, to| Span { width, from, to };
    assert_eq!(spans(HOUR + 1, 2 * HOUR), [span(Interval::Hour, HOUR, 2 * HOUR)]);
    assert_eq!(spans(DAY, 3 * DAY), [span(Interval::Day, DAY, 3 * DAY)]);
    assert_eq!(
        spans(DAY - HOUR, 3 * DAY + HOUR),
        [
            span(Interval::Hour, DAY - HOUR, DAY),
            span(Interval::Day, DAY, 3 * DAY),
            span(Interval::Hour, 3 * DAY, 3 * DAY + HOUR)
        ]
    );
    assert_eq!(
        spans(DAY - HOUR, DAY + HOUR),
        [span(Interval::Hour, DAY - HOUR, DAY + HOUR)]
    );
}

#[test]
fn a_comparison_without_its_other_period_takes_the_one_before() {
    let body = json!({"ask": "compare", "question": {"ask": "series", "interval": "day", "from": NOW - 2 * DAY, "to": NOW}});
    let parts = parse(&body).unwrap().parts();
    assert_eq!(
        parts[0].range(),
        Range {
            from: 19_998 * DAY,
            to: 20_001 * DAY
        }
    );
    assert_eq!(
        parts[1].range(),
        Range {
            from: 19_995 * DAY,
            to: 19_998 * DAY
        }
    );
}

//! The read API's query parameters.

use hearback_shared::UnixMillis;
use hearback_shared::limits;
use hearback_shared::query::{Interval, Question, SeriesQuestion};
use serde::{Deserialize, Serialize};

use super::export::Format;
use super::json;
use super::problem::Problem;
use crate::objects::person::Person;

/// Which page of feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackQuestion {
    /// Rows at most.
    pub limit: u32,
    /// Only rows older than the one with this place in the order, as `next` gave it.
    pub before: Option<u64>,
    /// Only what is held back, or only the rest.
    pub quarantined: bool,
}

/// Rows of a page unless asked otherwise.
const DEFAULT_ROWS: u32 = 50;

/// A parameter of an address.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    get(query, name)
}

fn get(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// Reads `format` and at most one of `visitor`, `user` and `receipt`.
pub fn export(query: &str) -> Result<(Format, Option<Person>), Problem> {
    let format = match get(query, "format").as_deref() {
        None | Some("ndjson") => Format::Ndjson,
        Some("csv") => Format::Csv,
        Some(_) => {
            return Err(Problem::BadParameter {
                name: "format",
                expected: "ndjson or csv",
            });
        }
    };
    let mut named = [
        get(query, "visitor").map(Person::Visitor),
        get(query, "user").map(Person::User),
        get(query, "receipt").map(Person::Receipt),
    ]
    .into_iter()
    .flatten();
    let person = named.next();
    if named.next().is_some() {
        return Err(Problem::BadParameter {
            name: "visitor",
            expected: "alone: one of visitor, user and receipt",
        });
    }
    Ok((format, person))
}

/// The public key in a query, for bodies that have no place for it.
pub fn key(query: &str) -> Option<String> {
    get(query, "key")
}

/// Reads `limit` and `before`.
pub fn feedback(query: &str) -> Result<FeedbackQuestion, Problem> {
    let limit = get(query, "limit").map_or(Ok(DEFAULT_ROWS), |text| {
        text.parse::<u32>()
            .ok()
            .filter(|rows| (1..=limits::PAGE_ROWS).contains(rows))
            .ok_or(Problem::BadParameter {
                name: "limit",
                expected: "a number from 1 to 200",
            })
    })?;
    let before = get(query, "before")
        .map(|text| {
            text.parse().map_err(|_| Problem::BadParameter {
                name: "before",
                expected: "the `next` of an earlier answer",
            })
        })
        .transpose()?;
    let quarantined = match get(query, "state").as_deref() {
        None | Some("open") => false,
        Some("quarantined") => true,
        Some(_) => {
            return Err(Problem::BadParameter {
                name: "state",
                expected: "open or quarantined",
            });
        }
    };
    Ok(FeedbackQuestion {
        limit,
        before,
        quarantined,
    })
}

/// Reads `sink`.
pub fn sink(query: &str) -> Option<String> {
    get(query, "sink").filter(|name| !name.is_empty())
}

/// A time among the parameters.
fn time(query: &str, name: &'static str, default: UnixMillis) -> Result<UnixMillis, Problem> {
    get(query, name).map_or(Ok(default), |text| {
        let expected = "milliseconds since 1970, up to the year 9999";
        let parsed = text
            .parse::<UnixMillis>()
            .ok()
            .filter(|ms| *ms < 253_402_300_800_000);
        parsed.ok_or(Problem::BadParameter { name, expected })
    })
}

/// Reads `from` and `to`, rounded outwards to full hours; absent, they are the last seven days.
pub fn hours(query: &str, now: UnixMillis) -> Result<(UnixMillis, UnixMillis), Problem> {
    let to = time(query, "to", now)?;
    let from = time(query, "from", to.saturating_sub(7 * Interval::Day.width_ms()))?;
    if from >= to {
        return Err(Problem::BadParameter {
            name: "from",
            expected: "before `to`",
        });
    }
    let question = SeriesQuestion {
        from,
        to,
        interval: Interval::Hour,
    };
    let aligned = question.aligned();
    Ok((aligned.from, aligned.to))
}

/// Reads `from`, `to` and `interval`; absent, they are the last 24 hours by the hour.
pub fn series(query: &str, now: UnixMillis) -> Result<SeriesQuestion, Problem> {
    let to = time(query, "to", now)?;
    let from = time(query, "from", to.saturating_sub(Interval::Day.width_ms()))?;
    let interval = get(query, "interval").map_or(Some(Interval::Hour), |text| Interval::parse(&text));
    let interval = interval.ok_or(Problem::BadParameter {
        name: "interval",
        expected: "hour or day",
    })?;
    let question = SeriesQuestion { from, to, interval };
    if from >= to {
        return Err(Problem::BadParameter {
            name: "from",
            expected: "before `to`",
        });
    }
    if question.points() > limits::SERIES_POINTS {
        return Err(Problem::BadParameter {
            name: "interval",
            expected: "wide enough for at most 744 points",
        });
    }
    Ok(question)
}

/// Reads the body of `POST /api/v1/query`.
pub fn question(body: &[u8], now: UnixMillis) -> Result<Question, Problem> {
    let body = json::read(body)?;
    Question::parse(&body, now).map_err(|bad| Problem::BadQuestion {
        field: bad.field,
        expected: bad.expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = 1_795_000_000_000;

    #[test]
    fn without_parameters_a_question_is_what_one_would_expect() {
        assert_eq!(
            feedback(""),
            Ok(FeedbackQuestion {
                limit: 50,
                before: None,
                quarantined: false
            })
        );
        let question = series("", NOW).expect("a question");
        assert_eq!(
            (question.from, question.to, question.interval),
            (NOW - 86_400_000, NOW, Interval::Hour)
        );
    }

    #[test]
    fn the_ledger_is_asked_by_full_hours() {
        let hour = Interval::Hour.width_ms();
        assert_eq!(
            hours(&format!("from={}&to={}", hour + 1, 2 * hour + 1), NOW),
            Ok((hour, 3 * hour))
        );
        assert!(hours("from=5&to=5", NOW).is_err());
        let (from, to) = hours("", NOW).expect("seven days");
        assert!(from <= NOW - 7 * 86_400_000 && to >= NOW);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let name = |result: Result<(), Problem>| match result {
            Err(Problem::BadParameter { name, .. }) => name,
            other => panic!("{other:?}"),
        };
        assert_eq!(name(feedback("limit=0").map(|_| ())), "limit");
        assert_eq!(name(feedback("limit=201").map(|_| ())), "limit");
        assert_eq!(name(feedback("before=x").map(|_| ())), "before");
        assert_eq!(name(series("from=-1", NOW).map(|_| ())), "from");
        assert_eq!(name(series("from=5&to=5", NOW).map(|_| ())), "from");
        assert_eq!(name(series("interval=week", NOW).map(|_| ())), "interval");
        assert_eq!(name(series("from=0", NOW).map(|_| ())), "interval");
        assert_eq!(name(series("to=999999999999999999", NOW).map(|_| ())), "to");
    }

    #[test]
    fn a_question_that_cannot_be_answered_names_its_field() {
        let bad = |body: &str| question(body.as_bytes(), NOW).expect_err(body);
        assert!(matches!(bad("{"), Problem::BrokenJson { .. }));
        let Problem::BadQuestion { field, .. } = bad(r#"{"ask":"uniques","from":0}"#) else {
            panic!("a bad question")
        };
        assert_eq!(field, "to");
    }
}

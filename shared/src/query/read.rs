//! Reads a question from JSON by hand: an error then names the field that is wrong, which a derived decoder of a
//! tagged enumeration cannot.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value};

use super::Interval;
use super::question::{BadQuestion, Question, Range};
use crate::UnixMillis;
use crate::limits;
use crate::rollup::{DIMENSIONS, NAME, OTHER};

/// The first millisecond of the year 10000.
const LATEST: UnixMillis = 253_402_300_800_000;

/// Values of a `top` unless asked otherwise.
const TOP: u64 = 10;

const KINDS: &str = "series, breakdown, top, percentile, uniques, funnel or compare";

/// A JSON object whose fields are taken one by one; what is left in the end is unknown.
struct Fields(Map<String, Value>);

impl Question {
    /// Reads the question in a body, aligned to what rollups can tell.
    pub fn parse(body: &Value, now: UnixMillis) -> Result<Self, BadQuestion> {
        let question = read(body)?.aligned();
        question.check(now)?;
        Ok(question)
    }
}

/// One way of reading for the API and between objects: a derived one beside it would be the larger part of the code.
impl<'de> Deserialize<'de> for Question {
    fn deserialize<D: Deserializer<'de>>(decoder: D) -> Result<Self, D::Error> {
        let body = Value::deserialize(decoder)?;
        read(&body).map_err(|bad| D::Error::custom(format_args!("{}: {}", bad.field, bad.expected)))
    }
}

pub(super) fn read(body: &Value) -> Result<Question, BadQuestion> {
    let Value::Object(fields) = body else {
        return Err(BadQuestion::new("ask", format!("in a JSON object: {KINDS}")));
    };
    let mut fields = Fields(fields.clone());
    let ask = fields.text("ask", KINDS)?.unwrap_or_default();
    if ask == "compare" {
        return compare(fields);
    }
    let range = fields.range()?;
    let question = match ask.as_str() {
        "series" => Question::Series {
            range,
            interval: fields
                .interval()?
                .ok_or_else(|| BadQuestion::new("interval", "hour or day"))?,
            name: fields.name()?,
        },
        "breakdown" => Question::Breakdown {
            range,
            by: fields.dimension()?,
            name: fields.name()?,
        },
        "top" => Question::Top {
            range,
            by: fields.dimension()?,
            limit: fields.limit()?,
            name: fields.name()?,
        },
        "percentile" => Question::Percentile {
            range,
            of: fields
                .text("of", "a numeric property, such as LCP")?
                .ok_or_else(|| BadQuestion::new("of", "a numeric property, such as LCP"))?,
            at: fields.quantiles()?,
            interval: fields.interval()?,
            name: fields.name()?,
        },
        "uniques" => Question::Uniques {
            range,
            interval: fields.interval()?,
            name: fields.name()?,
        },
        "funnel" => Question::Funnel {
            range,
            steps: fields.steps()?,
        },
        _ => return Err(BadQuestion::new("ask", KINDS)),
    };
    fields.end()?;
    Ok(question)
}

fn compare(mut fields: Fields) -> Result<Question, BadQuestion> {
    let expected = "the question that is asked of both periods";
    let question = match fields.0.remove("question") {
        Some(question) => read(&question).map_err(|bad| bad.within("question"))?,
        None => return Err(BadQuestion::new("question", expected)),
    };
    if matches!(question, Question::Compare { .. }) {
        return Err(BadQuestion::new("question.ask", "another question than compare"));
    }
    let with = match fields.0.remove("with") {
        None => question.aligned().range().before(),
        Some(Value::Object(with)) => {
            let mut with = Fields(with);
            let range = with.range().map_err(|bad| bad.within("with"))?;
            with.end().map_err(|bad| bad.within("with"))?;
            range
        }
        Some(_) => {
            return Err(BadQuestion::new(
                "with",
                "an object with `from` and `to`, or absent",
            ));
        }
    };
    fields.end()?;
    Ok(Question::Compare {
        question: Box::new(question),
        with,
    })
}

impl Fields {
    fn text(&mut self, field: &str, expected: &str) -> Result<Option<String>, BadQuestion> {
        match self.0.remove(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(BadQuestion::new(field, expected)),
        }
    }

    fn time(&mut self, field: &str) -> Result<UnixMillis, BadQuestion> {
        let time = self.0.remove(field).and_then(|value| value.as_u64());
        time.filter(|time| *time < LATEST)
            .ok_or_else(|| BadQuestion::new(field, "milliseconds since 1970, up to the year 9999"))
    }

    fn range(&mut self) -> Result<Range, BadQuestion> {
        let (from, to) = (self.time("from")?, self.time("to")?);
        if from >= to {
            return Err(BadQuestion::new("from", "before `to`"));
        }
        Ok(Range { from, to })
    }

    fn interval(&mut self) -> Result<Option<Interval>, BadQuestion> {
        let bad = || BadQuestion::new("interval", "hour or day");
        self.text("interval", "hour or day")?
            .map(|text| Interval::parse(&text).ok_or_else(bad))
            .transpose()
    }

    fn name(&mut self) -> Result<Option<String>, BadQuestion> {
        self.text("name", "an event's name, or absent")
    }

    fn dimension(&mut self) -> Result<String, BadQuestion> {
        let expected = || format!("{}, {NAME} or props.<name>", DIMENSIONS.join(", "));
        self.text("by", &expected())?
            .filter(|by| {
                let property = by.strip_prefix("props.");
                by == NAME
                    || DIMENSIONS.contains(&by.as_str())
                    || property.is_some_and(|name| !name.is_empty())
            })
            .ok_or_else(|| BadQuestion::new("by", expected()))
    }

    fn limit(&mut self) -> Result<usize, BadQuestion> {
        let expected = || format!("a number from 1 to {}", limits::BREAKDOWN_VALUES);
        let limit = self.0.remove("limit").map_or(Some(TOP), |value| value.as_u64());
        limit
            .and_then(|limit| usize::try_from(limit).ok())
            .filter(|limit| (1..=limits::BREAKDOWN_VALUES).contains(limit))
            .ok_or_else(|| BadQuestion::new("limit", expected()))
    }

    fn quantiles(&mut self) -> Result<Vec<f64>, BadQuestion> {
        let expected = || format!("1 to {} numbers from 0 to 1", limits::PERCENTILES);
        let Some(value) = self.0.remove("at") else {
            return Ok(vec![0.5, 0.75, 0.95]);
        };
        let list = value
            .as_array()
            .filter(|list| (1..=limits::PERCENTILES).contains(&list.len()));
        let list = list.ok_or_else(|| BadQuestion::new("at", expected()))?;
        let number = |(place, value): (usize, &Value)| {
            let number = value.as_f64().filter(|number| (0.0..=1.0).contains(number));
            number.ok_or_else(|| BadQuestion::new(format!("at[{place}]"), "a number from 0 to 1"))
        };
        list.iter().enumerate().map(number).collect()
    }

    fn steps(&mut self) -> Result<Vec<String>, BadQuestion> {
        let expected = || format!("2 to {} event names, in order", limits::FUNNEL_STEPS);
        let Some(Value::Array(list)) = self.0.remove("steps") else {
            return Err(BadQuestion::new("steps", expected()));
        };
        if !(2..=limits::FUNNEL_STEPS).contains(&list.len()) {
            return Err(BadQuestion::new("steps", expected()));
        }
        let mut steps: Vec<String> = Vec::new();
        for (place, step) in list.into_iter().enumerate() {
            match step {
                Value::String(name) if name != OTHER && !steps.contains(&name) => steps.push(name),
                _ => {
                    let field = format!("steps[{place}]");
                    return Err(BadQuestion::new(field, "an event's name that is no earlier step"));
                }
            }
        }
        Ok(steps)
    }

    fn end(&self) -> Result<(), BadQuestion> {
        self.0.keys().next().map_or(Ok(()), |field| {
            Err(BadQuestion::new(field, "absent: this question has no such field"))
        })
    }
}

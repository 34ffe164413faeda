//! What can be asked of a project's events, and which rollups hold the answer.

use serde::{Deserialize, Serialize};

use super::Interval;
use crate::UnixMillis;
use crate::limits;
use crate::rollup::NAME;

/// A question cannot be answered as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadQuestion {
    /// The field that is wrong, such as `steps[2]` or `question.from`.
    pub field: String,
    /// What it has to be.
    pub expected: String,
}

impl BadQuestion {
    pub(super) fn new(field: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            expected: expected.into(),
        }
    }

    /// The same mistake in a part of the question.
    pub(super) fn within(self, part: &str) -> Self {
        Self {
            field: format!("{part}.{}", self.field),
            ..self
        }
    }
}

/// A time range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Start, inclusive.
    pub from: UnixMillis,
    /// End, exclusive.
    pub to: UnixMillis,
}

impl Range {
    /// Widened to full intervals.
    #[must_use]
    pub fn aligned(self, interval: Interval) -> Self {
        let width = interval.width_ms();
        Self {
            from: interval.start(self.from),
            to: self.to.div_ceil(width).saturating_mul(width),
        }
    }

    /// The range of the same length that ends where this one begins.
    #[must_use]
    pub fn before(self) -> Self {
        Self {
            from: self.from.saturating_sub(self.to - self.from),
            to: self.from,
        }
    }

    /// How many intervals it touches.
    pub fn points(self, interval: Interval) -> u64 {
        let aligned = self.aligned(interval);
        aligned.to.saturating_sub(aligned.from) / interval.width_ms()
    }
}

/// `POST /api/v1/query`
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "ask", rename_all = "lowercase")]
pub enum Question {
    /// Events by name and interval.
    Series {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// Width of a point.
        interval: Interval,
        /// Only events of this name.
        name: Option<String>,
    },
    /// Events by the values of a dimension.
    Breakdown {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// The dimension: one of [`crate::rollup::DIMENSIONS`], `props.<name>`, or `name`.
        by: String,
        /// Only events of this name.
        name: Option<String>,
    },
    /// The most frequent values of a dimension.
    Top {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// The dimension, as in a breakdown.
        by: String,
        /// How many values at most.
        limit: usize,
        /// Only events of this name.
        name: Option<String>,
    },
    /// Percentiles of a numeric property.
    Percentile {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// The property.
        of: String,
        /// Which percentiles, from 0 to 1.
        at: Vec<f64>,
        /// Width of a point, for a series.
        interval: Option<Interval>,
        /// Only events of this name.
        name: Option<String>,
    },
    /// How many visitors there were.
    Uniques {
        /// When.
        #[serde(flatten)]
        range: Range,
        /// Width of a point, for a series.
        interval: Option<Interval>,
        /// Only visitors with an event of this name.
        name: Option<String>,
    },
    /// How many visitors went from step to step.
    Funnel {
        /// When; whole days.
        #[serde(flatten)]
        range: Range,
        /// Event names, in order.
        steps: Vec<String>,
    },
    /// The same question of two periods.
    Compare {
        /// The question, and the later period.
        question: Box<Question>,
        /// The earlier period.
        with: Range,
    },
}

/// A run of rollups of one width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Their width.
    pub width: Interval,
    /// Start of the first.
    pub from: UnixMillis,
    /// End of the last.
    pub to: UnixMillis,
}

/// What of the stored rows an answer needs beside their counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// Nothing.
    None,
    /// The body of [`crate::rollup::OTHER`].
    Other,
    /// All.
    All,
}

impl Question {
    /// What is asked of the shards: a comparison is two questions.
    pub fn parts(&self) -> Vec<Self> {
        match self {
            Self::Compare { question, with } => vec![(**question).clone(), question.moved(*with)],
            simple => vec![simple.clone()],
        }
    }

    /// When.
    pub fn range(&self) -> Range {
        match self {
            Self::Series { range, .. }
            | Self::Breakdown { range, .. }
            | Self::Top { range, .. }
            | Self::Percentile { range, .. }
            | Self::Uniques { range, .. }
            | Self::Funnel { range, .. } => *range,
            Self::Compare { question, .. } => question.range(),
        }
    }

    /// The same of another time.
    #[must_use]
    pub fn moved(&self, to: Range) -> Self {
        let mut moved = self.clone();
        match &mut moved {
            Self::Series { range, .. }
            | Self::Breakdown { range, .. }
            | Self::Top { range, .. }
            | Self::Percentile { range, .. }
            | Self::Uniques { range, .. }
            | Self::Funnel { range, .. } => *range = to,
            Self::Compare { question, .. } => **question = question.moved(to),
        }
        moved
    }

    /// Width of a point, where a series is asked for.
    pub fn interval(&self) -> Option<Interval> {
        match self {
            Self::Series { interval, .. } => Some(*interval),
            Self::Percentile { interval, .. } | Self::Uniques { interval, .. } => *interval,
            Self::Compare { question, .. } => question.interval(),
            Self::Breakdown { .. } | Self::Top { .. } | Self::Funnel { .. } => None,
        }
    }

    /// The event name it is limited to.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Series { name, .. }
            | Self::Breakdown { name, .. }
            | Self::Top { name, .. }
            | Self::Percentile { name, .. }
            | Self::Uniques { name, .. } => name.as_deref(),
            Self::Compare { question, .. } => question.name(),
            Self::Funnel { .. } => None,
        }
    }

    /// With its time widened to what rollups can tell: full points, else full hours; days for a funnel.
    #[must_use]
    pub fn aligned(&self) -> Self {
        let width = match self {
            Self::Funnel { .. } => Interval::Day,
            other => other.interval().unwrap_or(Interval::Hour),
        };
        match self {
            Self::Compare { question, with } => {
                let question = question.aligned();
                let width = if matches!(question, Self::Funnel { .. }) {
                    Interval::Day
                } else {
                    width
                };
                Self::Compare {
                    question: Box::new(question),
                    with: with.aligned(width),
                }
            }
            simple => simple.moved(simple.range().aligned(width)),
        }
    }

    /// The rollups to read for an aligned question: days where they lie whole in its time, hours at its ends.
    pub fn spans(&self) -> Vec<Span> {
        let Range { from, to } = self.range();
        if let Self::Funnel { .. } | Self::Compare { .. } = self {
            return Vec::new();
        }
        let span = |width, from, to| Span { width, from, to };
        let day = Interval::Day.width_ms();
        let (first_day, last_day) = (from.next_multiple_of(day), Interval::Day.start(to));
        if self.interval() == Some(Interval::Hour) || first_day >= last_day {
            return vec![span(Interval::Hour, from, to)];
        }
        let mut spans = vec![
            span(Interval::Hour, from, first_day),
            span(Interval::Day, first_day, last_day),
            span(Interval::Hour, last_day, to),
        ];
        spans.retain(|span| span.from < span.to);
        spans
    }

    /// What it needs of each row.
    pub fn bodies(&self) -> Bodies {
        match self {
            Self::Series { .. } => Bodies::None,
            Self::Breakdown { by, .. } | Self::Top { by, .. } if by == NAME => Bodies::Other,
            _ => Bodies::All,
        }
    }

    /// Whether its time can be answered at `now`, once aligned.
    pub fn check(&self, now: UnixMillis) -> Result<(), BadQuestion> {
        if let Self::Compare { question, with } = self {
            question.check(now).map_err(|bad| bad.within("question"))?;
            return question.moved(*with).check(now).map_err(|bad| bad.within("with"));
        }
        let range = self.range();
        let days = range.points(Interval::Day);
        let is_funnel = matches!(self, Self::Funnel { .. });
        let most = if is_funnel {
            limits::FUNNEL_DAYS
        } else {
            limits::QUERY_DAYS
        };
        // A time that begins within a day touches one day more than it is long.
        if days > most + 1 || (range.to - range.from).div_ceil(Interval::Day.width_ms()) > most {
            return Err(BadQuestion::new(
                "from",
                format!("at most {most} days before `to`"),
            ));
        }
        if let Some(interval) = self.interval() {
            let most = match self {
                Self::Series { .. } => limits::SERIES_POINTS,
                _ => limits::SKETCH_POINTS,
            };
            if range.points(interval) > most {
                let expected = format!("wide enough for at most {most} points");
                return Err(BadQuestion::new("interval", expected));
            }
        }
        let kept =
            Interval::Day.start(now.saturating_sub(limits::HOUR_ROLLUP_DAYS * Interval::Day.width_ms()));
        if self
            .spans()
            .iter()
            .any(|span| span.width == Interval::Hour && span.from < kept)
        {
            let expected = format!(
                "midnight UTC, as `to`, without `interval` or with `day`: hours are kept for {} days",
                limits::HOUR_ROLLUP_DAYS
            );
            return Err(BadQuestion::new("from", expected));
        }
        Ok(())
    }
}

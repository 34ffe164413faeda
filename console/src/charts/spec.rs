//! What the chart library is given, as JSON.

use serde::Serialize;

/// How counts are drawn. All start at zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// One bar a point.
    Bars,
    /// One bar a point, made of its series from the bottom up.
    Stack,
    /// One line a series, labelled at its end where there is room.
    Lines,
}

/// One series of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpecSeries {
    /// What it counts.
    pub label: String,
    /// One count a point.
    pub counts: Vec<u64>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spec {
    /// How it is drawn.
    pub form: Form,
    /// Each point's label on the axis. Where some are empty, only the others are named.
    pub ticks: Vec<String>,
    /// Each point's name where it is pointed at.
    pub points: Vec<String>,
    /// The point that is not over yet: drawn lighter or dashed.
    pub unfinished: Option<usize>,
    /// The series, in the order of their colours.
    pub series: Vec<SpecSeries>,
    /// The one that stands out, chosen in the legend.
    pub chosen: Option<usize>,
}

//! Pictures of counts over time, and the table behind each.
//!
//! `plan` decides what is drawn, from an answer; `browser::chart` draws it with the one kept chart library.

mod labels;
mod plan;
mod received;
mod spec;

pub use labels::{Labels, labels, labels_of_days};
pub use plan::{Line, Plan, plan, shown_name};
pub use received::{Received, received};
pub use spec::{Form, Spec, SpecSeries};

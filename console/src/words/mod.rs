//! How numbers, moments, addresses, sums and long texts are written. Pure, so that every form has a test.

mod address;
mod balance;
mod count;
mod date;
mod fold;
mod item;
mod refusal;
mod sink;

pub use address::{PageAddress, mailto, page_address};
pub use balance::{Equation, Term, at_sink, missing_at_sink, received, sentence, verdict};
pub use count::{arrived, counted, grouped, pieces};
pub use date::{Moment, ago, iso};
pub use fold::fold;
pub use item::indented;
pub use refusal::{Apart, Refusal, apart, lost, marked, refusal};
pub use sink::{Health, health, kind, legible, replay_outcome, said};

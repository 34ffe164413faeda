//! How numbers, moments, addresses and long texts are written. Pure, so that every form has a test.

mod address;
mod count;
mod date;
mod fold;

pub use address::{PageAddress, mailto, page_address};
pub use count::{arrived, counted, grouped, pieces};
pub use date::{Moment, ago, iso};
pub use fold::fold;

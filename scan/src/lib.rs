//! The innermost loops of a batch's way: over the bytes of its events, and over texts that were looked at before.
//!
//! A crate of its own, because a crate is what a build can make fast or small: the collector is built for size, and this
//! for speed (`xtask/src/build/collector.rs`). What the events mean is for `hearback-shared` to say.

mod crc;
mod cursor;
mod item;
mod number;
mod seen;
mod text;

pub use crc::crc32;
pub use cursor::{Cursor, Text};
pub use item::{Limits, PlainEvent, Prop, plain_event};
pub use number::push_number;
pub use seen::Seen;

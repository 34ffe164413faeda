//! Hearback's one vocabulary, compiled into the page, the edge, the console and the tools.
//!
//! Everything here is a value or a pure function: no I/O, no clock, no randomness and no platform crate.
//! What time it is, and what is random, comes in as an argument.

pub mod client;
pub mod codec;
pub mod delivery;
pub mod enrich;
pub mod guard;
pub mod interval_set;
pub mod item;
mod item_line;
pub mod ledger;
pub mod limits;
pub mod message_id;
mod object;
pub mod producer;
pub mod project;
pub mod props;
pub mod query;
pub mod redact;
pub mod rejection;
pub mod rollup;
pub mod scan;
pub mod settings;
pub mod validate;
pub mod window;
pub mod window_leaf;
pub mod wire;

/// Milliseconds since 1970-01-01T00:00:00Z, as `Date.now()` gives them.
pub type UnixMillis = u64;

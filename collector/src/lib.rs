//! The collector: what answers at the edge.
//!
//! Pure parts first (`config`, `signing`, `ingest`, `http`, `objects`, `sinks`): values in, values out. Only
//! `platform` knows of Workers, Durable Objects and the clock; it loads, calls the pure part, and writes.

pub mod agent;
pub mod attachments;
pub mod config;
pub mod gzip;
pub mod http;
pub mod identity;
pub mod ingest;
pub mod objects;
#[cfg(feature = "platform")]
mod platform;
pub mod sender;
pub mod signing;
pub mod sinks;

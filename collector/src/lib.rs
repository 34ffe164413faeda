//! The collector: what answers at the edge.
//!
//! Pure parts first (`config`, `signing`, `ingest`, `http`, `objects`, `sinks`): values in, values out. Only
//! `platform` knows of Workers, Durable Objects and the clock; it loads, calls the pure part, and writes.

pub mod config;
pub mod signing;

//! The only place that knows of Workers, Durable Objects, the clock and chance. It reads what is needed once, calls
//! the pure parts, and writes what they answer.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    unreachable_pub,
    missing_docs,
    reason = "this is the one room for the platform's names, and its macros export undocumented items"
)]

mod apart;
mod append;
mod asset;
mod attachments;
#[cfg(feature = "bench")]
mod bench;
mod body;
mod bound;
mod clock;
mod deliver;
mod edge_view;
mod entry;
mod export;
mod fates;
mod faults;
mod forms;
mod guard;
mod live;
mod manage;
mod meter;
mod outgoing;
mod pages;
mod postgres;
mod project_attachments;
mod project_object;
mod project_settings;
mod push;
mod raise;
mod random;
mod read;
mod send;
mod sender;
mod settings;
mod shard_alarm;
mod shard_deliveries;
mod shard_group;
mod shard_ledger;
mod shard_memory;
mod shard_messages;
mod shard_object;
mod shard_outbox;
mod shard_person;
mod shard_retention;
mod shard_rollup;
mod shard_sink_state;
mod shard_sinks;
mod shard_split;
mod shard_store;
mod shard_windows;
mod sinks;
mod sleep;
mod store;
mod stubs;
mod sweep;

use worker::{Headers, Response, ResponseBuilder};

use crate::http::reply::Reply;

/// An answer as the runtime's own.
fn respond(reply: Reply) -> worker::Result<Response> {
    let headers = Headers::new();
    for (name, value) in &reply.headers {
        headers.set(name, value)?;
    }
    let builder = ResponseBuilder::new()
        .with_status(reply.status)
        .with_headers(headers);
    Ok(if reply.body.is_empty() {
        builder.empty()
    } else {
        builder.fixed(reply.body.into_bytes())
    })
}

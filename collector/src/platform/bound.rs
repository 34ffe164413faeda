//! Sinks that are bound to the Worker: an R2 bucket and a Cloudflare queue.

use worker::{Env, HttpMetadata, MessageBuilder, QueueContentType, Result};

use crate::objects::delivery::Verdict;
use crate::sinks::postgres::Server;
use crate::sinks::{OBJECT_TYPE, Parcel, PostgresSink, Sink, SinkKind, queue};

/// Whether the binding that a sink names is there; a sink that names none needs none.
pub(super) fn is_bound(env: &Env, sink: &Sink) -> bool {
    match &sink.kind {
        SinkKind::R2 { binding } => env.bucket(binding).is_ok(),
        SinkKind::Queue { binding } => env.queue(binding).is_ok(),
        SinkKind::Postgres(PostgresSink {
            server: Server::Hyperdrive { binding },
            ..
        }) => env.hyperdrive(binding).is_ok(),
        _ => true,
    }
}

/// Puts a delivery into a bucket as one object.
pub(super) async fn store(env: &Env, binding: &str, parcel: &Parcel) -> Result<(Verdict, String)> {
    let about = HttpMetadata {
        content_type: Some(OBJECT_TYPE.to_owned()),
        ..HttpMetadata::default()
    };
    let bucket = env.bucket(binding)?;
    let put = bucket
        .put(parcel.object_name(), parcel.gzipped())
        .http_metadata(about)
        .execute();
    Ok(match put.await {
        Ok(_) => (Verdict::Delivered, "stored".to_owned()),
        Err(_) => (Verdict::Failed, "the bucket did not take it".to_owned()),
    })
}

/// Sends each item of a delivery as a message of its own.
pub(super) async fn queue(env: &Env, binding: &str, parcel: &Parcel) -> Result<(Verdict, String)> {
    let queue = env.queue(binding)?;
    let Some(batches) = queue::batches(&parcel.body) else {
        return Ok((
            Verdict::Poison,
            "an item is larger than a message of a queue can be, 128 KB".to_owned(),
        ));
    };
    for lines in batches {
        let messages = lines.into_iter().map(|line| {
            MessageBuilder::new(line.to_owned())
                .content_type(QueueContentType::Text)
                .build()
        });
        if queue.send_batch(messages).await.is_err() {
            return Ok((Verdict::Failed, "the queue did not take it".to_owned()));
        }
    }
    Ok((Verdict::Delivered, "queued".to_owned()))
}

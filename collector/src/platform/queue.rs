//! A Cloudflare queue as a sink: one message an item, in batches within the platform's bounds.

use worker::{Env, MessageBuilder, QueueContentType, Result};

use crate::objects::delivery::Verdict;
use crate::sinks::Parcel;

/// Messages of one `sendBatch` (<https://developers.cloudflare.com/queues/platform/limits/>).
const BATCH_MESSAGES: usize = 100;

/// Bytes of one `sendBatch`, less room for what the platform adds to each message.
const BATCH_BYTES: usize = 200 * 1024;

/// Sends each item as a message of its own; what consumes the queue knows a repeat by the item's id.
pub(super) async fn send(env: &Env, binding: &str, parcel: &Parcel) -> Result<(Verdict, String)> {
    let queue = env.queue(binding)?;
    let mut batch: Vec<&str> = Vec::new();
    let mut bytes = 0;
    for line in parcel.body.lines() {
        if batch.len() == BATCH_MESSAGES || bytes + line.len() > BATCH_BYTES {
            send_batch(&queue, &batch).await?;
            batch.clear();
            bytes = 0;
        }
        bytes += line.len();
        batch.push(line);
    }
    send_batch(&queue, &batch).await?;
    Ok((Verdict::Delivered, "queued".to_owned()))
}

async fn send_batch(queue: &worker::Queue, lines: &[&str]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let messages = lines.iter().map(|line| {
        MessageBuilder::new((*line).to_owned())
            .content_type(QueueContentType::Text)
            .build()
    });
    queue.send_batch(messages).await
}

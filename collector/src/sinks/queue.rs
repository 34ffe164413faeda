//! A Cloudflare queue as a sink: one message an item, in batches within the platform's bounds
//! (<https://developers.cloudflare.com/queues/platform/limits/>). What consumes the queue knows a repeat by the
//! item's id.

/// Bytes of one message: 128 KB, less what the platform adds to it.
const MESSAGE_BYTES: usize = 127 * 1_000;

/// Messages of one `sendBatch`.
const BATCH_MESSAGES: usize = 100;

/// Bytes of one `sendBatch`: 256 KB, less room for what the platform adds to each message.
const BATCH_BYTES: usize = 200 * 1_000;

/// A delivery's lines in batches; none where one of them is larger than a message can be.
pub fn batches(body: &str) -> Option<Vec<Vec<&str>>> {
    let mut batches: Vec<Vec<&str>> = Vec::new();
    let mut bytes = 0;
    for line in body.lines() {
        if line.len() > MESSAGE_BYTES {
            return None;
        }
        bytes += line.len();
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH_MESSAGES && bytes <= BATCH_BYTES => batch.push(line),
            _ => {
                bytes = line.len();
                batches.push(vec![line]);
            }
        }
    }
    Some(batches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(body: &str) -> Option<Vec<usize>> {
        batches(body).map(|batches| batches.iter().map(Vec::len).collect())
    }

    #[test]
    fn a_batch_is_within_the_bounds_on_messages_and_bytes() {
        assert_eq!(sizes(""), Some(vec![]));
        assert_eq!(sizes(&"{}\n".repeat(250)), Some(vec![100, 100, 50]));
        let large = "x".repeat(90_000) + "\n";
        assert_eq!(sizes(&large.repeat(5)), Some(vec![2, 2, 1]));
        assert_eq!(sizes(&format!("{large}{{}}\n{large}{large}")), Some(vec![3, 1]));
    }

    #[test]
    fn every_line_is_in_one_batch_and_in_order() {
        let lines: Vec<String> = (0..321).map(|n| n.to_string()).collect();
        let body = lines.join("\n");
        let batches = batches(&body).expect("small lines");
        let lines: Vec<&str> = batches.into_iter().flatten().collect();
        assert_eq!(lines, body.lines().collect::<Vec<_>>());
    }

    #[test]
    fn a_line_that_no_message_can_hold_is_told() {
        let fits = "x".repeat(MESSAGE_BYTES);
        assert_eq!(sizes(&format!("{{}}\n{fits}\n")), Some(vec![2]));
        assert_eq!(sizes(&format!("{{}}\n{fits}x\n{{}}\n")), None);
    }
}

//! The addresses of the read API and what they answer.

use hearback_shared::UnixMillis;
use hearback_shared::query::{Interval, LiveMessage, SeriesQuestion};

/// Rows of one page of feedback: two or three screens, so that most visits need one request.
pub const FEEDBACK_ROWS: u32 = 50;

/// Who the token speaks for.
pub const PROJECT: &str = "/api/v1/project";

/// Where new feedback is told as it arrives.
pub const LIVE: &str = "/api/v1/live";

/// A page of feedback, newest first; `before` is the `next` of the page above it.
pub fn feedback(limit: u32, before: Option<&str>) -> String {
    let path = format!("/api/v1/feedback?limit={limit}");
    before.map_or(path.clone(), |before| {
        format!("{path}&before={}", encoded(before))
    })
}

/// Counts over time.
pub fn series(question: &SeriesQuestion) -> String {
    let interval = match question.interval {
        Interval::Hour => "hour",
        Interval::Day => "day",
    };
    format!(
        "/api/v1/events/series?from={}&to={}&interval={interval}",
        question.from, question.to
    )
}

/// Where every item went, by hour.
pub fn ledger(from: UnixMillis, to: UnixMillis) -> String {
    format!("/api/v1/ledger?from={from}&to={to}")
}

/// How the sinks are doing.
pub const SINKS: &str = "/api/v1/sinks";

/// What sinks refused for good.
pub const DEAD_LETTERS: &str = "/api/v1/dead-letters";

/// Asks a sink to take a test delivery.
pub fn test_sink(name: &str) -> String {
    format!("{SINKS}/{}/test", encoded(name))
}

/// One dead letter with its item.
pub fn dead_letter(id: &str) -> String {
    format!("{DEAD_LETTERS}/{}", encoded(id))
}

/// Sends a dead letter again.
pub fn replay(id: &str) -> String {
    format!("{}/replay", dead_letter(id))
}

/// Sends all of a sink's dead letters again.
pub fn replay_all(sink: &str) -> String {
    format!("{DEAD_LETTERS}/replay?sink={}", encoded(sink))
}

/// A message of the live connection; `None` for kinds that a newer collector may send.
pub fn live_message(text: &str) -> Option<LiveMessage> {
    serde_json::from_str(text).ok()
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub fn encoded(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_cannot_change_the_rest_of_the_address() {
        assert_eq!(feedback(50, None), "/api/v1/feedback?limit=50");
        assert_eq!(
            feedback(50, Some("a-1&limit=9 ü")),
            "/api/v1/feedback?limit=50&before=a-1%26limit%3D9%20%C3%BC"
        );
    }

    #[test]
    fn a_question_about_time_is_asked_in_milliseconds() {
        let question = SeriesQuestion {
            from: 0,
            to: 3_600_000,
            interval: Interval::Hour,
        };
        assert_eq!(
            series(&question),
            "/api/v1/events/series?from=0&to=3600000&interval=hour"
        );
    }

    #[test]
    fn a_letter_and_a_sink_are_named_by_one_part_of_the_address() {
        assert_eq!(replay("0.17.hook"), "/api/v1/dead-letters/0.17.hook/replay");
        assert_eq!(replay_all("a/b"), "/api/v1/dead-letters/replay?sink=a%2Fb");
        assert_eq!(test_sink("../x"), "/api/v1/sinks/..%2Fx/test");
    }

    #[test]
    fn a_message_of_a_kind_not_known_here_is_skipped() {
        assert!(live_message(r#"{"type":"feedback","items":[],"total":3}"#).is_some());
        assert!(live_message(r#"{"type":"weather"}"#).is_none());
    }
}

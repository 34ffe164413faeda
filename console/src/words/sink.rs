//! How a sink is doing, and what it answered, in words.

use hearback_shared::UnixMillis;
use hearback_shared::delivery::SinkState;

use super::{Moment, counted};

/// How old what waits may be while all is well: deliveries gather for a moment and go out from an alarm.
const USUAL_WAIT_MS: UnixMillis = 2 * 60 * 1000;

/// How a sink is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It has everything.
    Well,
    /// A few new items are on their way.
    Sending,
    /// It does not keep up, or does not answer.
    Behind,
    /// It did not let us in and is left alone for a while.
    Paused,
}

/// How a sink is doing at this time.
pub fn health(sink: &SinkState, now: UnixMillis) -> Health {
    let is_late = |since: UnixMillis| now.saturating_sub(since) > USUAL_WAIT_MS;
    if sink.paused_until.is_some_and(|until| until > now) {
        Health::Paused
    } else if sink.pending == 0 {
        Health::Well
    } else if sink.attempts > 0 || sink.pending_since.is_some_and(is_late) {
        Health::Behind
    } else {
        Health::Sending
    }
}

impl Health {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Well => "Well",
            Self::Sending => "Sending",
            Self::Behind => "Behind",
            Self::Paused => "Paused",
        }
    }

    /// Its name in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Well | Self::Sending => "is-well",
            Self::Behind => "is-behind",
            Self::Paused => "is-paused",
        }
    }
}

/// What that means and what to do. `local` takes a moment apart where the person is.
pub fn said(sink: &SinkState, now: UnixMillis, local: impl Fn(UnixMillis) -> Moment) -> String {
    let when = |at: UnixMillis| local(at).seen_from(local(now));
    let items = counted(sink.pending, "item", "items");
    let error = sink.last_error.as_deref().map(legible);
    match health(sink, now) {
        Health::Well => match sink.delivered_at {
            Some(at) => format!("It has everything. The last delivery was at {}.", when(at)),
            None => "Nothing was delivered yet: it gets the next item that arrives.".to_owned(),
        },
        Health::Sending => format!("{items} on the way."),
        Health::Behind => {
            let since = sink
                .pending_since
                .map_or(String::new(), |at| format!(" since {}", when(at)));
            let why = error.map_or(String::new(), |error| format!(" At the last try {error}."));
            format!("Behind by {items}{since}.{why} It is tried again by itself; nothing is lost.")
        }
        Health::Paused => {
            let until = sink.paused_until.map_or(String::new(), when);
            let why = error.unwrap_or_else(|| "it did not let us in".to_owned());
            format!(
                "Paused until {until}, with {items} waiting: {why}. Correct its secret in the collector’s setting; deliveries then go on by themselves."
            )
        }
    }
}

/// What a sink answered, as a clause: "it refused the item as wrong (422)".
pub fn legible(answer: &str) -> String {
    let status = answer
        .strip_prefix("it answered ")
        .and_then(|rest| rest.parse::<u16>().ok());
    let Some(status) = status else {
        return answer.to_owned();
    };
    let meaning = match status {
        200..300 => "it took the delivery",
        300..400 => "it answered with a redirect, which is not followed",
        400 | 422 => "it refused what was sent as wrong",
        401 | 403 => "it refused our credentials",
        404 | 410 => "it found nothing at its address",
        408 | 504 => "it took too long",
        413 => "it found what was sent too large",
        429 => "it asked for fewer deliveries",
        500.. => "it had trouble of its own",
        _ => "it did not take the delivery",
    };
    format!("{meaning} ({status})")
}

/// What kind of sink it is.
pub fn kind(name: &str) -> &str {
    match name {
        "http" => "HTTP receiver",
        "clickhouse" => "ClickHouse",
        "postgres" | "postgresql" => "PostgreSQL",
        "r2" => "R2 bucket",
        "s3" => "S3 bucket",
        "queue" => "Queue",
        other => other,
    }
}

/// What became of letters that were sent again.
pub fn replay_outcome(taken: u64, refused: u64) -> String {
    let taken_words = counted(taken, "dead letter was delivered", "dead letters were delivered");
    let refused_words = counted(
        refused,
        "was refused again and is still here",
        "were refused again and are still here",
    );
    match (taken, refused) {
        (_, 0) => format!("{taken_words}."),
        (0, _) => format!("{refused_words}."),
        _ => format!("{taken_words}, {refused_words}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-18T13:05:09Z.
    const NOW: UnixMillis = 1_795_007_109_000;
    const MINUTE: UnixMillis = 60 * 1000;

    fn utc(at: UnixMillis) -> Moment {
        Moment::of(at, 0)
    }

    fn sink() -> SinkState {
        SinkState {
            name: "hook".into(),
            delivered_at: Some(NOW - MINUTE),
            ..SinkState::default()
        }
    }

    #[test]
    fn a_sink_that_has_everything_is_well_even_after_it_refused_an_item_for_good() {
        let sink = SinkState {
            dead: 1,
            last_error: Some("it answered 422".into()),
            ..sink()
        };
        assert_eq!(health(&sink, NOW), Health::Well);
        assert_eq!(
            said(&sink, NOW, utc),
            "It has everything. The last delivery was at 13:04."
        );
    }

    #[test]
    fn what_waits_for_a_moment_is_on_its_way_and_what_waits_longer_is_behind() {
        let fresh = SinkState {
            pending: 3,
            pending_since: Some(NOW - 5_000),
            ..sink()
        };
        assert_eq!(health(&fresh, NOW), Health::Sending);
        let late = SinkState {
            pending_since: Some(NOW - 30 * MINUTE),
            attempts: 4,
            last_error: Some("it answered 503".into()),
            ..fresh
        };
        assert_eq!(
            said(&late, NOW, utc),
            "Behind by 3 items since 12:35. At the last try it had trouble of its own (503). It is tried again by itself; nothing is lost."
        );
    }

    #[test]
    fn a_sink_that_does_not_let_us_in_says_what_a_person_has_to_do() {
        let paused = SinkState {
            pending: 1,
            attempts: 1,
            paused_until: Some(NOW + 8 * MINUTE),
            last_error: Some("it answered 401".into()),
            ..sink()
        };
        assert_eq!(
            said(&paused, NOW, utc),
            "Paused until 13:13, with 1 item waiting: it refused our credentials (401). Correct its secret in the collector’s setting; deliveries then go on by themselves."
        );
        assert_eq!(
            health(&paused, NOW + 9 * MINUTE),
            Health::Behind,
            "the pause is over: it is tried again"
        );
    }

    #[test]
    fn an_answer_that_is_no_status_is_shown_as_it_is() {
        assert_eq!(legible("no answer within 30 s"), "no answer within 30 s");
        assert_eq!(legible("it answered 204"), "it took the delivery (204)");
        assert_eq!(legible("it answered 99999999"), "it answered 99999999");
    }

    #[test]
    fn the_end_of_letters_that_were_sent_again_is_told_in_one_sentence() {
        assert_eq!(replay_outcome(1, 0), "1 dead letter was delivered.");
        assert_eq!(replay_outcome(0, 1), "1 was refused again and is still here.");
        assert_eq!(
            replay_outcome(2, 3),
            "2 dead letters were delivered, 3 were refused again and are still here."
        );
    }
}

//! What cannot be seen in the simulation's sums: who is asked when, and what is written of a letter.

use super::*;

const NOW: UnixMillis = 1_795_000_000_000;

fn delivery(first: u64, last: u64) -> SealedDelivery {
    SealedDelivery {
        first,
        last,
        attempts: 0,
        next_at: NOW,
    }
}

fn open(first: u64, is_replay: bool) -> Open {
    Open {
        delivery: delivery(first, first),
        is_replay,
    }
}

fn letter(position: u64) -> Letter {
    Letter {
        position,
        hour: Interval::Hour.start(NOW),
        at: NOW,
        reason: "422".to_owned(),
        item: "p-1".to_owned(),
        line: "{}".to_owned(),
    }
}

#[test]
fn a_paused_sink_is_asked_for_nothing_but_a_fresh_replay() {
    let all = vec![open(1, false), open(2, true)];
    let until = NOW + CREDENTIALS_PAUSE_MS;
    assert_eq!(due(all.clone(), None, NOW), (all.clone(), None));
    assert_eq!(
        due(all.clone(), Some(until), NOW),
        (vec![open(2, true)], Some(until))
    );
    assert_eq!(due(all.clone(), Some(until), until), (all.clone(), None));
    // Set before the clock stepped back by a day.
    assert_eq!(due(all.clone(), Some(NOW + 86_400_000), NOW), (all, None));
}

#[test]
fn no_more_than_the_bound_is_on_its_way_at_once() {
    let all: Vec<Open> = (1..=6).map(|first| open(first, false)).collect();
    let (now, later) = due(all, None, NOW);
    assert_eq!((now.len(), later), (IN_FLIGHT, Some(NOW)));
}

#[test]
fn a_letter_that_was_erased_on_its_way_is_counted_no_second_time() {
    let loaded = Loaded::from_letter(delivery(7, 7), Some(&letter(7)));
    for verdict in [Verdict::Delivered, Verdict::Poison, Verdict::Failed] {
        let changes = settle(&loaded, None, (verdict, ""), NOW, 0.5);
        assert_eq!(changes[0], Change::Drop(7));
        let writes = |change: &Change| {
            matches!(
                change,
                Change::Count(..) | Change::Bury(_) | Change::Raise(_) | Change::Keep(_)
            )
        };
        assert!(!changes.iter().any(writes), "{changes:?}");
    }
}

#[test]
fn erased_lines_are_not_sent_and_are_counted_as_what_they_are() {
    let row = RowLines {
        first: 5,
        at: NOW,
        lines: "{\"id\":\"a\"}\n{\"erased\":true,\"id\":\"b\"}\n{\"id\":\"c\"}\n".to_owned(),
    };
    let loaded = Loaded::from_log(delivery(5, 6), &[row]);
    assert_eq!(loaded.body, "{\"id\":\"a\"}\n");
    let changes = settle(&loaded, None, (Verdict::Delivered, ""), NOW, 0.5);
    let hour = Interval::Hour.start(NOW);
    assert_eq!(
        changes,
        [
            Change::Drop(5),
            Change::Count(hour, Column::Delivered, 1),
            Change::Count(hour, Column::Erased, 1),
            Change::Well(NOW),
        ]
    );
}

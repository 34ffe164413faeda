use std::rc::Rc;

use hearback_shared::item::{FeedbackKind, Props};
use hearback_shared::query::{FeedbackPage, FeedbackRow, LiveMessage};
use proptest::prelude::*;

use super::{Action, Effect, Feed, Load, reduce};
use crate::failure::Failure;
use crate::live::Live;

fn row(n: u64) -> FeedbackRow {
    FeedbackRow {
        id: format!("p-{n}"),
        kind: FeedbackKind::Idea,
        text: format!("Idea {n}"),
        rating: None,
        email: None,
        url: None,
        lang: None,
        screen: None,
        release: None,
        env: None,
        at: n,
        received_at: n,
        attachments: Vec::new(),
        answers: Props::new(),
        props: Props::new(),
        element: Props::new(),
        breadcrumbs: Vec::new(),
        user: None,
        user_verified: false,
        visitor: None,
        quarantine: Vec::new(),
    }
}

/// A page of `rows` rows below `top`, of a list that counts down to 1.
fn page(top: u64, rows: u64) -> FeedbackPage {
    let last = top.saturating_sub(rows) + 1;
    let next = (last > 1).then(|| format!("p-{last}"));
    FeedbackPage {
        items: (last..=top).rev().map(row).collect(),
        total: top,
        next,
    }
}

fn told(numbers: &[u64]) -> Action {
    let total = numbers.iter().copied().max().unwrap_or(0);
    Action::LiveTold(LiveMessage::Feedback {
        items: numbers.iter().copied().map(row).collect(),
        total,
    })
}

fn play(actions: impl IntoIterator<Item = Action>) -> (Feed, Vec<Effect>) {
    actions
        .into_iter()
        .fold((Feed::new(), vec![]), |(feed, _), action| reduce(&feed, action))
}

fn numbers(feed: &Feed) -> Vec<u64> {
    feed.rows.iter().map(|row| row.at).collect()
}

#[test]
fn signing_in_asks_for_the_newest_page_and_the_live_connection() {
    let (_, effects) = play([Action::Start]);
    assert_eq!(effects, [Effect::LoadHead(1), Effect::Connect(0)]);
}

#[test]
fn an_empty_list_is_known_to_be_empty_only_after_an_answer() {
    let (feed, _) = play([Action::Start]);
    assert!(!feed.loaded);
    let (feed, _) = play([Action::Start, Action::Head(1, Ok(FeedbackPage::default()))]);
    assert!(feed.loaded && feed.rows.is_empty() && feed.trouble.is_none());
}

#[test]
fn new_feedback_goes_on_top_once_however_often_it_is_told() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(3, 50))),
        told(&[4, 5]),
        told(&[5]),
        told(&[5, 6]),
    ]);
    assert_eq!(numbers(&feed), [6, 5, 4, 3, 2, 1]);
    assert_eq!(feed.total, 6);
}

#[test]
fn a_row_told_before_the_first_page_came_survives_it() {
    let (feed, _) = play([Action::Start, told(&[4]), Action::Head(1, Ok(page(3, 50)))]);
    assert_eq!((numbers(&feed), feed.total), (vec![4, 3, 2, 1], 4));
}

#[test]
fn rows_told_before_any_page_came_do_not_end_the_list() {
    let (feed, _) = play([
        Action::Start,
        Action::LiveOpened,
        told(&[4, 5]),
        Action::LiveOpened,
        Action::Head(3, Ok(page(8, 4))),
    ]);
    assert_eq!(
        (numbers(&feed), feed.next.as_deref()),
        (vec![8, 7, 6, 5], Some("p-5"))
    );
}

#[test]
fn every_reconnection_asks_what_was_missed() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(2, 50))),
        Action::LiveOpened,
    ]);
    let (feed, effects) = reduce(&feed, Action::LiveLost(60_000.0, 0.0));
    assert_eq!(
        (feed.live, effects),
        (Live::Waiting { attempt: 1 }, vec![Effect::Connect(500)])
    );
    let (feed, effects) = reduce(&feed, Action::LiveOpened);
    assert_eq!(effects, [Effect::LoadHead(3)]);
    let (feed, effects) = reduce(&feed, Action::Head(3, Ok(page(4, 50))));
    assert_eq!(numbers(&feed), [4, 3, 2, 1]);
    assert_eq!((feed.unseen, effects), (2, vec![Effect::SpeakSoon]));
}

#[test]
fn rows_below_the_newest_page_are_kept_when_the_page_reaches_them() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(9, 3))),
        Action::ShowOlder,
        Action::Older(1, Ok(page(6, 3))),
        Action::Refresh,
        Action::Head(2, Ok(page(10, 3))),
    ]);
    assert_eq!(numbers(&feed), [10, 9, 8, 7, 6, 5, 4]);
    assert_eq!(feed.next.as_deref(), Some("p-4"));
}

#[test]
fn a_newest_page_that_does_not_reach_the_known_rows_leaves_no_hole() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(6, 3))),
        Action::Refresh,
        // Told while the page is on its way, so a part of it is known: still nobody has read 7 to 18.
        told(&[20, 21]),
        Action::Head(2, Ok(page(20, 3))),
    ]);
    assert_eq!(numbers(&feed), [21, 20, 19, 18]);
    assert_eq!(feed.next.as_deref(), Some("p-18"));
}

#[test]
fn a_row_told_after_a_gap_does_not_hide_the_gap() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(3, 4))),
        // 4 was missed; 5 is told, and the page that was asked for in between never counts.
        Action::LiveOpened,
        told(&[5]),
        // 6 to 8 are missed.
        Action::LiveOpened,
        Action::Head(3, Ok(page(8, 4))),
        Action::Head(2, Ok(page(4, 4))),
    ]);
    assert_eq!(
        (numbers(&feed), feed.next.as_deref()),
        (vec![8, 7, 6, 5], Some("p-5"))
    );
}

#[test]
fn an_answer_about_the_old_end_of_a_list_that_was_replaced_is_dropped() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(6, 3))),
        Action::ShowOlder,
        Action::Refresh,
        Action::Head(2, Ok(page(60, 3))),
        Action::Older(1, Ok(page(3, 3))),
    ]);
    assert_eq!(numbers(&feed), [60, 59, 58]);
}

#[test]
fn older_rows_are_asked_for_once_at_a_time_and_not_past_the_end() {
    let (feed, effects) = play([Action::Start, Action::Head(1, Ok(page(5, 3))), Action::ShowOlder]);
    assert_eq!(effects, [Effect::LoadOlder(1, "p-3".to_owned())]);
    assert_eq!(reduce(&feed, Action::ShowOlder).1, []);
    let (feed, _) = reduce(&feed, Action::Older(1, Ok(page(2, 3))));
    assert_eq!((numbers(&feed), feed.next.clone()), (vec![5, 4, 3, 2, 1], None));
    assert_eq!(reduce(&feed, Action::ShowOlder).1, []);
}

#[test]
fn a_failed_refresh_keeps_what_is_known_and_says_so() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(2, 50))),
        Action::Refresh,
        Action::Head(2, Err(Failure::Unreachable)),
    ]);
    assert_eq!(
        (numbers(&feed), &feed.trouble),
        (vec![2, 1], &Some(Failure::Unreachable))
    );
    let (feed, _) = reduce(&feed, Action::Refresh);
    assert!(
        feed.trouble.is_some(),
        "said until it is over, or the notice would flicker at each attempt"
    );
    let (feed, _) = reduce(&feed, Action::Head(3, Ok(page(2, 50))));
    assert_eq!(feed.trouble, None);
}

#[test]
fn a_failure_to_show_older_rows_can_be_tried_again() {
    let (feed, _) = play([
        Action::Start,
        Action::Head(1, Ok(page(5, 3))),
        Action::ShowOlder,
        Action::Older(1, Err(Failure::Unreachable)),
    ]);
    assert_eq!(feed.older, Load::Failed(Failure::Unreachable));
    assert_eq!(
        reduce(&feed, Action::ShowOlder).1,
        [Effect::LoadOlder(2, "p-3".to_owned())]
    );
}

#[test]
fn a_token_that_is_no_longer_accepted_ends_the_session() {
    let (_, effects) = play([Action::Start, Action::Head(1, Err(Failure::Unauthorized))]);
    assert!(effects.contains(&Effect::Expire));
}

#[test]
fn attempts_that_fail_ask_the_plain_way_too() {
    let (feed, _) = play([Action::Start, Action::LiveConnecting]);
    let (feed, effects) = reduce(&feed, Action::LiveLost(0.0, 0.0));
    assert_eq!(effects, [Effect::Connect(500), Effect::LoadHead(2)]);
    let (feed, _) = reduce(&feed, Action::LiveConnecting);
    let (_, effects) = reduce(&feed, Action::LiveLost(0.0, 0.0));
    assert_eq!(effects, [Effect::Connect(1_000), Effect::LoadHead(3)]);
}

#[test]
fn a_late_answer_to_an_earlier_question_does_not_undo_a_later_one() {
    let (feed, _) = play([
        Action::Start,
        Action::LiveOpened,
        Action::Head(2, Ok(page(5, 50))),
        Action::Head(1, Ok(page(3, 50))),
    ]);
    assert_eq!(numbers(&feed), [5, 4, 3, 2, 1]);
}

#[test]
fn an_early_answer_is_shown_while_a_later_question_is_on_its_way() {
    let (feed, _) = play([
        Action::Start,
        Action::LiveOpened,
        Action::Head(1, Ok(page(3, 50))),
    ]);
    assert_eq!((numbers(&feed), feed.asking), (vec![3, 2, 1], Some(2)));
}

#[test]
fn several_arrivals_are_spoken_of_once() {
    let (feed, effects) = play([Action::Start, Action::Head(1, Ok(page(1, 50))), told(&[2])]);
    assert_eq!(effects, [Effect::SpeakSoon]);
    let (feed, effects) = reduce(&feed, told(&[3, 4]));
    assert_eq!(effects, []);
    let (feed, _) = reduce(&feed, Action::Speak);
    assert_eq!(feed.spoken, "3 new pieces of feedback, 4 in all.");
}

#[test]
fn arrivals_are_counted_until_seen_and_marked_until_left() {
    let (feed, _) = play([Action::Start, Action::Head(1, Ok(page(1, 50))), told(&[2])]);
    assert_eq!((feed.unseen, feed.arrived.len()), (1, 1));
    let (feed, _) = reduce(&feed, Action::Look(true));
    assert_eq!((feed.unseen, feed.arrived.len()), (0, 1));
    let (feed, _) = reduce(&feed, told(&[3]));
    assert_eq!((feed.unseen, feed.arrived.len()), (0, 2));
    let (feed, _) = reduce(&feed, Action::Look(false));
    assert_eq!((feed.unseen, feed.arrived.len()), (0, 0));
}

#[test]
fn a_connection_that_may_have_gone_deaf_is_made_anew() {
    let (feed, _) = play([Action::Start, Action::LiveOpened]);
    assert_eq!(reduce(&feed, Action::Woke(5_000.0)).1, []);
    assert_eq!(reduce(&feed, Action::Woke(600_000.0)).1, [Effect::Connect(0)]);
}

#[test]
fn without_a_network_nothing_is_tried_until_it_is_back() {
    let (feed, effects) = play([Action::Start, Action::LiveOpened, Action::WentOffline]);
    assert_eq!((feed.live, effects), (Live::Offline, vec![Effect::Disconnect]));
    let (feed, effects) = reduce(&feed, Action::CameOnline);
    assert_eq!(feed.live, Live::Connecting { attempt: 0 });
    assert!(effects.contains(&Effect::Connect(0)));
}

/// One step of a history between a collector, whose list only grows, and a console.
#[derive(Clone, Debug)]
enum Step {
    Arrive { told: bool },
    Lose,
    Open,
    Ask,
    Answer { late: bool },
    Older,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<bool>().prop_map(|told| Step::Arrive { told }),
        1 => Just(Step::Lose),
        2 => Just(Step::Open),
        1 => Just(Step::Ask),
        3 => any::<bool>().prop_map(|late| Step::Answer { late }),
        2 => Just(Step::Older),
    ]
}

proptest! {
    /// Whatever is lost, late or doubled on the way, the list is newest first, without doubles and, once the last
    /// question is answered, without holes and with the newest row on top.
    #[test]
    fn the_list_has_no_doubles_and_in_the_end_no_holes(steps in prop::collection::vec(step(), 0..60)) {
        const ROWS: u64 = 4;
        let (mut feed, _) = reduce(&Feed::new(), Action::Start);
        let mut top = 3_u64;
        let mut open = false;
        // Requests on their way, with the page that the collector made for each when it was asked.
        let mut waiting: Vec<Action> = vec![Action::Head(1, Ok(page(top, ROWS)))];
        let send = |feed: &mut Feed, waiting: &mut Vec<Action>, top: u64, action: Action| {
            let (after, effects) = reduce(feed, action);
            *feed = after;
            for effect in effects {
                match effect {
                    Effect::LoadHead(request) => waiting.push(Action::Head(request, Ok(page(top, ROWS)))),
                    Effect::LoadOlder(request, before) => {
                        let before: u64 = before[2..].parse().expect("a number");
                        waiting.push(Action::Older(request, Ok(FeedbackPage { total: top, ..page(before - 1, ROWS) })));
                    }
                    _ => {}
                }
            }
        };
        for step in steps {
            match step {
                Step::Arrive { told: over_live } => {
                    top += 1;
                    if over_live && open {
                        send(&mut feed, &mut waiting, top, told(&[top]));
                    } else {
                        open = false;
                    }
                }
                Step::Lose => {
                    open = false;
                    send(&mut feed, &mut waiting, top, Action::LiveLost(0.0, 0.5));
                }
                Step::Open => {
                    open = true;
                    send(&mut feed, &mut waiting, top, Action::LiveOpened);
                }
                Step::Ask => send(&mut feed, &mut waiting, top, Action::Refresh),
                Step::Answer { late } => if !waiting.is_empty() {
                    let answer = if late { waiting.pop() } else { Some(waiting.remove(0)) };
                    send(&mut feed, &mut waiting, top, answer.expect("one is waiting"));
                },
                Step::Older => send(&mut feed, &mut waiting, top, Action::ShowOlder),
            }
            let shown = numbers(&feed);
            prop_assert!(shown.windows(2).all(|pair| pair[0] > pair[1]), "{shown:?}");
        }
        send(&mut feed, &mut waiting, top, Action::LiveOpened);
        for answer in waiting.clone() {
            send(&mut feed, &mut waiting, top, answer);
        }
        let shown = numbers(&feed);
        prop_assert_eq!(shown.first(), Some(&top));
        prop_assert!(shown.windows(2).all(|pair| pair[0] == pair[1] + 1), "{:?}", shown);
        prop_assert_eq!(feed.total, top);
        prop_assert_eq!(feed.next.clone(), shown.last().filter(|last| **last > 1).map(|last| format!("p-{last}")));
        prop_assert!(feed.rows.iter().all(|row| Rc::strong_count(row) >= 1));
    }
}

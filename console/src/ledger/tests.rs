use hearback_shared::delivery::SinkState;
use hearback_shared::wire::Problem;

use super::*;

const NOW: UnixMillis = 1_795_007_109_000;
const ID: &str = "0.17.hook";

/// A ledger and what it asked for, as a test plays both sides.
struct Play {
    ledger: Ledger,
    asked: Vec<Effect>,
    now: UnixMillis,
}

impl Play {
    /// Everything was asked for and answered: one sink, and these letters.
    fn loaded(letters: &[(&str, bool)]) -> Self {
        let mut play = Self {
            ledger: Ledger::default(),
            asked: vec![],
            now: NOW,
        };
        play.send(Action::Show(Period::Days7, NOW));
        play.answer_all(letters);
        play
    }

    fn send(&mut self, action: Action) {
        let (ledger, effects) = reduce(&self.ledger, action);
        self.ledger = ledger;
        self.asked = effects;
    }

    /// Answers what was asked last, and then what that led to, until nothing is open.
    fn answer_all(&mut self, letters: &[(&str, bool)]) {
        let mut open = self.asked.clone();
        let mut rest = Vec::new();
        while let Some(effect) = open.pop() {
            match effect {
                Effect::LoadHours(period, request, ..) => {
                    self.send(Action::Hours(
                        period,
                        request,
                        self.now,
                        Ok(LedgerAnswer::default()),
                    ));
                }
                Effect::LoadSinks(request) => self.send(Action::Sinks(request, self.now, Ok(sinks()))),
                Effect::LoadLetters(request) => {
                    self.send(Action::Letters(request, self.now, Ok(dead(letters))));
                }
                other => {
                    rest.push(other);
                    continue;
                }
            }
            open.append(&mut self.asked);
        }
        self.asked = rest;
    }

    /// The next look at what was sent again finds these letters.
    fn look(&mut self, letters: &[(&str, bool)]) {
        self.send(Action::LookAgain(self.now));
        self.answer_all(letters);
    }
}

fn sinks() -> SinksAnswer {
    let hook = SinkState {
        name: "hook".into(),
        ..SinkState::default()
    };
    SinksAnswer { sinks: vec![hook] }
}

fn dead(letters: &[(&str, bool)]) -> DeadLettersAnswer {
    let letter = |(id, replaying): &(&str, bool)| DeadLetter {
        id: (*id).into(),
        sink: "hook".into(),
        item: "a-1".into(),
        at: NOW,
        reason: "it answered 422".into(),
        replaying: *replaying,
        line: None,
    };
    DeadLettersAnswer {
        letters: letters.iter().map(letter).collect(),
    }
}

const SENT: Result<ReplayAnswer, Failure> = Ok(ReplayAnswer { replayed: 1 });

#[test]
fn looking_asks_for_hours_sinks_and_letters_once() {
    let play = Play::loaded(&[]);
    let (ledger, effects) = reduce(&play.ledger, Action::Show(Period::Days7, NOW + 1_000));
    assert_eq!(effects, []);
    let (ledger, effects) = reduce(&ledger, Action::Show(Period::Hours24, NOW + 1_000));
    assert!(
        matches!(effects[..], [Effect::LoadHours(Period::Hours24, ..)]),
        "another period needs its hours alone: {effects:?}"
    );
    assert!(ledger.is_busy(Period::Hours24) && !ledger.is_busy(Period::Days7));
}

#[test]
fn a_part_that_fails_leaves_the_others_standing() {
    let mut play = Play::loaded(&[(ID, false)]);
    play.send(Action::Refresh(Period::Days7, NOW + 5));
    let Some(Effect::LoadSinks(request)) = play.asked.get(1).cloned() else {
        panic!("{:?}", play.asked)
    };
    play.send(Action::Sinks(request, NOW + 6, Err(Failure::Unreachable)));
    assert_eq!(play.ledger.sinks.failure, Some(Failure::Unreachable));
    assert_eq!(
        play.ledger.sinks.known().map(|answer| answer.sinks.len()),
        Some(1)
    );
    assert_eq!(play.ledger.letters.failure, None);
}

#[test]
fn a_test_delivery_is_remembered_by_sink_and_asks_how_the_sink_is_now() {
    let mut play = Play::loaded(&[]);
    play.send(Action::Test("hook".into()));
    assert_eq!(play.asked, [Effect::Test("hook".into())]);
    assert_eq!(play.ledger.tests["hook"], Doing::Running);
    let answer = TestAnswer {
        delivered: true,
        answer: "it answered 204".into(),
    };
    play.send(Action::Tested("hook".into(), NOW, Ok(answer.clone())));
    assert_eq!(play.ledger.tests["hook"], Doing::Done(answer));
    assert!(matches!(play.asked[..], [Effect::LoadSinks(_)]));
}

#[test]
fn a_letter_that_is_gone_after_it_was_sent_again_was_taken_and_the_sums_are_asked_for_anew() {
    let mut play = Play::loaded(&[(ID, false)]);
    play.send(Action::Replay(ID.into()));
    assert_eq!(play.asked, [Effect::Replay(ID.into())]);
    play.send(Action::Replayed(ID.into(), NOW, SENT));
    play.answer_all(&[(ID, true)]);
    assert!(
        matches!(play.asked[..], [Effect::LookAgainIn(_)]),
        "{:?}",
        play.asked
    );
    assert_eq!(play.ledger.replays[ID], Replay::Sent);

    play.send(Action::LookAgain(NOW + 1));
    let [.., Effect::LoadLetters(request)] = play.asked[..] else {
        panic!("{:?}", play.asked)
    };
    play.send(Action::Letters(request, NOW + 2, Ok(dead(&[]))));
    assert!(play.ledger.replays.is_empty());
    assert_eq!(play.ledger.spoken, words_of(1, 0));
    assert!(matches!(
        play.asked[..],
        [Effect::LoadHours(..), Effect::LoadSinks(_)]
    ));
}

fn words_of(taken: u64, refused: u64) -> String {
    crate::words::replay_outcome(taken, refused)
}

#[test]
fn a_letter_that_is_refused_once_more_says_so_and_can_be_sent_again() {
    let mut play = Play::loaded(&[(ID, false)]);
    play.send(Action::Replay(ID.into()));
    play.send(Action::Replayed(ID.into(), NOW, SENT));
    play.answer_all(&[(ID, true)]);
    play.look(&[(ID, false)]);
    assert!(play.ledger.replays.is_empty());
    assert_eq!(play.ledger.spoken, words_of(0, 1));
}

#[test]
fn an_answer_from_before_the_letter_went_out_is_not_taken_for_its_end() {
    let mut play = Play::loaded(&[(ID, false)]);
    play.send(Action::Refresh(Period::Days7, NOW));
    let [.., Effect::LoadLetters(early)] = play.asked[..] else {
        panic!("{:?}", play.asked)
    };
    play.send(Action::Replay(ID.into()));
    play.send(Action::Replayed(ID.into(), NOW, SENT));
    play.send(Action::Letters(early, NOW, Ok(dead(&[(ID, false)]))));
    assert_eq!(play.ledger.replays[ID], Replay::Sent);
}

#[test]
fn looking_again_ends_when_the_sink_does_not_answer() {
    let mut play = Play::loaded(&[(ID, false)]);
    play.send(Action::Replay(ID.into()));
    play.send(Action::Replayed(ID.into(), NOW, SENT));
    play.answer_all(&[(ID, true)]);
    let mut looks = 0;
    while let [Effect::LookAgainIn(_)] = play.asked[..] {
        looks += 1;
        assert!(looks < 20, "it never ends");
        play.look(&[(ID, true)]);
    }
    assert_eq!(looks, 6);
    // Somebody refreshes much later, and then it is seen.
    play.send(Action::Refresh(Period::Days7, NOW));
    play.answer_all(&[]);
    assert_eq!(play.ledger.spoken, words_of(1, 0));
}

#[test]
fn two_letters_sent_one_after_the_other_share_one_chain_of_looks() {
    let two = [(ID, true), ("1.4.hook", true)];
    let mut play = Play::loaded(&[(ID, false), ("1.4.hook", false)]);
    play.send(Action::Replay(ID.into()));
    play.send(Action::Replayed(ID.into(), NOW, SENT));
    play.answer_all(&two);
    assert_eq!(play.asked.len(), 1);
    play.send(Action::Replay("1.4.hook".into()));
    play.send(Action::Replayed("1.4.hook".into(), NOW, SENT));
    play.answer_all(&two);
    assert_eq!(play.asked, [], "one look is set already");
}

#[test]
fn all_letters_of_a_sink_go_out_together() {
    let mut play = Play::loaded(&[(ID, false), ("1.4.hook", false)]);
    play.send(Action::ReplayAll("hook".into()));
    assert_eq!(play.ledger.replays_of["hook"], Doing::Running);
    play.send(Action::ReplayedAll(
        "hook".into(),
        NOW,
        Ok(ReplayAnswer { replayed: 2 }),
    ));
    assert!(play.ledger.replays_of.is_empty());
    assert_eq!(play.ledger.replays.len(), 2);
    play.answer_all(&[(ID, true), ("1.4.hook", true)]);
    play.look(&[]);
    assert_eq!(play.ledger.spoken, words_of(2, 0));
}

#[test]
fn a_button_pressed_twice_does_its_work_once() {
    let mut play = Play::loaded(&[(ID, false)]);
    for action in [
        Action::Test("hook".into()),
        Action::Replay(ID.into()),
        Action::ReplayAll("hook".into()),
    ] {
        play.send(action.clone());
        assert_eq!(play.asked.len(), 1, "{action:?}");
        play.send(action.clone());
        assert_eq!(play.asked, [], "{action:?}");
    }
}

#[test]
fn a_letter_that_could_not_be_sent_keeps_the_reason_beside_it() {
    let mut play = Play::loaded(&[(ID, false)]);
    play.send(Action::Replay(ID.into()));
    play.send(Action::Replayed(ID.into(), NOW, Err(Failure::Unreachable)));
    assert_eq!(play.ledger.replays[ID], Replay::Failed(Failure::Unreachable));
    assert_eq!(play.asked, []);
}

#[test]
fn a_letter_that_was_closed_before_its_item_came_stays_closed() {
    let mut play = Play::loaded(&[(ID, false)]);
    play.send(Action::Open(ID.into()));
    play.send(Action::Close(ID.into()));
    let letter = dead(&[(ID, false)]).letters.remove(0);
    play.send(Action::Opened(ID.into(), Ok(letter)));
    assert!(play.ledger.opened.is_empty());
}

#[test]
fn every_answer_that_refuses_the_token_ends_the_session() {
    let unauthorized = || Failure::Unauthorized;
    let mut play = Play::loaded(&[(ID, false)]);
    for action in [
        Action::Tested("hook".into(), NOW, Err(unauthorized())),
        Action::Opened(ID.into(), Err(unauthorized())),
        Action::Replayed(ID.into(), NOW, Err(unauthorized())),
        Action::ReplayedAll("hook".into(), NOW, Err(unauthorized())),
    ] {
        play.send(action);
        assert_eq!(play.asked, [Effect::Expire]);
    }
}

#[test]
fn a_letter_that_somebody_else_buried_says_that_it_is_not_there() {
    let mut play = Play::loaded(&[(ID, false)]);
    let gone = Failure::Refused(Problem {
        kind: "urn:hearback:problem:not-found".into(),
        title: "There is nothing at this address".into(),
        status: 404,
        detail: String::new(),
        mistakes: vec![],
    });
    play.send(Action::Open(ID.into()));
    play.send(Action::Opened(ID.into(), Err(gone.clone())));
    assert_eq!(play.ledger.opened[ID], Doing::Failed(gone));
}

#[test]
fn a_period_ends_with_the_current_bar_and_is_as_long_as_it_says() {
    let hour = Interval::Hour.width_ms();
    for (period, hours) in [(Period::Hours24, 24), (Period::Days7, 168), (Period::Days30, 720)] {
        let (from, to) = range(period, NOW);
        assert_eq!(to - from, hours * hour);
        assert!((to - bar(period).width_ms()..to).contains(&NOW));
    }
}

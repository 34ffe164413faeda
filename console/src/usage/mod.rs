//! Page views and events over a period: what was answered, and when to ask again.

mod period;

use std::rc::Rc;

use hearback_shared::UnixMillis;
use hearback_shared::query::{SeriesAnswer, SeriesQuestion};

use crate::failure::Failure;

pub use period::Period;

/// An answer is asked for again when it is older than this and somebody looks at it.
const FRESH_MS: UnixMillis = 60 * 1000;

/// What is known about one period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slot {
    /// The last answer, and when it came.
    pub answer: Option<(Rc<SeriesAnswer>, UnixMillis)>,
    /// The number of the request that is on its way.
    pub running: Option<u64>,
    /// Why the last request that was answered came to nothing.
    pub failure: Option<Failure>,
    /// When the last request was made.
    asked: UnixMillis,
}

/// What is known about all periods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    slots: [Slot; Period::ALL.len()],
    request: u64,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Somebody looks at a period, at this time.
    Show(Period, UnixMillis),
    /// Somebody asks for a period again, at this time.
    Refresh(Period, UnixMillis),
    /// The answer to a request, or why there is none, at this time.
    Answered(Period, u64, UnixMillis, Result<SeriesAnswer, Failure>),
}

/// What it needs done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask for a period; the answer carries this number.
    Load(Period, u64, SeriesQuestion),
    /// The token is no longer accepted.
    Expire,
}

impl Usage {
    /// What is known about a period.
    pub fn slot(&self, period: Period) -> &Slot {
        &self.slots[period as usize]
    }

    fn load(&mut self, period: Period, now: UnixMillis) -> Vec<Effect> {
        self.request += 1;
        let request = self.request;
        let slot = &mut self.slots[period as usize];
        slot.running = Some(request);
        slot.asked = now;
        vec![Effect::Load(period, request, period.question(now))]
    }
}

/// Decides what becomes of it.
pub fn reduce(usage: &Usage, action: Action) -> (Usage, Vec<Effect>) {
    let mut usage = usage.clone();
    let effects = match action {
        Action::Show(period, now) => {
            let slot = usage.slot(period);
            let never_asked = slot.answer.is_none() && slot.failure.is_none();
            let due = never_asked || now.saturating_sub(slot.asked) >= FRESH_MS;
            if due && slot.running.is_none() {
                usage.load(period, now)
            } else {
                vec![]
            }
        }
        Action::Refresh(period, now) => usage.load(period, now),
        Action::Answered(period, request, now, answer) => {
            let slot = &mut usage.slots[period as usize];
            if slot.running == Some(request) {
                slot.running = None;
                match answer {
                    Ok(answer) => {
                        slot.answer = Some((Rc::new(answer), now));
                        slot.failure = None;
                        vec![]
                    }
                    Err(Failure::Unauthorized) => vec![Effect::Expire],
                    Err(failure) => {
                        slot.failure = Some(failure);
                        vec![]
                    }
                }
            } else {
                vec![]
            }
        }
    };
    (usage, effects)
}

#[cfg(test)]
mod tests {
    use hearback_shared::query::Interval;

    use super::*;

    const NOW: UnixMillis = 1_795_007_109_000;

    fn answer() -> SeriesAnswer {
        SeriesAnswer {
            from: 0,
            to: 1,
            interval: Interval::Day,
            series: vec![],
        }
    }

    #[test]
    fn looking_at_a_period_asks_once() {
        let (usage, effects) = reduce(&Usage::default(), Action::Show(Period::Days7, NOW));
        assert_eq!(
            effects,
            [Effect::Load(Period::Days7, 1, Period::Days7.question(NOW))]
        );
        assert_eq!(reduce(&usage, Action::Show(Period::Days7, NOW + FRESH_MS)).1, []);
    }

    #[test]
    fn an_answer_is_shown_while_a_newer_one_is_asked_for() {
        let (usage, _) = reduce(&Usage::default(), Action::Show(Period::Days7, NOW));
        let (usage, _) = reduce(&usage, Action::Answered(Period::Days7, 1, NOW, Ok(answer())));
        assert_eq!(reduce(&usage, Action::Show(Period::Days7, NOW + 1_000)).1, []);
        let (usage, effects) = reduce(&usage, Action::Show(Period::Days7, NOW + FRESH_MS));
        assert_eq!(effects.len(), 1);
        assert!(usage.slot(Period::Days7).answer.is_some());
    }

    #[test]
    fn each_period_has_its_own_answer() {
        let (usage, _) = reduce(&Usage::default(), Action::Show(Period::Days7, NOW));
        let (usage, effects) = reduce(&usage, Action::Show(Period::Hours24, NOW));
        assert_eq!(effects.len(), 1);
        let (usage, _) = reduce(&usage, Action::Answered(Period::Days7, 1, NOW, Ok(answer())));
        assert!(usage.slot(Period::Hours24).answer.is_none());
    }

    #[test]
    fn a_failure_keeps_the_last_answer_and_waits_before_it_asks_by_itself() {
        let (usage, _) = reduce(&Usage::default(), Action::Show(Period::Days7, NOW));
        let (usage, _) = reduce(
            &usage,
            Action::Answered(Period::Days7, 1, NOW, Err(Failure::Unreachable)),
        );
        assert_eq!(reduce(&usage, Action::Show(Period::Days7, NOW + 1_000)).1, []);
        let (usage, effects) = reduce(&usage, Action::Refresh(Period::Days7, NOW + 2_000));
        assert_eq!(effects.len(), 1);
        let (usage, _) = reduce(
            &usage,
            Action::Answered(Period::Days7, 2, NOW + 2_000, Ok(answer())),
        );
        assert_eq!(usage.slot(Period::Days7).failure, None);
    }

    #[test]
    fn an_answer_to_an_earlier_request_is_dropped() {
        let (usage, _) = reduce(&Usage::default(), Action::Show(Period::Days7, NOW));
        let (usage, _) = reduce(&usage, Action::Refresh(Period::Days7, NOW));
        let (usage, _) = reduce(&usage, Action::Answered(Period::Days7, 1, NOW, Ok(answer())));
        assert!(usage.slot(Period::Days7).answer.is_none());
    }

    #[test]
    fn a_token_that_is_no_longer_accepted_ends_the_session() {
        let (usage, _) = reduce(&Usage::default(), Action::Show(Period::Days30, NOW));
        let refused = Action::Answered(Period::Days30, 1, NOW, Err(Failure::Unauthorized));
        assert_eq!(reduce(&usage, refused).1, [Effect::Expire]);
    }
}

//! Page views and events over a period: what was answered, and when to ask again.

mod period;

use hearback_shared::UnixMillis;
use hearback_shared::query::{SeriesAnswer, SeriesQuestion};

use crate::asked::{Asked, Taken};
use crate::failure::Failure;

pub use period::Period;

/// What is known about all periods.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    slots: [Asked<SeriesAnswer>; Period::ALL.len()],
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
    pub fn slot(&self, period: Period) -> &Asked<SeriesAnswer> {
        &self.slots[period as usize]
    }

    fn load(&mut self, period: Period, now: UnixMillis) -> Vec<Effect> {
        self.request += 1;
        let request = self.request;
        self.slots[period as usize].ask(request, now);
        vec![Effect::Load(period, request, period.question(now))]
    }
}

/// Decides what becomes of it.
pub fn reduce(usage: &Usage, action: Action) -> (Usage, Vec<Effect>) {
    let mut usage = usage.clone();
    let effects = match action {
        Action::Show(period, now) => {
            if usage.slot(period).is_due(now) {
                usage.load(period, now)
            } else {
                vec![]
            }
        }
        Action::Refresh(period, now) => usage.load(period, now),
        Action::Answered(period, request, now, answer) => {
            match usage.slots[period as usize].take(request, now, answer) {
                Taken::Unauthorized => vec![Effect::Expire],
                Taken::Yes | Taken::Failed | Taken::Late => vec![],
            }
        }
    };
    (usage, effects)
}

#[cfg(test)]
mod tests {
    use hearback_shared::query::Interval;

    use super::*;
    use crate::asked::FRESH_MS;

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

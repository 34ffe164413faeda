//! Decides what becomes of the ledger.

use hearback_shared::UnixMillis;
use hearback_shared::delivery::{DeadLetter, DeadLettersAnswer, ReplayAnswer};

use super::{Action, Doing, Effect, Ledger, Replay, range};
use crate::asked::Taken;
use crate::failure::Failure;
use crate::usage::Period;
use crate::words;

/// Pauses before each look at what became of letters that were sent again. Then somebody has to press "Refresh": a
/// sink that takes longer than this is tried for hours.
const LOOKS_MS: [u32; 6] = [700, 1_000, 2_000, 4_000, 8_000, 16_000];

/// Decides what becomes of it.
pub fn reduce(ledger: &Ledger, action: Action) -> (Ledger, Vec<Effect>) {
    let mut ledger = ledger.clone();
    let effects = match action {
        Action::Show(period, now) => ledger.show(period, now),
        Action::Refresh(period, now) => {
            ledger.shown = period;
            ledger.load_all(now)
        }
        Action::Hours(period, request, now, answer) => {
            ended(ledger.hours[period as usize].take(request, now, answer))
        }
        Action::Sinks(request, now, answer) => ended(ledger.sinks.take(request, now, answer)),
        Action::Letters(request, now, answer) => match ledger.letters.take(request, now, answer) {
            Taken::Yes => ledger.follow_replays(now),
            other => ended(other),
        },
        // Pressed twice: what runs goes on.
        Action::Test(sink) if ledger.tests.get(&sink) == Some(&Doing::Running) => vec![],
        Action::Test(sink) => {
            ledger.tests.insert(sink.clone(), Doing::Running);
            vec![Effect::Test(sink)]
        }
        Action::Tested(sink, now, answer) => {
            let (doing, expire) = done(answer);
            ledger.tests.insert(sink, doing);
            expire.unwrap_or_else(|| ledger.load_sinks(now))
        }
        Action::Open(id) => {
            ledger.opened.insert(id.clone(), Doing::Running);
            vec![Effect::Open(id)]
        }
        Action::Opened(id, answer) => ledger.show_letter(id, answer),
        Action::Close(id) => {
            ledger.opened.remove(&id);
            vec![]
        }
        Action::Replay(id) if ledger.is_on_its_way(&id) => vec![],
        Action::Replay(id) => {
            ledger.replays.insert(id.clone(), Replay::Asking);
            vec![Effect::Replay(id)]
        }
        Action::Replayed(id, now, answer) => ledger.replayed(id, now, answer),
        Action::ReplayAll(sink) if ledger.replays_of.get(&sink) == Some(&Doing::Running) => vec![],
        Action::ReplayAll(sink) => {
            ledger.replays_of.insert(sink.clone(), Doing::Running);
            vec![Effect::ReplayAll(sink)]
        }
        Action::ReplayedAll(sink, now, answer) => ledger.replayed_all(sink, now, answer),
        Action::LookAgain(now) => {
            ledger.is_look_set = false;
            ledger.load_all(now)
        }
    };
    (ledger, effects)
}

fn ended(taken: Taken) -> Vec<Effect> {
    match taken {
        Taken::Unauthorized => vec![Effect::Expire],
        Taken::Yes | Taken::Failed | Taken::Late => vec![],
    }
}

/// What a button's answer comes to, and the effects that end the session where the token is refused.
fn done<T>(answer: Result<T, Failure>) -> (Doing<T>, Option<Vec<Effect>>) {
    match answer {
        Ok(answer) => (Doing::Done(answer), None),
        Err(failure) => {
            let expire = (failure == Failure::Unauthorized).then(|| vec![Effect::Expire]);
            (Doing::Failed(failure), expire)
        }
    }
}

impl Ledger {
    fn number(&mut self) -> u64 {
        self.request += 1;
        self.request
    }

    fn is_on_its_way(&self, id: &str) -> bool {
        let known = self.letters.known();
        matches!(self.replays.get(id), Some(Replay::Asking | Replay::Sent))
            || known.and_then(|answer| still_there(answer, id)) == Some(true)
    }

    fn show(&mut self, period: Period, now: UnixMillis) -> Vec<Effect> {
        self.shown = period;
        let mut effects = Vec::new();
        if self.hours(period).is_due(now) {
            effects.extend(self.load_hours(now));
        }
        if self.sinks.is_due(now) {
            effects.extend(self.load_sinks(now));
        }
        if self.letters.is_due(now) {
            effects.extend(self.load_letters(now));
        }
        effects
    }

    fn load_all(&mut self, now: UnixMillis) -> Vec<Effect> {
        [self.load_hours(now), self.load_sinks(now), self.load_letters(now)].concat()
    }

    fn load_hours(&mut self, now: UnixMillis) -> Vec<Effect> {
        let (period, request) = (self.shown, self.number());
        let (from, to) = range(period, now);
        self.hours[period as usize].ask(request, now);
        vec![Effect::LoadHours(period, request, from, to)]
    }

    fn load_sinks(&mut self, now: UnixMillis) -> Vec<Effect> {
        let request = self.number();
        self.sinks.ask(request, now);
        vec![Effect::LoadSinks(request)]
    }

    fn load_letters(&mut self, now: UnixMillis) -> Vec<Effect> {
        let request = self.number();
        self.letters.ask(request, now);
        vec![Effect::LoadLetters(request)]
    }

    /// Only where it is still wanted: somebody may have closed the letter meanwhile.
    fn show_letter(&mut self, id: String, answer: Result<DeadLetter, Failure>) -> Vec<Effect> {
        let (doing, expire) = done(answer);
        if self.opened.contains_key(&id) {
            self.opened.insert(id, doing);
        }
        expire.unwrap_or_default()
    }

    fn replayed(
        &mut self,
        id: String,
        now: UnixMillis,
        answer: Result<ReplayAnswer, Failure>,
    ) -> Vec<Effect> {
        match answer {
            Ok(_) => {
                self.replays.insert(id, Replay::Sent);
                self.look_soon(now)
            }
            Err(Failure::Unauthorized) => vec![Effect::Expire],
            Err(failure) => {
                self.replays.insert(id, Replay::Failed(failure));
                vec![]
            }
        }
    }

    fn replayed_all(
        &mut self,
        sink: String,
        now: UnixMillis,
        answer: Result<ReplayAnswer, Failure>,
    ) -> Vec<Effect> {
        match answer {
            Ok(_) => {
                self.replays_of.remove(&sink);
                let known = self.letters.known().cloned();
                let letters = known.iter().flat_map(|answer| &answer.letters);
                for letter in letters.filter(|letter| letter.sink == sink) {
                    self.replays.insert(letter.id.clone(), Replay::Sent);
                }
                self.look_soon(now)
            }
            Err(Failure::Unauthorized) => vec![Effect::Expire],
            Err(failure) => {
                self.replays_of.insert(sink, Doing::Failed(failure));
                vec![]
            }
        }
    }

    /// An answer that was asked for before the letter went out says nothing about it: asking anew makes it late.
    fn look_soon(&mut self, now: UnixMillis) -> Vec<Effect> {
        self.looks = 0;
        self.load_letters(now)
    }

    /// Letters that are gone were taken; those that are there and not on their way were refused once more.
    fn follow_replays(&mut self, now: UnixMillis) -> Vec<Effect> {
        let Some(answer) = self.letters.known().cloned() else {
            return vec![];
        };
        let sent: Vec<String> = self
            .replays
            .iter()
            .filter(|(_, replay)| **replay == Replay::Sent)
            .map(|(id, _)| id.clone())
            .collect();
        if sent.is_empty() {
            return vec![];
        }
        let (mut taken, mut refused) = (0, 0);
        for id in sent {
            match still_there(&answer, &id) {
                None => taken += 1,
                Some(false) => refused += 1,
                Some(true) => continue,
            }
            self.replays.remove(&id);
            self.opened.remove(&id);
        }
        if taken + refused > 0 {
            self.spoken = words::replay_outcome(taken, refused);
        }
        if self.replays.values().any(|replay| *replay == Replay::Sent) {
            return self.look_again();
        }
        // The sums were asked for beside the letters and may be from before: once more.
        [self.load_hours(now), self.load_sinks(now)].concat()
    }

    fn look_again(&mut self) -> Vec<Effect> {
        match LOOKS_MS.get(self.looks) {
            Some(pause) if !self.is_look_set => {
                self.looks += 1;
                self.is_look_set = true;
                vec![Effect::LookAgainIn(*pause)]
            }
            _ => vec![],
        }
    }
}

/// Whether a letter is still among the dead ones, and then whether it is on its way.
fn still_there(answer: &DeadLettersAnswer, id: &str) -> Option<bool> {
    let letter = answer.letters.iter().find(|letter| letter.id == id);
    letter.map(|letter| letter.replaying)
}

//! What the panel does when something happens: a pure function, so that every path is tested without a browser.

use hearback_shared::item::{Feedback, FeedbackKind};

use crate::feedback::{Draft, Problem};
use crate::progress::{Progress, Reason};

/// Everything the panel shows follows from this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Whether the visitor sees the panel.
    pub open: bool,
    /// How far their feedback has come.
    pub phase: Phase,
    /// What stands in the form. It stays until the server has acknowledged it.
    pub draft: Draft,
    /// What is wrong with it.
    pub problem: Option<Problem>,
    /// Whether the loader said that it outlives the page. Until then nothing is promised.
    pub durable: bool,
}

/// How far feedback has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// It is being written.
    #[default]
    Writing,
    /// It was handed to the loader and nobody has answered yet.
    Sending,
    /// An attempt to send it failed; there will be others.
    Waiting(Reason),
    /// The server has acknowledged it.
    Arrived,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The loader wants the panel shown.
    Show,
    /// The loader wants the panel hidden.
    Hide,
    /// The visitor pressed a button that closes.
    Close,
    /// The dialog was closed, by us or by the browser (Escape, the back gesture).
    Closed,
    /// The visitor chose what it is.
    Kind(FeedbackKind),
    /// The visitor wrote.
    Text(String),
    /// The visitor rated, or took the rating back.
    Rating(Option<u8>),
    /// The visitor gave an address.
    Email(String),
    /// The visitor wants it sent.
    Send,
    /// The loader could not take it.
    NotTaken,
    /// The loader tells how far it has come.
    Told(Progress),
    /// The visitor wants to send another.
    Another,
}

/// What is to be done in the page, after it shows the new state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Show the dialog.
    OpenDialog,
    /// Close the dialog; [`Action::Closed`] follows.
    CloseDialog,
    /// Put the focus somewhere.
    Focus(Spot),
    /// Hand feedback to the loader.
    Send(Feedback),
    /// Tell the loader that the visitor closed the panel.
    TellClosed,
}

/// Where the focus can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The heading of what is shown.
    Heading,
    /// The chosen kind, the first field.
    Kind,
    /// The text.
    Text,
    /// The rating.
    Rating,
    /// The e-mail address.
    Email,
}

/// The next state, and what is to be done in the page.
pub fn reduce(mut state: State, action: Action) -> (State, Vec<Effect>) {
    let effects = match action {
        Action::Show => show(&mut state),
        Action::Hide => {
            leave(&mut state);
            vec![Effect::CloseDialog]
        }
        Action::Close => vec![Effect::CloseDialog],
        Action::Closed if state.open => {
            leave(&mut state);
            vec![Effect::TellClosed]
        }
        Action::Send => send(&mut state),
        Action::NotTaken if state.phase == Phase::Sending => refuse(&mut state, Problem::NotTaken),
        Action::Told(progress) => follow(&mut state, progress),
        Action::Another if state.phase == Phase::Arrived => {
            begin_anew(&mut state);
            vec![Effect::Focus(Spot::Text)]
        }
        edit if state.phase == Phase::Writing => write(&mut state, edit),
        _ => vec![],
    };
    (state, effects)
}

fn show(state: &mut State) -> Vec<Effect> {
    if state.open {
        return vec![];
    }
    state.open = true;
    vec![
        Effect::OpenDialog,
        Effect::Focus(if state.phase == Phase::Writing {
            Spot::Kind
        } else {
            Spot::Heading
        }),
    ]
}

/// The thanks have been seen: the next visitor to the panel finds an empty form.
fn leave(state: &mut State) {
    state.open = false;
    if state.phase == Phase::Arrived {
        begin_anew(state);
    }
}

/// The address stays: who gave it once would give the same again.
fn begin_anew(state: &mut State) {
    let email = std::mem::take(&mut state.draft.email);
    *state = State {
        open: state.open,
        draft: Draft {
            email,
            ..Draft::default()
        },
        ..State::default()
    };
}

fn write(state: &mut State, edit: Action) -> Vec<Effect> {
    let draft = &mut state.draft;
    match edit {
        Action::Kind(kind) => draft.kind = kind,
        Action::Text(text) => {
            draft.text = text;
            // A word about the address stands until the address changes.
            state.problem = state
                .problem
                .take()
                .filter(|problem| *problem == Problem::EmailInvalid);
        }
        Action::Rating(rating) => {
            draft.rating = rating;
            if rating.is_none() {
                // The button that took it back is gone.
                return vec![Effect::Focus(Spot::Rating)];
            }
        }
        Action::Email(email) => {
            draft.email = email;
            state.problem = state
                .problem
                .take()
                .filter(|problem| *problem != Problem::EmailInvalid);
        }
        _ => {}
    }
    vec![]
}

fn send(state: &mut State) -> Vec<Effect> {
    if state.phase != Phase::Writing {
        return vec![];
    }
    match state.draft.check() {
        Ok(feedback) => {
            state.phase = Phase::Sending;
            state.problem = None;
            state.durable = false;
            vec![Effect::Send(feedback)]
        }
        Err(problem) => refuse(state, problem),
    }
}

/// Back to the form, with the visitor's words in it and the focus on what to put right.
fn refuse(state: &mut State, problem: Problem) -> Vec<Effect> {
    let spot = if problem == Problem::EmailInvalid {
        Spot::Email
    } else {
        Spot::Text
    };
    state.phase = Phase::Writing;
    state.problem = Some(problem);
    focus(state, spot)
}

fn follow(state: &mut State, progress: Progress) -> Vec<Effect> {
    if !matches!(state.phase, Phase::Sending | Phase::Waiting(_)) {
        return vec![];
    }
    match progress {
        Progress::Kept { durable } => {
            state.durable = durable;
            vec![]
        }
        Progress::Waiting(reason) => go_to(state, Phase::Waiting(reason)),
        Progress::Accepted => go_to(state, Phase::Arrived),
        Progress::Rejected { code, message } => refuse(state, Problem::from_code(&code, message)),
    }
}

/// The form makes way for a message, and the focus that was in it needs a place.
fn go_to(state: &mut State, phase: Phase) -> Vec<Effect> {
    let form_goes = state.phase == Phase::Sending;
    state.phase = phase;
    if form_goes {
        focus(state, Spot::Heading)
    } else {
        vec![]
    }
}

/// A closed panel must not pull the focus out of the page.
fn focus(state: &State, spot: Spot) -> Vec<Effect> {
    if state.open {
        vec![Effect::Focus(spot)]
    } else {
        vec![]
    }
}

#[cfg(test)]
mod tests;

//! The next state.

use super::{Action, Effect, Phase, Preview, State, letter};
use crate::draft::{Notice, Problem};
use crate::form::Ask;
use crate::progress::Progress;

/// The heading of what is shown.
const HEADING: &str = "h2";
/// The chosen kind, or the text where no kind is asked for: the first of them that is there.
const FIRST: &str = "[name=qa]:checked,[name=qb]";
/// The text.
const TEXT: &str = "[name=qb]";

/// The first control of a question.
fn control(at: usize) -> String {
    letter("[name=q", at).to_string() + "]"
}

/// The next state, and what is to be done in the page.
pub fn reduce(mut state: State, action: Action) -> (State, Vec<Effect>) {
    let effects = match action {
        Action::Ready => {
            state.ready = true;
            if state.open { opening(&state) } else { vec![] }
        }
        Action::Show if !state.open => {
            state.open = true;
            if state.ready { opening(&state) } else { vec![] }
        }
        Action::Hide => {
            leave(&mut state);
            vec![Effect::CloseDialog]
        }
        Action::Close => vec![Effect::CloseDialog],
        Action::Closed if state.open => {
            leave(&mut state);
            vec![Effect::TellClosed]
        }
        Action::Send if state.phase == Phase::Writing => send(&mut state),
        Action::NotTaken if state.phase == Phase::Sending => refuse(&mut state, Some(Notice::NotTaken), None),
        Action::Told(ticket, progress) if ticket == state.ticket => follow(&mut state, progress),
        Action::Told(ticket, progress) => follow_earlier(&mut state, ticket, progress),
        Action::Another if matches!(state.phase, Phase::Waiting(_) | Phase::Arrived) => {
            begin_anew(&mut state);
            vec![Effect::Focus(TEXT.to_owned(), true)]
        }
        Action::Copy => vec![Effect::Copy(state.receipt.clone())],
        Action::Copied => {
            state.copied = true;
            vec![]
        }
        Action::About(about) => {
            state.about = about;
            vec![]
        }
        Action::Look => vec![Effect::LookAround],
        Action::Previewed(parts) if state.preview != Preview::Closed => {
            state.preview = if parts.iter().all(|part| part.len() > 1) {
                Preview::Shown(parts)
            } else {
                Preview::Failed
            };
            vec![]
        }
        edit if state.phase == Phase::Writing => write(&mut state, edit),
        _ => vec![],
    };
    (state, effects)
}

fn opening(state: &State) -> Vec<Effect> {
    let first = if state.phase == Phase::Writing {
        FIRST
    } else {
        HEADING
    };
    vec![
        Effect::OpenDialog,
        Effect::LookAround,
        Effect::Focus(first.to_owned(), true),
    ]
}

/// The thanks have been seen: the next visitor to the panel finds an empty form.
fn leave(state: &mut State) {
    state.open = false;
    if state.phase == Phase::Arrived {
        begin_anew(state);
    }
}

/// The address stays: who gave it once would give the same again. So do the choices about what goes along.
fn begin_anew(state: &mut State) {
    let mut values = state.form.empty();
    if let Some(at) = state.form.find("contact.email") {
        values[at].clone_from(&state.values[at]);
    }
    let before = std::mem::replace(&mut state.values, values);
    if matches!(state.phase, Phase::Waiting(_)) {
        state.earlier.push((state.ticket, before));
    }
    // What comes for a ticket that is not the present one is about an earlier one.
    state.ticket += 1;
    state.phase = Phase::Writing;
    state.problems.clear();
    state.notice = state
        .notice
        .take()
        .filter(|notice| matches!(notice, Notice::RefusedEarlier(_)));
    state.preview = Preview::Closed;
}

fn write(state: &mut State, edit: Action) -> Vec<Effect> {
    match edit {
        Action::Answer(at, given) if at < state.values.len() => {
            let taken_back = given.is_empty() && state.form.questions[at].ask.is_rating();
            answer(state, at, given);
            // A word about an answer stands until that answer changes, and one about the whole until any does.
            state.problems.retain(|(place, _)| *place != at);
            state.notice = None;
            let mut effects = vec![Effect::Keep(state.form.draft(&state.values))];
            if taken_back {
                // The button that took it back is gone.
                effects.push(Effect::Focus(control(at), true));
            }
            preview(state, &mut effects);
            effects
        }
        Action::Part(part) if part < state.off.len() => {
            state.off[part] = !state.off[part];
            let mut effects = vec![];
            preview(state, &mut effects);
            effects
        }
        Action::Picture(how) => vec![Effect::Picture(how)],
        Action::Pictured => {
            state.notice = None;
            let mut effects = vec![];
            preview(state, &mut effects);
            effects
        }
        Action::Preview(false) => {
            state.preview = Preview::Closed;
            vec![]
        }
        Action::Preview(true) if state.preview == Preview::Closed => {
            state.preview = Preview::Loading;
            let mut effects = vec![];
            preview(state, &mut effects);
            effects
        }
        _ => vec![],
    }
}

/// Most controls say the whole answer; one of several choices, and a tick, say what was turned over.
fn answer(state: &mut State, at: usize, given: String) {
    let question = &state.form.questions[at];
    let value = &mut state.values[at];
    match question.ask {
        Ask::Choices => {
            let mut chosen = String::new();
            for option in &question.options {
                if value.lines().any(|one| one == option) != (*option == given) {
                    if !chosen.is_empty() {
                        chosen.push('\n');
                    }
                    chosen.push_str(option);
                }
            }
            *value = chosen;
        }
        Ask::Tick if !value.is_empty() => value.clear(),
        _ => *value = given,
    }
}

fn preview(state: &State, effects: &mut Vec<Effect>) {
    if state.preview != Preview::Closed {
        effects.push(Effect::Preview(state.form.said(&state.values), state.left_out()));
    }
}

fn send(state: &mut State) -> Vec<Effect> {
    state.notice = None;
    state.problems = state.form.check(&state.values);
    if let Some((at, _)) = state.problems.first() {
        return vec![Effect::Focus(control(*at), true)];
    }
    state.phase = Phase::Sending;
    state.durable = false;
    state.copied = false;
    let said = state.form.said(&state.values);
    vec![Effect::Send(state.ticket, said, state.left_out())]
}

/// Back to the form, with the visitor's words in it and the focus on what to put right.
fn refuse(state: &mut State, notice: Option<Notice>, problem: Option<(usize, Problem)>) -> Vec<Effect> {
    let at = problem.map_or(1, |(at, _)| at);
    state.phase = Phase::Writing;
    state.notice = notice;
    state.problems = problem.into_iter().collect();
    let mut effects = focus(state, &control(at));
    effects.push(Effect::Keep(state.form.draft(&state.values)));
    effects
}

fn follow(state: &mut State, progress: Progress) -> Vec<Effect> {
    if !matches!(state.phase, Phase::Sending | Phase::Waiting(_)) {
        return vec![];
    }
    match progress {
        Progress::Kept { durable } => {
            state.durable = durable;
            // What the queue holds comes back after a reload by itself; a draft of it would be sent twice.
            if durable {
                vec![Effect::Keep(String::new())]
            } else {
                vec![]
            }
        }
        Progress::Waiting(reason) => go_to(state, Phase::Waiting(reason)),
        Progress::Accepted { receipt } => {
            state.receipt = receipt;
            let mut effects = go_to(state, Phase::Arrived);
            effects.push(Effect::Keep(String::new()));
            effects
        }
        Progress::Rejected { code, message } => {
            let problem = match code.as_str() {
                "text_empty" => Some((1, Problem::TextEmpty)),
                "text_too_long" => Some((1, Problem::TextTooLong)),
                "email_invalid" => state
                    .form
                    .find("contact.email")
                    .map(|at| (at, Problem::EmailInvalid)),
                _ => None,
            };
            let notice = match problem {
                Some(_) => None,
                None if code == "too_old" => Some(Notice::PageTooOld),
                None if code == "picture" => Some(Notice::PictureNotSent),
                None => Some(Notice::Refused(message)),
            };
            refuse(state, notice, problem)
        }
    }
}

/// News of feedback that waited while the visitor went on to another. Only bad news matters: its words come back, or
/// the visitor is at least told where they have begun something else.
fn follow_earlier(state: &mut State, ticket: u32, progress: Progress) -> Vec<Effect> {
    let Some(place) = state.earlier.iter().position(|(one, _)| *one == ticket) else {
        return vec![];
    };
    match progress {
        Progress::Accepted { .. } => {
            state.earlier.swap_remove(place);
        }
        Progress::Rejected { message, .. } => {
            let (_, values) = state.earlier.swap_remove(place);
            let nothing_yet = state.values.get(1).is_none_or(String::is_empty);
            state.notice = Some(if state.phase == Phase::Writing && nothing_yet {
                state.values = values;
                Notice::Refused(message)
            } else {
                Notice::RefusedEarlier(message)
            });
        }
        _ => {}
    }
    vec![]
}

/// The form makes way for a message, and the focus that was in it needs a place.
fn go_to(state: &mut State, phase: Phase) -> Vec<Effect> {
    let form_goes = state.phase == Phase::Sending;
    state.phase = phase;
    if form_goes {
        state.preview = Preview::Closed;
        focus(state, HEADING)
    } else {
        vec![]
    }
}

/// A closed panel must not pull the focus out of the page, nor one beside which the visitor has gone on.
fn focus(state: &State, selector: &str) -> Vec<Effect> {
    if state.open {
        vec![Effect::Focus(selector.to_owned(), false)]
    } else {
        vec![]
    }
}

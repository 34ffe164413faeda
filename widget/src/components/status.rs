//! The one line that screen readers speak: always there, and said once when its words change.

use yew::AttrValue;

use super::tree::Tree;
use crate::draft::Notice;
use crate::progress::Reason;
use crate::state::{Phase, State};
use crate::words::{Words, name};

pub(super) fn view(tree: &mut Tree, state: &State, words: &Words) {
    // Each is followed by what is said where it does not outlive the page.
    let unless_durable = usize::from(!state.durable);
    let said = match (state.phase, &state.notice) {
        (Phase::Writing, None) => AttrValue::default(),
        (Phase::Writing, Some(Notice::PageTooOld)) => words.at(name::TOO_OLD),
        (Phase::Writing, Some(Notice::NotTaken)) => words.at(name::NOT_TAKEN),
        (Phase::Writing, Some(Notice::PictureNotSent)) => words.at(name::PICTURE_UNSENT),
        (Phase::Writing, Some(Notice::Refused(reason))) => words.with(name::REFUSED, reason),
        (Phase::Writing, Some(Notice::RefusedEarlier(reason))) => words.with(name::REFUSED_EARLIER, reason),
        (Phase::Sending, _) => words.at(name::KEPT + unless_durable),
        (Phase::Waiting(Reason::Offline), _) => words.at(name::OFFLINE + unless_durable),
        (Phase::Waiting(Reason::Server), _) => words.at(name::SERVER + unless_durable),
        (Phase::Arrived, _) => words.at(name::ARRIVED),
    };
    tree.open("p")
        .set("class", "hb-said")
        .set("role", "status")
        .say(said)
        .close();
}

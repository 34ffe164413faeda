//! What will be sent, exactly: after the code that runs at the edge has taken secrets out of it.

use yew::AttrValue;

use super::field;
use super::tree::Tree;
use crate::state::{Preview, State};
use crate::words::{Words, name};

pub(super) fn view(tree: &mut Tree, state: &State, words: &Words) {
    tree.open("details")
        .set("id", "hb-preview")
        .open("summary")
        .say(words.at(name::PREVIEW))
        .close()
        .open("dl");
    if let Preview::Shown(parts) = &state.preview {
        for part in parts {
            tree.open("dt")
                .say(called(&part[0], state, words))
                .close()
                .open("dd")
                .set("dir", "auto")
                .say(part[part.len() - 1].clone().into())
                .close();
        }
    }
    let hint = match &state.preview {
        Preview::Shown(_) => words.at(name::PREVIEW_HINT),
        Preview::Failed => words.at(name::PREVIEW_LATE),
        Preview::Closed | Preview::Loading => AttrValue::default(),
    };
    tree.close().open("p").say(hint).close().close();
}

/// What a part of the item is called: as the form calls it, or as it is called on the wire.
fn called(path: &str, state: &State, words: &Words) -> AttrValue {
    match path {
        "url" => words.at(name::PAGE),
        "screen" => words.at(name::DEVICE),
        "release" => words.at(name::RELEASE),
        "breadcrumbs" => words.at(name::STEPS),
        _ => match state.form.find(path) {
            Some(at) => field::label(&state.form.questions[at], state.kind(), words),
            None => path.to_owned().into(),
        },
    }
}

//! The buttons, and the receipt: a link to what became of it.

use yew::AttrValue;

use super::tree::Tree;
use crate::state::{Phase, State};
use crate::words::{Words, name};

/// Where the visitor sees, now or later, what became of it.
pub(super) fn receipt(tree: &mut Tree, state: &State, words: &Words) {
    tree.open("div")
        .set("class", "hb-receipt")
        .set_if(
            state.phase != Phase::Arrived || state.receipt.is_empty(),
            "hidden",
            "",
        )
        .open("p")
        .say(words.at(name::RECEIPT_HINT))
        .close()
        .open("a")
        .put("href", state.receipt.clone().into())
        .set("target", "_blank")
        .say(words.at(name::RECEIPT))
        .close();
    let copy = if state.copied { name::COPIED } else { name::COPY };
    button(tree, "copy", "side", words.at(copy));
    tree.close();
}

/// What can be done next: one primary action a view.
pub(super) fn view(tree: &mut Tree, state: &State, words: &Words) {
    // A place of its own, so that what comes and goes in it moves nothing beside it.
    tree.open("div");
    if state.is_writing() {
        let sending = state.phase == Phase::Sending;
        // Not `disabled`, which would drop the focus.
        tree.open("button")
            .set("data-rank", "main")
            .set("form", "hb-form")
            .set_if(sending, "aria-disabled", "true")
            .say(words.at(if sending { name::SENDING } else { name::SEND }))
            .close();
    } else {
        button(tree, "another", "side", words.at(name::ANOTHER));
        button(tree, "close", "main", words.at(name::CLOSE));
    }
    tree.close();
}

fn button(tree: &mut Tree, name: &'static str, rank: &'static str, label: AttrValue) {
    tree.open("button")
        .set("type", "button")
        .set("name", name)
        .set("data-rank", rank)
        .say(label)
        .close();
}

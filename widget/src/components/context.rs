//! What goes along, with a switch each: what is switched off is not sent.

use super::tree::Tree;
use crate::state::{PARTS, State, letter};
use crate::words::{Words, name};

pub(super) fn view(tree: &mut Tree, state: &State, words: &Words) {
    let offered = |part: usize| state.offers(part);
    tree.open("details")
        .set("id", "hb-context")
        .set_if(!(0..PARTS.len()).any(offered), "hidden", "")
        .open("summary")
        .say(words.at(name::CONTEXT))
        .close();
    for (part, says) in state.about.iter().enumerate() {
        tree.open("div")
            .set_if(!state.offers(part), "hidden", "")
            .open("label")
            .open("input")
            .set("type", "checkbox")
            .set("role", "switch")
            .set("name", "part")
            .value(letter("", part))
            .checked(!state.off[part])
            .close()
            .say(words.at(name::PAGE + part))
            .close();
        for one in says {
            tree.open("p").set("dir", "auto").say(one.clone().into()).close();
        }
        tree.close();
    }
    tree.close();
}

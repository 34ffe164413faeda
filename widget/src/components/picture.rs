//! How a picture is added, or something pointed at. What was added is shown by the loader's part `pictures`, in a place
//! that is kept for it here: most visitors add none, and would pay for showing it.

use super::tree::Tree;
use crate::state::State;
use crate::words::{Words, name};

/// What the visitor can do, in the order of its words.
const HOW: [&str; 3] = ["page", "screen", "point"];

pub(super) fn view(tree: &mut Tree, state: &State, words: &Words) {
    let offered = state.form.picture.as_str();
    tree.open("fieldset")
        .set("data-ask", "picture")
        .set_if(offered.is_empty(), "hidden", "")
        .open("legend")
        .say(words.at(name::PICTURE))
        .open("small")
        .say(words.at(name::OPTIONAL))
        .close()
        .close()
        .open("div");
    for (place, how) in HOW.into_iter().enumerate() {
        tree.open("button")
            .set("type", "button")
            .set("name", "picture")
            .set("value", how)
            .set_if(how == "screen" && offered != how, "hidden", "")
            .say(words.at(name::PICTURE_PAGE + place))
            .close();
    }
    // Not a button: a browser asks for a file only where the visitor pressed its own control.
    tree.open("label")
        .open("input")
        .set("type", "file")
        .set("name", "picture")
        .set("accept", "image/*")
        .close()
        .open("span")
        .say(words.at(name::PICTURE_FILE))
        .close()
        .close()
        .close()
        .open("div")
        .close()
        .close();
}

//! What the panel does when something happens: a pure function, so that every path is tested without a browser.

mod action;
mod reduce;

pub use action::{Action, Effect};
pub use reduce::reduce;

use yew::AttrValue;

use crate::draft::{Notice, Problem};
use crate::form::Form;
use crate::progress::Reason;

/// What may go along besides the visitor's words, by its name for the loader. The order is that of the page's side.
pub const PARTS: [&str; 5] = ["url", "screen", "release", "breadcrumbs", "props"];
/// What the page adds of its own accord, the last of the parts: `form.context` is not about it.
const CUSTOM: usize = 4;

/// Everything the panel shows follows from this.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own, and any of them may go with any other"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// What is asked.
    pub form: Form,
    /// Whether the words are there: without them nothing is shown.
    pub ready: bool,
    /// Whether the visitor sees the panel, or will once it is ready.
    pub open: bool,
    /// How far their feedback has come.
    pub phase: Phase,
    /// The answers, one for each question. They stay until the server has acknowledged them.
    pub values: Vec<String>,
    /// What has to be put right, by its question.
    pub problems: Vec<(usize, Problem)>,
    /// What is wrong with the whole.
    pub notice: Option<Notice>,
    /// Whether the loader said that it outlives the page. Until then nothing is promised.
    pub durable: bool,
    /// Where the visitor sees later what became of it.
    pub receipt: String,
    /// Whether the receipt is on the clipboard.
    pub copied: bool,
    /// Tells this piece of feedback from those before.
    pub ticket: u32,
    /// What was sent before and has had no answer yet.
    pub earlier: Vec<(u32, Vec<String>)>,
    /// What each of the [`PARTS`] would say; empty where there is nothing.
    pub about: Vec<Vec<String>>,
    /// Which of them the visitor does not want to go along.
    pub off: [bool; 5],
    /// What will be sent, if the visitor wants to see it.
    pub preview: Preview,
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

/// What will be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Preview {
    /// The visitor has not asked.
    #[default]
    Closed,
    /// The code that redacts is on its way.
    Loading,
    /// It did not come.
    Failed,
    /// Part by part: where it stands in the item, and what.
    Shown(Vec<Vec<String>>),
}

/// A name for a place: what stands before, and a letter. Numbers in words would bring code of their own.
pub fn letter(before: &str, place: usize) -> AttrValue {
    let mut name = before.to_owned();
    name.push(char::from_digit(10 + u32::try_from(place).unwrap_or_default(), 36).unwrap_or('z'));
    name.into()
}

/// The place with this letter.
fn place(letter: &str) -> Option<usize> {
    let first = letter.bytes().next()?;
    (letter.len() == 1).then(|| usize::from(first.wrapping_sub(b'a')))
}

impl State {
    /// With a form, and what a reload left of an earlier visit to it.
    pub fn new(form: Form, draft: &str) -> Self {
        Self {
            values: form.restored(draft),
            form,
            ..Self::default()
        }
    }

    /// Whether the form is what there is to see.
    pub fn is_writing(&self) -> bool {
        matches!(self.phase, Phase::Writing | Phase::Sending)
    }

    /// The chosen kind.
    pub fn kind(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// Whether the visitor is asked if a part may go along.
    pub fn offers(&self, part: usize) -> bool {
        (self.form.context || part == CUSTOM)
            && self
                .about
                .get(part)
                .is_some_and(|says| says.iter().any(|one| !one.is_empty()))
    }

    /// The names of the parts that do not go along.
    pub fn left_out(&self) -> String {
        let mut names = String::new();
        for (part, name) in PARTS.into_iter().enumerate() {
            if self.off[part] || (!self.form.context && part != CUSTOM) {
                names.push_str(name);
                names.push(' ');
            }
        }
        names
    }
}

#[cfg(test)]
mod tests;

//! What can happen, and what is to be done about it.

use super::place;
use crate::progress::Progress;

/// What can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The words have come.
    Ready,
    /// The loader wants the panel shown.
    Show,
    /// The loader wants the panel hidden.
    Hide,
    /// The visitor pressed what closes.
    Close,
    /// The dialog was closed, by us or by the browser (Escape, the back gesture).
    Closed,
    /// The visitor wrote, chose, ticked or took back: the question's place, and what the control says.
    Answer(usize, String),
    /// The visitor wants it sent.
    Send,
    /// The loader could not take it.
    NotTaken,
    /// The loader tells how far the feedback of a ticket has come.
    Told(u32, Progress),
    /// The visitor wants to send another.
    Another,
    /// What would go along, as of now.
    About(Vec<Vec<String>>),
    /// The visitor looks at what would go along.
    Look,
    /// The visitor switched a part of it on or off.
    Part(usize),
    /// The visitor opened or closed the preview.
    Preview(bool),
    /// What will be sent; nothing where the code that redacts did not come.
    Previewed(Vec<Vec<String>>),
    /// The visitor wants to add a picture or point at something: how, or the name of their file.
    Picture(String),
    /// What goes along of pictures has changed.
    Pictured,
    /// The visitor wants the receipt on the clipboard.
    Copy,
    /// It is there.
    Copied,
}

/// What is to be done in the page, after it shows the new state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Show the dialog.
    OpenDialog,
    /// Close the dialog; [`Action::Closed`] follows.
    CloseDialog,
    /// Put the focus on what this selector finds; always, or unless the visitor has gone elsewhere meanwhile.
    Focus(String, bool),
    /// Hand feedback to the loader: its ticket, what was said, what is left out.
    Send(u32, String, String),
    /// Tell the loader that the visitor closed the panel.
    TellClosed,
    /// Keep a draft over a reload, or nothing any more.
    Keep(String),
    /// See what would go along; [`Action::About`] follows.
    LookAround,
    /// Redact what was said, without what is left out; [`Action::Previewed`] follows.
    Preview(String, String),
    /// Put a text on the clipboard.
    Copy(String),
    /// Let the visitor add a picture in this way; [`Action::Pictured`] follows.
    Picture(String),
}

impl Action {
    /// What is meant by the name and the value of the control that the visitor touched.
    pub fn by(name: &str, value: String) -> Option<Self> {
        Some(match name {
            "closed" => Self::Closed,
            "close" => Self::Close,
            "send" => Self::Send,
            "another" => Self::Another,
            "copy" => Self::Copy,
            "copied" => Self::Copied,
            "picture" => Self::Picture(value),
            "pictured" => Self::Pictured,
            "hb-context" => Self::Look,
            "part" => Self::Part(place(&value)?),
            "hb-preview" => Self::Preview(!value.is_empty()),
            "clear" => Self::Answer(place(&value)?, String::new()),
            _ => Self::Answer(place(name.strip_prefix('q')?)?, value),
        })
    }
}

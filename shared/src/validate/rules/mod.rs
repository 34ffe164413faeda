//! The rules, one a file. Each looks at one thing, and the first that is broken is the answer.

mod age;
mod bidi;
mod breadcrumbs;
mod control;
mod email;
mod identity;
mod length;
mod message_time;
mod name;
mod nul;
mod numbers;
mod piece;
mod props;
mod rating;
mod reserved;
mod time;
mod words;

pub(super) use age::age;
pub(crate) use bidi::is_bidi_control;
pub use email::email_is_plausible;
pub(super) use message_time::message_time;

use crate::item::{Context, Item};
use crate::producer::Producer;
use crate::rejection::Rejection;
use piece::Piece;

/// Everything that one item is held to.
pub(super) fn item(item: &Item, producer: Option<&Producer>) -> Result<(), Rejection> {
    identity::identity(&item.key, producer)?;
    time::time(item.at)?;
    props::props(&item.body)?;
    piece::pieces_of(item).try_for_each(|piece| text(&piece))?;
    numbers::numbers(&item.body)?;
    words::words(&item.body)?;
    rating::rating(&item.body)?;
    breadcrumbs::breadcrumbs(&item.body)?;
    email::email(&item.body)
}

/// What the context of a batch is held to.
pub(super) fn context(context: &Context) -> Result<(), Rejection> {
    piece::pieces_of_context(context).try_for_each(|piece| text(&piece))
}

/// What every name, address and text is held to.
fn text(piece: &Piece<'_>) -> Result<(), Rejection> {
    if !piece.is_printable_ascii() {
        nul::nul(piece)?;
        control::control(piece)?;
        bidi::bidi(piece)?;
    }
    reserved::reserved(piece)?;
    name::name(piece)?;
    length::length(piece)
}

/// Whether an event or a property may be called this: what schemas are held to.
pub(super) fn name_of(name: &str) -> Result<(), Rejection> {
    text(&Piece::name(name))
}

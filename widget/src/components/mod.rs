//! What the panel shows. Each function turns state into elements; none decides anything, and none listens: one ear
//! hears all there is to hear (`browser/page.js`), and what a control is called says what it is about
//! ([`crate::state::Action::by`]).
//!
//! What is not asked or not there is hidden rather than left out: the elements then keep their places, and the one
//! with the focus is never made anew.

pub mod panel;

mod actions;
mod context;
mod field;
mod picture;
mod preview;
mod status;
mod tree;

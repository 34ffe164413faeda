//! What the panel shows. Each function turns state into elements and actions; none decides anything.

pub mod panel;

mod actions;
mod email;
mod form;
mod kind;
mod rating;
mod status;
mod text;

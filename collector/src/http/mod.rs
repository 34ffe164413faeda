//! Routes, answers and errors as values; `platform` turns them into the runtime's own.

pub mod assets;
pub mod export;
pub mod json;
pub mod pages;
pub mod problem;
pub mod questions;
pub mod reply;
pub mod routes;
pub mod settings;
pub mod widget;

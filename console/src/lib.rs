//! The console: the web app in which a team reads, and measures, what visitors say.
//!
//! What is true is decided in pure reducers (`session`, `feed`, `usage`, `ledger`), which run natively in the tests. Components
//! and routes show it. Only `browser` names the platform; the reducers ask for what they need by returning effects,
//! which the hooks hand to `browser`.

pub mod api;
mod app;
pub mod asked;
mod browser;
pub mod charts;
mod components;
pub mod failure;
pub mod feed;
mod hooks;
pub mod ledger;
pub mod live;
pub mod route;
mod routes;
pub mod session;
pub mod usage;
pub mod words;
mod workspace;

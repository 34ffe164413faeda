//! Builds, runs, tests, measures and checks Hearback.
//!
//! `cargo xtask` is the only build tool a person needs to know. It is a library too: the tests against the real
//! runtime start their servers with [`runtime::Server`].
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks there"
)]

pub mod args;
pub mod assets;
pub mod bench;
pub mod browser;
pub mod build;
pub mod bundle;
pub mod check;
pub mod demo;
pub mod faults;
pub mod fuzz;
mod glue;
pub mod integrity;
pub mod paths;
pub mod ports;
pub mod runtime;
pub mod seed;
pub mod serve;
pub mod shell;
pub mod size;
pub mod stamp;
pub mod suite;
pub mod tools;
pub mod wasm;

//! What runs Hearback on one machine: the program `hearback` of the bundle (docs/self-host.md).
//!
//! It needs neither the source tree nor Node, openssl or sqlite3: it checks settings and mints credentials with the
//! collector's own code, and copies the objects' files with SQLite itself.
#![allow(clippy::print_stdout, reason = "a command-line tool speaks there")]

#[cfg(feature = "program")]
pub mod backup;
#[cfg(feature = "program")]
pub mod layout;
#[cfg(feature = "program")]
pub mod objects;
#[cfg(feature = "program")]
pub mod restore;
pub mod secrets;
#[cfg(feature = "program")]
pub mod settings;
#[cfg(feature = "program")]
pub mod start;
#[cfg(feature = "program")]
pub mod sweep;

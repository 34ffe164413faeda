//! Nothing lost, nothing twice: a real `workerd` is killed again and again while pages send to it through a proxy that
//! cuts connections, and while its sink fails in every way. Afterwards [`check`] reads the files and the senders' own
//! books.
//!
//! `cargo xtask test faults` and `cargo xtask soak` build what is needed and run this.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    unreachable_pub,
    reason = "a command-line tool speaks there, and a program of several files has no outside"
)]

mod books;
mod check;
mod http;
mod killer;
mod options;
mod pages;
mod proxy;
mod replay;
mod report;
mod run;
mod sender;
mod sink;

use std::process::ExitCode;

fn main() -> ExitCode {
    match options::parse().and_then(|options| run::run(&options)) {
        Ok(report) => {
            eprintln!("{}", report.words());
            println!("{}", report.json());
            if report.is_as_promised() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

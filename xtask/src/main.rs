//! The command line.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks there"
)]

use std::process::ExitCode;

use anyhow::{Context, Result};
use hearback_shared::project::ProjectId;
use xtask::args::{self, Command};
use xtask::{
    bench, browser, build, bundle, check, demo, faults, fuzz, integrity, runtime, serve, size, suite, tools,
};

fn main() -> ExitCode {
    match args::parse(std::env::args_os().skip(1)).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Help => print!("{}", args::HELP),
        Command::Setup => drop(tools::ready()?),
        Command::Build(mode) => build::all(mode)?,
        Command::BuildPanel(mode) => build::page(mode)?,
        Command::BuildPackages => build::npm()?,
        Command::Integrity(options) => integrity::run(&options)?,
        Command::Bundle => bundle::run()?,
        Command::Demo(options) => demo::run(&options)?,
        Command::Serve(options) => serve::run(&options)?,
        Command::Test(names) => suite::run(&names)?,
        Command::Faults(options) => faults::run(&options)?,
        Command::Fuzz(options) => fuzz::run(&options)?,
        Command::Size { json } => size::run(json)?,
        Command::Bench(options) => bench::run(options)?,
        Command::Check(names) => check::run(&names)?,
        Command::CheckList => check::list(),
        Command::Screenshots => browser::screenshots()?,
        Command::Token { project, state } => {
            let project: ProjectId = project.parse().context("reading --project")?;
            let (key, token) = runtime::credentials(&state, &project)?;
            println!("key    {key}\ntoken  {token}");
        }
    }
    Ok(())
}

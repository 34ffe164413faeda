//! The command line of `hearback`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks there"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use hearback_operator::layout::State;
use hearback_operator::settings::Settings;
use hearback_operator::start::{self, StartOptions};
use hearback_operator::{backup, restore, sweep};
use lexopt::{Arg, Parser, ValueExt};

const HELP: &str = "\
hearback <command> [--state DIR] [--env FILE]

  start    [--project P]   start the collector; with --project show that project's key and token
  check                    say what is wrong with the settings, if anything is
  token    PROJECT         a project's public key and secret token
  sweep                    have the running server look after all its objects; a timer runs this
  backup   DIR             copy the state while the server runs
  restore  DIR             put a backup into a folder that holds no state yet

--state is the folder of what is kept: $STATE_DIRECTORY, or hearback below $XDG_STATE_HOME or ~/.local/state.
--env is the file of the settings: hearback.env in that folder. docs/self-host.md says more.
";

/// Settings that can't work: systemd is told not to try again (sysexits.h, `EX_CONFIG`).
const BAD_CONFIGURATION: u8 = 78;

#[derive(Default)]
struct Arguments {
    values: Vec<String>,
    state: Option<PathBuf>,
    settings: Option<PathBuf>,
    project: Option<String>,
}

fn main() -> ExitCode {
    let (command, arguments) = match read() {
        Ok(read) => read,
        Err(error) => {
            eprintln!("error: {error:#}\n\n{HELP}");
            return ExitCode::FAILURE;
        }
    };
    match run(&command, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            if ["start", "check"].contains(&command.as_str()) {
                BAD_CONFIGURATION.into()
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn read() -> Result<(String, Arguments)> {
    let mut parser = Parser::from_env();
    let mut arguments = Arguments::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("state") => arguments.state = Some(parser.value()?.into()),
            Arg::Long("env") => arguments.settings = Some(parser.value()?.into()),
            Arg::Long("project") => arguments.project = Some(parser.value()?.string()?),
            Arg::Long("help") | Arg::Short('h') => arguments.values.insert(0, "help".into()),
            Arg::Value(value) => arguments.values.push(value.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if arguments.values.is_empty() {
        return Ok(("help".into(), arguments));
    }
    Ok((arguments.values.remove(0), arguments))
}

fn run(command: &str, arguments: Arguments) -> Result<()> {
    let Arguments {
        values,
        state,
        settings,
        project,
    } = arguments;
    let value = |what: &str| match values.as_slice() {
        [value] => Ok(value.clone()),
        _ => Err(anyhow!("{command} takes one {what}")),
    };
    let project = project.map(|name| name.parse()).transpose()?;
    let options = StartOptions {
        state: state.clone(),
        settings: settings.clone(),
        project,
    };
    match command {
        "help" => print!("{HELP}"),
        "start" => match start::run(&options)? {},
        "check" => start::check(&options)?,
        "token" => {
            let project = value("project")?.parse()?;
            let state = State::open(state)?;
            let settings = Settings::read(&settings.unwrap_or_else(|| state.settings()))?;
            start::print_credentials(&start::signing(&state, &settings)?.keys, &project);
        }
        "sweep" => sweep::run(state, settings)?,
        "backup" => backup::run(state, value("folder")?.as_ref())?,
        "restore" => restore::run(state, value("folder")?.as_ref())?,
        other => bail!("`{other}` is not a command\n\n{HELP}"),
    }
    Ok(())
}

//! Running other programs: quietly with progress where they take long, and with the end of what they said where
//! they fail.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::iter;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::paths;

/// How often a long step says that it is still at work: on a terminal the line is redrawn, in a log it is added.
const REDRAW: Duration = Duration::from_secs(1);
const REMIND: Duration = Duration::from_secs(30);
/// Lines of a failed program's output that are shown; the rest is in its log.
const TAIL_LINES: usize = 40;

/// One line about what happens now.
pub fn say(step: &str, text: &str) {
    eprintln!("{step:>12}  {text}");
}

/// Runs a program that may take long: its output goes to a log, and a line tells that it is still running.
pub fn step(name: &str, what: &str, command: &mut Command) -> Result<()> {
    let logs = paths::work().join("log");
    fs::create_dir_all(&logs)?;
    let log = logs.join(format!(
        "{}.log",
        name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    ));
    let file = File::create(&log).with_context(|| format!("writing {}", log.display()))?;
    say(name, what);
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| start_failure(command))?;
    let status = wait_with_progress(name, what, started, || child.try_wait())?;
    if status.success() {
        if started.elapsed() > REDRAW {
            say(name, &format!("done in {} s", started.elapsed().as_secs()));
        }
        return Ok(());
    }
    let text = fs::read(&log)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n");
    bail!(
        "{tail}\n\n{what}: {} ended with {status}; all it said is in {}",
        program(command),
        paths::shown(&log)
    )
}

fn wait_with_progress(
    name: &str,
    what: &str,
    started: Instant,
    mut poll: impl FnMut() -> io::Result<Option<ExitStatus>>,
) -> Result<ExitStatus> {
    let terminal = io::stderr().is_terminal();
    let every = if terminal { REDRAW } else { REMIND };
    let mut said = Instant::now();
    loop {
        if let Some(status) = poll()? {
            if terminal && started.elapsed() > REDRAW {
                eprint!("\r\x1b[2K");
            }
            return Ok(status);
        }
        thread::sleep(Duration::from_millis(50));
        if said.elapsed() >= every {
            said = Instant::now();
            let seconds = started.elapsed().as_secs();
            if terminal {
                eprint!("\r\x1b[2K{name:>12}  {what} {seconds} s");
                io::stderr().flush()?;
            } else {
                say(name, &format!("{what} {seconds} s so far"));
            }
        }
    }
}

/// Runs a program whose output the person should see as it comes.
pub fn stream(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| start_failure(command))?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// What a program prints. Its errors are repeated when it fails.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| start_failure(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} ended with {}: {}", line(command), output.status, said.trim());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} printed something that is not UTF-8", program(command)))
}

fn start_failure(command: &Command) -> String {
    format!("{} could not be started", program(command))
}

fn program(command: &Command) -> String {
    paths::shown(command.get_program().as_ref())
}

/// Characters of a command that are repeated in an error: what it was, not the whole list of its files.
const LINE_CHARS: usize = 80;

fn line(command: &Command) -> String {
    let args = command.get_args().map(|arg| paths::shown(arg.as_ref()));
    let line = iter::once(program(command))
        .chain(args)
        .collect::<Vec<_>>()
        .join(" ");
    match line.char_indices().nth(LINE_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

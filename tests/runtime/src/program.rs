//! A server of somebody else's, which a test starts on a free port and ends by its id.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a program may take until it says where it listens.
const START: Duration = Duration::from_mins(1);

/// How long a program may take to end when its standard input does.
const END: Duration = Duration::from_secs(5);

/// A running program. It ends with its owner.
#[derive(Debug)]
pub(crate) struct Program(Child);

impl Program {
    /// Starts a program and reads what it prints until a line says what `read` looks for.
    pub(crate) fn start<T: Send + 'static>(
        command: &mut Command,
        read: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> (Self, T) {
        let name = format!("{command:?}");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name}: {error}"));
        let output = BufReader::new(child.stdout.take().unwrap());
        let program = Self(child);
        let (said, heard) = mpsc::channel();
        // Reads on to the end, so that the program never waits for somebody to listen.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some(found) = read(&line) {
                    let _ = said.send(found);
                }
            }
        });
        let found = heard.recv_timeout(START);
        (program, found.unwrap_or_else(|_| panic!("{name} did not start")))
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let asked = Instant::now();
        while asked.elapsed() < END {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.kill();
    }
}

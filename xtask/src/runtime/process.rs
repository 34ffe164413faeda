//! One `workerd` process: started, waited for, ended.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};

use super::START_LIMIT;
use crate::tools;

/// How long it may take to end in good order before it is killed: open WebSockets hold it.
const STOP_LIMIT: Duration = Duration::from_secs(2);
/// What it says on its control descriptor for each socket that it listens on.
const LISTENS: &str = r#""event":"listen""#;
/// The collector's and the shop's.
const SOCKETS: usize = 2;
const POLL: Duration = Duration::from_millis(15);

/// Why a server did not start.
#[derive(Debug)]
pub(super) enum StartError {
    /// Another program listens there.
    PortTaken,
    /// Anything else.
    Other(anyhow::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortTaken => f.write_str("its port is in use"),
            Self::Other(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<anyhow::Error> for StartError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// What is unlike the machine around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Surroundings {
    /// Kibibytes beyond which no file may grow.
    pub file_limit_kib: Option<u64>,
    /// A file that stands in the place of the machine's list of names.
    pub hosts: Option<PathBuf>,
}

impl Surroundings {
    /// A command that runs a program in them.
    fn command(&self, program: &Path) -> Command {
        let mut steps = Vec::new();
        if let Some(kib) = self.file_limit_kib {
            // A write beyond the limit then fails, as it does on a full disk, instead of ending the process. The
            // shell's unit is half a kibibyte.
            steps.push(format!("trap '' XFSZ; ulimit -f {}", kib * 2));
        }
        if self.hosts.is_some() {
            steps.push("mount --bind \"$HOSTS\" /etc/hosts".to_owned());
        }
        if steps.is_empty() {
            return Command::new(program);
        }
        steps.push("exec \"$0\" \"$@\"".to_owned());
        let mut command = Command::new("sh");
        if let Some(hosts) = &self.hosts {
            // A view of the file system of its own, for which other users than root need to be root within.
            command = Command::new("unshare");
            command.arg("--mount").env("HOSTS", hosts);
            if !geteuid().is_root() {
                command.arg("--map-root-user");
            }
            command.args(["--", "sh"]);
        }
        command.args(["-e", "-c"]).arg(steps.join("; ")).arg(program);
        command
    }
}

/// A process that ends with its owner.
#[derive(Debug)]
pub(super) struct Process(Child);

impl Process {
    /// Starts workerd on the configuration in `state` and waits for its answer: a healthy one, or any at all where
    /// the settings were not checked.
    pub(super) fn start(
        state: &Path,
        port: u16,
        environment: &[(String, String)],
        healthy: bool,
        surroundings: &Surroundings,
    ) -> Result<Self, StartError> {
        let log = state.join("workerd.log");
        let from = fs::metadata(&log).map_or(0, |found| found.len());
        let mut process = Self(spawn(state, &log, environment, surroundings)?);
        let started = Instant::now();
        let mut listens = false;
        loop {
            if let Some(end) = process.ended()? {
                let said = said_since(&log, from);
                if said.contains("ddress already in use") {
                    return Err(StartError::PortTaken);
                }
                return Err(anyhow!("workerd ended at its start ({end}):\n{}", said.trim()).into());
            }
            // Before it says so itself, an answer could come from another program on the same port.
            listens = listens || said_since(&log, from).matches(LISTENS).count() >= SOCKETS;
            match if listens { health(port) } else { Health::Silent } {
                Health::Good => return Ok(process),
                Health::Bad(_) if !healthy => return Ok(process),
                Health::Bad(answer) if started.elapsed() > Duration::from_secs(5) => {
                    return Err(anyhow!(
                        "the collector is not healthy: {answer}\n{}",
                        said_since(&log, from)
                    )
                    .into());
                }
                _ if started.elapsed() > START_LIMIT => {
                    let said = said_since(&log, from);
                    return Err(anyhow!(
                        "workerd has not answered for {} s:\n{said}",
                        START_LIMIT.as_secs()
                    )
                    .into());
                }
                _ => thread::sleep(POLL),
            }
        }
    }

    /// Its process id.
    pub(super) fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Whether it has ended, and how.
    pub(super) fn ended(&mut self) -> Result<Option<String>> {
        Ok(self
            .0
            .try_wait()
            .context("asking for workerd")?
            .map(|status| status.to_string()))
    }

    /// SIGKILL: it can't do anything about it.
    pub(super) fn kill9(&mut self) -> Result<()> {
        self.0.kill().context("killing workerd")?;
        self.0.wait().context("waiting for workerd to end")?;
        Ok(())
    }

    /// SIGTERM, and SIGKILL where that does not end it.
    pub(super) fn stop(&mut self) -> Result<()> {
        if self.ended()?.is_some() {
            return Ok(());
        }
        let pid = i32::try_from(self.pid()).context("a process id")?;
        kill(Pid::from_raw(pid), Signal::SIGTERM).context("stopping workerd")?;
        let asked = Instant::now();
        while asked.elapsed() < STOP_LIMIT {
            if self.ended()?.is_some() {
                return Ok(());
            }
            thread::sleep(POLL);
        }
        self.kill9()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing can be done about a failure here, and the process has ended in almost all of them.
        let _ = self.stop();
    }
}

fn spawn(
    state: &Path,
    log: &Path,
    environment: &[(String, String)],
    surroundings: &Surroundings,
) -> Result<Child> {
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("writing {}", log.display()))?;
    let workerd = tools::workerd()?;
    let mut command = surroundings.command(&workerd);
    command
        // Without it there is no Hyperdrive binding; by itself it changes nothing.
        .args(["serve", "--control-fd=1", "--experimental"])
        .arg(state.join("workerd.capnp"))
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir(state)
        // Ctrl-C in a terminal goes to us alone: we end it, in good order.
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .with_context(|| format!("{} could not be started", workerd.display()))
}

/// What the log says from there on; it belongs to the Worker too, which may print anything.
fn said_since(log: &Path, from: u64) -> String {
    let mut bytes = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut bytes)
    });
    match read {
        Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("(its log can't be read: {error})"),
    }
}

enum Health {
    Silent,
    Bad(String),
    Good,
}

fn health(port: u16) -> Health {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(2)))
        .build()
        .into();
    match agent.get(format!("http://127.0.0.1:{port}/healthz")).call() {
        Ok(answer) if answer.status() == 200 => Health::Good,
        Ok(mut answer) => {
            let body = answer.body_mut().read_to_string().unwrap_or_default();
            Health::Bad(format!("{} {}", answer.status(), body.trim()))
        }
        Err(_) => Health::Silent,
    }
}

//! One measured `workerd` process: the collector or the baseline, on a configuration that differs in nothing else,
//! and how much CPU it has used.

use std::fmt::Write;
use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::runtime::compatibility_date;
use crate::{build, paths, ports, tools};

/// How long a server may take to listen.
const START_LIMIT: Duration = Duration::from_secs(20);
/// Signs keys of nobody: the measured server holds nothing.
const SIGNING_KEYS: &str = "a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

/// Which Worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The collector, built with the feature `bench`: the same, with routes that stop half-way.
    Ours,
    /// `bench/baseline/worker.js`.
    Baseline,
}

impl Which {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Baseline => "baseline",
        }
    }

    /// Modules, bindings and classes in workerd's notation.
    fn worker(self) -> &'static str {
        match self {
            Self::Ours => {
                r#"
  modules = [
    (name = "index.js", esModule = embed "index.js"),
    (name = "index_bg.wasm", wasm = embed "index_bg.wasm"),
  ],
  bindings = [
    (name = "ASSETS", service = "assets"),
    (name = "SHARD", durableObjectNamespace = "ShardObject"),
    (name = "PROJECT", durableObjectNamespace = "ProjectObject"),
    (name = "SIGNING_KEYS", fromEnvironment = "SIGNING_KEYS"),
    (name = "DEMO", text = "1"),
SETTINGS  ],
  durableObjectNamespaces = [
    (className = "ShardObject", uniqueKey = "bench-shard", enableSql = true),
    (className = "ProjectObject", uniqueKey = "bench-project", enableSql = true),
  ],"#
            }
            Self::Baseline => {
                r#"
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  bindings = [(name = "ROWS", durableObjectNamespace = "Rows")],
  durableObjectNamespaces = [(className = "Rows", uniqueKey = "bench-rows", enableSql = true)],"#
            }
        }
    }

    fn modules(self) -> Vec<PathBuf> {
        match self {
            Self::Ours => ["index.js", "index_bg.wasm"]
                .map(|name| build::bench_build().join(name))
                .to_vec(),
            Self::Baseline => vec![paths::root().join("bench/baseline/worker.js")],
        }
    }
}

/// A running server with storage of its own. It ends with its owner.
pub(super) struct Server {
    child: Child,
    port: u16,
    state: PathBuf,
}

impl Server {
    /// Starts one on empty storage and waits until it listens.
    pub(super) fn fresh(which: Which) -> Result<Self> {
        let prepared = Prepared::new(which)?;
        let (server, _) = prepared.start()?;
        Ok(server)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Bytes of its objects' files.
    pub(super) fn stored_bytes(&self) -> Result<u64> {
        let mut sum = 0;
        for folder in fs::read_dir(self.state.join("storage"))? {
            for file in fs::read_dir(folder?.path())? {
                // A file may be renamed meanwhile.
                sum += file?.metadata().map_or(0, |data| data.len());
            }
        }
        Ok(sum)
    }

    /// CPU time of all its threads, to the nanosecond where the kernel counts so.
    pub(super) fn cpu(&self) -> Result<Duration> {
        let tasks = format!("/proc/{}/task", self.child.id());
        let mut nanos = 0;
        for task in fs::read_dir(&tasks).with_context(|| format!("reading {tasks}"))? {
            // A thread that has ended in between has nothing to add to a difference.
            let text = fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            nanos += text
                .split_whitespace()
                .next()
                .and_then(|first| first.parse::<u64>().ok())
                .unwrap_or_default();
        }
        if nanos == 0 {
            bail!("{tasks} tells no CPU time: this kernel has no schedstat");
        }
        Ok(Duration::from_nanos(nanos))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing can be done about a failure here: it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.state);
    }
}

/// Files on disk, not yet started.
pub(super) struct Prepared {
    state: PathBuf,
    port: u16,
    settings: Vec<(&'static str, String)>,
}

impl Prepared {
    pub(super) fn new(which: Which) -> Result<Self> {
        Self::with_settings(which, &[])
    }

    /// One with these settings, which may reach this machine's own addresses where it has any.
    pub(super) fn with_settings(which: Which, settings: &[(&'static str, String)]) -> Result<Self> {
        let port = ports::free_pair()?;
        let state = paths::work()
            .join("bench")
            .join(format!("{}-{port}", which.name()));
        let _ = fs::remove_dir_all(&state);
        fs::create_dir_all(state.join("storage"))?;
        fs::create_dir_all(state.join("assets"))?;
        for module in which.modules() {
            let name = module.file_name().context("a module has a name")?;
            fs::copy(&module, state.join(name))
                .with_context(|| format!("copying {}", paths::shown(&module)))?;
        }
        let date = compatibility_date()?;
        let mut bindings = String::new();
        for (name, _) in settings {
            writeln!(bindings, r#"    (name = "{name}", fromEnvironment = "{name}"),"#)?;
        }
        let worker = which.worker().replace("SETTINGS", &bindings);
        let internet = if settings.is_empty() {
            ""
        } else {
            r#"
    (name = "internet", network = (allow = ["private"])),"#
        };
        let config = format!(
            r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "measured", worker = .measured),
    (name = "storage", disk = (path = "storage", writable = true)),
    (name = "assets", disk = (path = "assets")),{internet}
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "measured")],
);
const measured :Workerd.Worker = (
  compatibilityDate = "{date}",{worker}
  durableObjectStorage = (localDisk = "storage"),
);
"#
        );
        fs::write(state.join("workerd.capnp"), config)?;
        Ok(Self {
            state,
            port,
            settings: settings.to_vec(),
        })
    }

    /// Starts it; how long after that it took the first connection.
    pub(super) fn start(self) -> Result<(Server, Instant)> {
        let log = fs::File::create(self.state.join("log"))?;
        let workerd = tools::workerd()?;
        let started = Instant::now();
        let child = Command::new(workerd)
            .args(["serve", "workerd.capnp"])
            .env("SIGNING_KEYS", SIGNING_KEYS)
            .envs(self.settings)
            .current_dir(&self.state)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting workerd")?;
        let mut server = Server {
            child,
            port: self.port,
            state: self.state,
        };
        while TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).is_err() {
            if let Some(status) = server.child.try_wait()? {
                let said = fs::read_to_string(server.state.join("log")).unwrap_or_default();
                bail!("workerd ended at its start ({status}): {said}");
            }
            if started.elapsed() > START_LIMIT {
                bail!("workerd did not listen within {} s", START_LIMIT.as_secs());
            }
            thread::sleep(Duration::from_micros(500));
        }
        Ok((server, started))
    }
}

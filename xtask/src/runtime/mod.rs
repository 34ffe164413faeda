//! The collector on a real `workerd`, with storage on disk: what `demo`, `serve` and the tests run.

mod config;
mod process;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use hearback_operator::secrets;
use hearback_shared::project::ProjectId;

pub use config::{Hyperdrive, MODULES, collector, compatibility_date};
use process::{Process, Surroundings};

use crate::{paths, ports};

/// The project of the demo and, unless told otherwise, of the tests.
pub const DEMO_PROJECT: &str = "demo";
/// The public key that works while DEMO is 1.
pub const DEMO_KEY: &str = "pk_demo";
/// How often a server on ports of our choice is started anew because another program took them meanwhile.
const PORT_TRIES: u32 = 5;

/// Where deliveries go.
#[derive(Clone, Debug)]
pub struct Sink {
    /// Its address.
    pub url: String,
    /// `whsec_…`, which signs deliveries.
    pub secret: String,
}

/// How a server is started.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The collector's port; the shop's is the next one. `None` takes free ones.
    pub port: Option<u16>,
    /// Folder of the storage, the secrets and the logs.
    pub state: PathBuf,
    /// The project whose key and token are shown.
    pub project: String,
    /// Whether `pk_demo` is a key.
    pub demo: bool,
    /// The HTTP sink, if there is one.
    pub sink: Option<Sink>,
    /// `SHARDS`, if set.
    pub shards: Option<u32>,
    /// `SINK_DELAY_MS`, if set.
    pub sink_delay_ms: Option<u64>,
    /// The folder of the Worker's code: what `cargo xtask build` made, unless a test has one of its own.
    pub collector: PathBuf,
    /// Further settings by name, which replace those above. An empty value removes a setting.
    pub settings: Vec<(String, String)>,
    /// Kibibytes beyond which no file may grow, as on a disk that is full.
    pub file_limit_kib: Option<u64>,
    /// Whether the settings are checked before the start, and the start waits for a healthy server. A test that
    /// looks at what a server with wrong settings answers turns it off.
    pub checked: bool,
    /// Whether the collector may reach addresses of this machine and its private networks, as stores may be, and
    /// webhooks this machine, as sinks of tests are (`DEV_LOOPBACK_SINKS`).
    pub private_network: bool,
    /// Names that resolve to addresses of our choice, as lines of a hosts file. Linux, with the right to mount.
    pub hosts: Option<String>,
    /// The certificate, in PEM, of an authority that stores may be certified by, beside those that browsers trust.
    pub certificate: Option<String>,
    /// The database behind the binding `HYPERDRIVE`, which is experimental in workerd.
    pub hyperdrive: Option<Box<Hyperdrive>>,
}

impl ServeOptions {
    /// A development server on free ports, with its state there.
    pub fn new(state: impl Into<PathBuf>) -> Self {
        Self {
            port: None,
            state: state.into(),
            project: DEMO_PROJECT.to_owned(),
            demo: false,
            sink: None,
            shards: None,
            sink_delay_ms: None,
            collector: paths::collector_build(),
            settings: Vec::new(),
            file_limit_kib: None,
            checked: true,
            private_network: true,
            hosts: None,
            certificate: None,
            hyperdrive: None,
        }
    }

    fn surroundings(&self, state: &Path) -> Result<Surroundings> {
        let hosts = self.hosts.as_ref().map(|lines| -> Result<PathBuf> {
            let file = state.join("hosts");
            fs::write(&file, lines).with_context(|| format!("writing {}", file.display()))?;
            Ok(file)
        });
        Ok(Surroundings {
            file_limit_kib: self.file_limit_kib,
            hosts: hosts.transpose()?,
        })
    }

    /// The settings as bindings, by name.
    fn bindings(&self, signing_keys: String) -> Vec<(String, String)> {
        let named = |name: &str, value: Option<String>| value.map(|value| (name.to_owned(), value));
        let mut bindings: Vec<_> = [
            named("SIGNING_KEYS", Some(signing_keys)),
            named("DEMO", self.demo.then(|| "1".to_owned())),
            named("DEV_LOOPBACK_SINKS", self.private_network.then(|| "1".to_owned())),
            named("SHARDS", self.shards.map(|count| count.to_string())),
            named("SINK_URL", self.sink.as_ref().map(|sink| sink.url.clone())),
            named("SINK_SECRET", self.sink.as_ref().map(|sink| sink.secret.clone())),
            named("SINK_DELAY_MS", self.sink_delay_ms.map(|ms| ms.to_string())),
        ]
        .into_iter()
        .flatten()
        .collect();
        for (name, value) in &self.settings {
            bindings.retain(|(known, _)| known != name);
            if !value.is_empty() {
                bindings.push((name.clone(), value.clone()));
            }
        }
        bindings
    }
}

/// A running server. It ends with its owner.
#[derive(Debug)]
pub struct Server {
    process: Process,
    port: u16,
    state: PathBuf,
    bindings: Vec<(String, String)>,
    checked: bool,
    surroundings: Surroundings,
    key: String,
    token: String,
}

impl Server {
    /// Starts one and waits until it answers.
    pub fn start(options: &ServeOptions) -> Result<Self> {
        fs::create_dir_all(&options.state)
            .with_context(|| format!("creating {}", options.state.display()))?;
        let state = options.state.canonicalize()?;
        let signing = secrets::signing_keys(&state)?;
        let project: ProjectId = options.project.parse().context("reading the project's name")?;
        let bindings = options.bindings(signing.text);
        if options.checked {
            secrets::check(|name| {
                let found = bindings.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.clone())
            })?;
        }
        let key = if options.demo {
            DEMO_KEY.to_owned()
        } else {
            signing.keys.key(&project, 0)
        };
        let token = signing.keys.token(&project);
        config::copy_modules(&options.collector, &state)?;
        let surroundings = options.surroundings(&state)?;

        let mut tries = 0;
        loop {
            let port = options.port.map_or_else(ports::free_pair, Ok)?;
            config::write(
                &state,
                &config::Layout {
                    port,
                    key: &key,
                    private_network: options.private_network,
                    certificate: options.certificate.as_deref(),
                    hyperdrive: options.hyperdrive.as_deref(),
                },
                &bindings,
            )?;
            match Process::start(&state, port, &bindings, options.checked, &surroundings) {
                Ok(process) => {
                    let (bindings, checked) = (bindings, options.checked);
                    return Ok(Self {
                        process,
                        port,
                        state,
                        bindings,
                        checked,
                        surroundings,
                        key,
                        token,
                    });
                }
                Err(process::StartError::PortTaken) if options.port.is_none() && tries < PORT_TRIES => {
                    tries += 1;
                }
                Err(process::StartError::PortTaken) => bail!(
                    "port {port} or {} is in use: stop what listens there, or choose another with --port",
                    port + 1
                ),
                Err(process::StartError::Other(error)) => return Err(error),
            }
        }
    }

    /// The collector's address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The shop's address, an origin of its own.
    pub fn shop_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port + 1)
    }

    /// The project's public key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The project's secret token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// workerd's process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// The state folder.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// What workerd says.
    pub fn log(&self) -> PathBuf {
        self.state.join("workerd.log")
    }

    /// Whether it has ended by itself, and how.
    pub fn ended(&mut self) -> Result<Option<String>> {
        self.process.ended()
    }

    /// Ends it at once, as a power cut would.
    pub fn kill9(&mut self) -> Result<()> {
        self.process.kill9()
    }

    /// Ends it in good order.
    pub fn stop(&mut self) -> Result<()> {
        self.process.stop()
    }

    /// Starts it again where it was: same port, same state, same settings. A running one is stopped first.
    pub fn restart(&mut self) -> Result<()> {
        self.process.stop()?;
        let Self {
            state,
            port,
            bindings,
            ..
        } = self;
        self.process = Process::start(state, *port, bindings, self.checked, &self.surroundings)?;
        Ok(())
    }

    /// From the next start on files may grow again.
    pub fn lift_file_limit(&mut self) {
        self.surroundings.file_limit_kib = None;
    }
}

/// A project's public key and secret token, made with the signing keys of a state folder.
pub fn credentials(state: &Path, project: &ProjectId) -> Result<(String, String)> {
    fs::create_dir_all(state).with_context(|| format!("creating {}", state.display()))?;
    let keys = secrets::signing_keys(state)?.keys;
    Ok((keys.key(project, 0), keys.token(project)))
}

/// Says what to do where the build has not been made.
pub fn check_built() -> Result<()> {
    for path in [
        paths::collector_build().join("index.js"),
        paths::assets().join("hearback.js"),
    ] {
        if !path.is_file() {
            bail!(
                "{} is missing: run `cargo xtask build` first",
                paths::shown(&path)
            );
        }
    }
    Ok(())
}

/// How long a server may take to answer after its start; the machine may be busy with other tests.
pub const START_LIMIT: Duration = Duration::from_mins(1);

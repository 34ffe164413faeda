//! `hearback start`: checks everything that can be checked, then becomes workerd.

use std::convert::Infallible;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use hearback_collector::config::SETTINGS;
use hearback_collector::signing::SigningKeys;
use hearback_shared::project::ProjectId;

use crate::backup::private_folder;
use crate::layout::{Bundle, State};
use crate::secrets::{self, Signing};
use crate::settings::Settings;

/// How to start.
#[derive(Debug, Default)]
pub struct StartOptions {
    /// The folder of the state.
    pub state: Option<PathBuf>,
    /// The file of the settings.
    pub settings: Option<PathBuf>,
    /// The project whose credentials are shown.
    pub project: Option<ProjectId>,
}

/// What a start uses.
struct Ready {
    bundle: Bundle,
    state: State,
    settings: Settings,
    keys: SigningKeys,
}

/// Says what is wrong with the settings, if anything is.
pub fn check(options: &StartOptions) -> Result<()> {
    let ready = prepare(options)?;
    println!(
        "the settings are fine: it would listen on {}",
        ready.settings.listen()?
    );
    Ok(())
}

/// Becomes workerd; comes back only where that fails.
pub fn run(options: &StartOptions) -> Result<Infallible> {
    let ready = prepare(options)?;
    let listen = ready.settings.listen()?;
    println!(
        "Hearback listens on http://{listen}; its state is in {}",
        ready.state.path().display()
    );
    match &options.project {
        Some(project) => print_credentials(&ready.keys, project),
        None => println!("A project's key and token: hearback token PROJECT"),
    }
    private_folder(&ready.state.storage())?;
    let mut workerd = Command::new(ready.bundle.workerd());
    workerd
        .arg("serve")
        .arg(ready.bundle.config())
        .arg(format!("--socket-addr=http={listen}"))
        .arg(directory("storage", &ready.state.storage()))
        .arg(directory("assets", &ready.bundle.assets()))
        // An absent variable would be a binding that is null; an empty one counts as absent.
        .envs(SETTINGS.map(|name| (name, ready.settings.get(name).unwrap_or_default())))
        .current_dir(ready.state.path());
    ready.state.lock()?.keep_over_exec()?;
    Err(workerd.exec()).context("starting workerd")
}

/// Prints a project's public key and secret token.
pub fn print_credentials(keys: &SigningKeys, project: &ProjectId) {
    println!("key    {}\ntoken  {}", keys.key(project, 0), keys.token(project));
}

/// The signing keys: those that the operator set, or the folder's own, made now if there are none.
pub fn signing(state: &State, settings: &Settings) -> Result<Signing> {
    match settings.get("SIGNING_KEYS") {
        Some(text) => Ok(Signing {
            text: text.to_owned(),
            keys: SigningKeys::parse(text)?,
        }),
        None => secrets::signing_keys(state.path()),
    }
}

fn prepare(options: &StartOptions) -> Result<Ready> {
    let bundle = Bundle::ours()?;
    let state = State::open(options.state.clone())?;
    let file = options.settings.clone().unwrap_or_else(|| state.settings());
    let mut settings = Settings::read(&file)?;
    let Signing { text, keys } = signing(&state, &settings)?;
    settings.set("SIGNING_KEYS", text);
    if let Some(at) = state.restored_at()? {
        settings.set("RESTORED_AT", at);
    }
    secrets::check(|name| settings.get(name).map(str::to_owned))?;
    settings.listen()?;
    Ok(Ready {
        bundle,
        state,
        settings,
        keys,
    })
}

fn directory(service: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(format!("--directory-path={service}="));
    argument.push(path);
    argument
}

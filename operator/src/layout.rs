//! Where everything is: the bundle, which an upgrade replaces, and the state, which it does not touch.

use std::env;
use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::fd::{AsFd, IntoRawFd};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The folder that was unpacked: `bin/hearback` lies in it.
pub struct Bundle(PathBuf);

impl Bundle {
    /// The one that this program is part of.
    pub fn ours() -> Result<Self> {
        let program = env::current_exe().context("asking where this program lies")?;
        let folder = program.parent().and_then(Path::parent);
        let bundle = Self(folder.context("this program lies in no bundle")?.to_owned());
        for part in [bundle.workerd(), bundle.config(), bundle.assets()] {
            if !part.exists() {
                bail!("{} is missing: unpack the whole bundle", part.display());
            }
        }
        Ok(bundle)
    }

    /// The runtime.
    pub fn workerd(&self) -> PathBuf {
        self.0.join("bin/workerd")
    }

    /// Its configuration.
    pub fn config(&self) -> PathBuf {
        self.0.join("hearback.capnp")
    }

    /// What the collector serves.
    pub fn assets(&self) -> PathBuf {
        self.0.join("assets")
    }
}

/// The folder of what is kept.
pub struct State(PathBuf);

/// Holds a state folder for one program at a time.
#[derive(Debug)]
pub struct Lock(File);

impl State {
    /// Takes the folder that was named, systemd's, or one in the user's home; makes it for its owner's eyes.
    pub fn open(named: Option<PathBuf>) -> Result<Self> {
        let state = Self::named(named)?;
        let mut folder = DirBuilder::new();
        folder.recursive(true).mode(0o700);
        folder
            .create(&state.0)
            .with_context(|| format!("creating {}", state.0.display()))?;
        Ok(Self(state.0.canonicalize()?))
    }

    /// The same, which has to be there.
    pub fn existing(named: Option<PathBuf>) -> Result<Self> {
        let state = Self::named(named)?;
        if !state.storage().is_dir() {
            bail!(
                "{} holds no state: name the folder with --state, or start hearback first",
                state.0.display()
            );
        }
        Ok(state)
    }

    fn named(named: Option<PathBuf>) -> Result<Self> {
        let variable = |name| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        named
            .or_else(|| variable("STATE_DIRECTORY"))
            .or_else(|| variable("XDG_STATE_HOME").map(|folder| folder.join("hearback")))
            .or_else(|| variable("HOME").map(|folder| folder.join(".local/state/hearback")))
            .map(Self)
            .context("name the folder of the state with --state")
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The objects' files.
    pub fn storage(&self) -> PathBuf {
        self.0.join("storage")
    }

    /// The operator's settings, unless another file is named.
    pub fn settings(&self) -> PathBuf {
        self.0.join("hearback.env")
    }

    /// When a backup was last restored here, if one was.
    pub fn restored_at(&self) -> Result<Option<String>> {
        let path = self.restored();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
        }
    }

    /// The file that says so.
    pub fn restored(&self) -> PathBuf {
        self.0.join("restored")
    }

    /// Takes the folder for this program alone, or says that another has it.
    pub fn lock(&self) -> Result<Lock> {
        let path = self.0.join("lock");
        let file = fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("opening {}", path.display()))?;
        if file.try_lock().is_err() {
            bail!("another hearback runs on {}: stop it first", self.0.display());
        }
        Ok(Lock(file))
    }
}

impl Lock {
    /// Hands the lock on to the program that this one becomes.
    pub fn keep_over_exec(self) -> Result<()> {
        // The copy of a descriptor survives exec, and a lock lives as long as any copy.
        let copy = nix::unistd::dup(self.0.as_fd()).context("keeping the lock")?;
        let _ = copy.into_raw_fd();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_folder_is_held_by_one_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = State::open(Some(folder.path().join("a/b"))).expect("a state");
        let lock = state.lock().expect("nobody has it");
        assert!(state.lock().is_err());
        drop(lock);
        assert!(state.lock().is_ok());
    }

    #[test]
    fn a_folder_without_storage_is_no_state() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = State::existing(Some(folder.path().to_owned()))
            .err()
            .expect("no state");
        assert!(error.to_string().contains("--state"), "{error}");
    }
}

//! `hearback backup`: copies the state while the server runs.
//!
//! Each object's file is copied as it is at one moment, the projects' before the shards'. A shard's log is the truth
//! and everything else reads from it by cursor, so a project's copy may be older than a shard's: it reads the rest
//! again. The other way round it would pass over what the restored log then writes anew.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::layout::State;
use crate::{objects, secrets};

/// Makes `to`, which must not be there, and says how many files it has.
pub fn run(state: Option<PathBuf>, to: &Path) -> Result<()> {
    let state = State::existing(state)?;
    if to.exists() {
        bail!("{} is there already: name a folder that is not", to.display());
    }
    let name = to.file_name().context("name the folder of the backup")?;
    // Under its name there is a whole backup or none.
    let unfinished = to.with_file_name(format!("{}.unfinished", name.to_string_lossy()));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).context("clearing an unfinished backup")?;
    }
    let count = copy(&state, &unfinished)?;
    fs::rename(&unfinished, to).with_context(|| format!("naming {}", to.display()))?;
    println!("{count} files are in {}", to.display());
    Ok(())
}

fn copy(state: &State, to: &Path) -> Result<usize> {
    private_folder(to)?;
    let mut count = 0;
    for class in objects::CLASSES {
        let folder = to.join("storage").join(class);
        private_folder(&folder)?;
        for from in objects::files(&state.storage(), class)? {
            let name = from.file_name().expect("a file of a folder has a name");
            objects::copy(&from, &folder.join(name))?;
            count += 1;
        }
    }
    for file in [secrets::FILE, "hearback.env", "restored"] {
        let (from, to) = (state.path().join(file), to.join(file));
        if from.is_file() {
            fs::copy(&from, &to)
                .and_then(|_| fs::set_permissions(&to, fs::Permissions::from_mode(0o600)))
                .with_context(|| format!("copying {}", from.display()))?;
            count += 1;
        }
    }
    Ok(count)
}

/// A folder for its owner's eyes.
pub(crate) fn private_folder(path: &Path) -> Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("creating {}", path.display()))
}

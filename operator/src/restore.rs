//! `hearback restore`: puts a backup where a new state begins.
//!
//! Two things must not go on from where the backup was made. Positions of the log that were filled after it are
//! filled again, with other items: `restored` tells their deliveries apart (`RESTORED_AT`). And a shard's copy may
//! believe that the project's copy has more than it has: its note is dropped, and the project says how far it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::backup::private_folder;
use crate::layout::State;
use crate::{objects, secrets};

/// Restores the backup in `from`.
pub fn run(state: Option<PathBuf>, from: &Path) -> Result<()> {
    let storage = from.join("storage");
    if !storage.is_dir() || !from.join(secrets::FILE).is_file() {
        bail!("{} holds no backup that `hearback backup` made", from.display());
    }
    let state = State::open(state)?;
    let _lock = state.lock()?;
    if state.storage().exists() || state.path().join(secrets::FILE).exists() {
        bail!(
            "{} holds a state: move it away, or name another folder with --state",
            state.path().display()
        );
    }
    for class in objects::CLASSES {
        let folder = state.storage().join(class);
        private_folder(&folder)?;
        for file in objects::files(&storage, class)? {
            let name = file.file_name().expect("a file of a folder has a name");
            objects::copy(&file, &folder.join(name))?;
        }
    }
    for shard in objects::shards(&state.storage())? {
        objects::open(&shard)?
            .execute("DELETE FROM cursors WHERE consumer = 'project'", [])
            .with_context(|| format!("writing {}", shard.display()))?;
    }
    fs::write(state.restored(), format!("{}\n", now_ms()?)).context("noting the time")?;
    // The secrets come last: without them there is no state, and a restore that broke off can be repeated elsewhere.
    for file in ["hearback.env", secrets::FILE] {
        let from = from.join(file);
        if from.is_file() {
            fs::copy(&from, state.path().join(file))
                .with_context(|| format!("copying {}", from.display()))?;
        }
    }
    println!(
        "restored to {}; after the start run `hearback sweep`",
        state.path().display()
    );
    Ok(())
}

fn now_ms() -> Result<u128> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since.context("the clock stands before 1970")?.as_millis())
}

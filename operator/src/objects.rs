//! The objects' files: one SQLite database each, below the storage's folder, in a folder per class.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use hearback_shared::project::ProjectId;
use rusqlite::{Connection, OpenFlags};

/// The folders of the classes, by the unique keys of the configuration, in the order in which they are copied: the
/// shards' logs are the truth, and who reads from them may be older than they are but never newer.
pub const CLASSES: [&str; 2] = [PROJECTS, SHARDS];
/// The projects' objects.
pub const PROJECTS: &str = "hearback-project";
/// The shards'.
pub const SHARDS: &str = "hearback-shard";

/// The runtime's own list of alarms, in each class's folder.
const ALARMS: &str = "metadata.sqlite";

/// How long a file may be held by the runtime before we give up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The files of a class, its alarms last. None where the class has no folder yet.
pub fn files(storage: &Path, class: &str) -> Result<Vec<PathBuf>> {
    let folder = storage.join(class);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "sqlite") {
            files.push(path);
        }
    }
    files.sort_by_key(|path| (path.ends_with(ALARMS), path.clone()));
    Ok(files)
}

/// The files of the shards themselves.
pub fn shards(storage: &Path) -> Result<Vec<PathBuf>> {
    let mut files = files(storage, SHARDS)?;
    files.retain(|path| !path.ends_with(ALARMS));
    Ok(files)
}

/// Opens a file beside the runtime, which may be writing to it.
pub fn open(path: &Path) -> Result<Connection> {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|database| database.busy_timeout(PATIENCE).map(|()| database));
    database.with_context(|| format!("opening {}", path.display()))
}

/// Copies a file as it is at one moment, and looks whether the copy is whole.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let whole = || -> Result<()> {
        let source = open(from)?;
        let mut copy = Connection::open(to)?;
        // All pages in one step: one read transaction, which holds up no writer.
        rusqlite::backup::Backup::new(&source, &mut copy)?.run_to_completion(
            i32::MAX,
            PATIENCE / 100,
            None,
        )?;
        // One file without a log beside it, until the runtime opens it.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            bail!("the copy is damaged: {verdict}");
        }
        Ok(())
    };
    whole().with_context(|| format!("copying {}", from.display()))
}

/// The projects that have a shard.
pub fn projects(storage: &Path) -> Result<BTreeSet<ProjectId>> {
    let mut projects = BTreeSet::new();
    for path in shards(storage)? {
        let database = open(&path)?;
        let mut question = database
            .prepare("SELECT project FROM place")
            .with_context(|| format!("reading {}", path.display()))?;
        for name in question.query_map([], |row| row.get::<_, String>(0))? {
            projects.insert(
                name?
                    .parse()
                    .with_context(|| format!("reading {}", path.display()))?,
            );
        }
    }
    Ok(projects)
}

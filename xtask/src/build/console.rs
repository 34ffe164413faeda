//! The console: its module, glue, style and page.

use anyhow::Result;

use super::Mode;
use crate::tools::Tools;
use crate::{paths, shell};

/// Builds the console, unless nothing changed.
pub(super) fn build(_tools: &Tools, _mode: Mode) -> Result<()> {
    if !paths::root().join("console/index.html").is_file() {
        shell::say("console", "is not there yet");
    }
    Ok(())
}

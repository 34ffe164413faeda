//! What a run is told. The same seed plans the same pages, cuts and answers; what the machine makes of them in time
//! differs.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};

/// One run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Everything that is left to chance follows from it.
    pub seed: u64,
    /// Distinct items to send.
    pub events: u64,
    /// Times that the server is killed.
    pub kills: u64,
    /// How long sending may take.
    pub limit: Duration,
    /// Whether the collector is one that does not know repeats: then the checker has to find what is there twice.
    pub without_deduplication: bool,
    /// The collector to run, where it is not the one that `cargo xtask build` made.
    pub collector: Option<PathBuf>,
    /// Where the files are left for looking at; otherwise they go when the run ends.
    pub keep: Option<PathBuf>,
}

/// Reads the command line.
pub fn parse() -> Result<Options> {
    let mut options = Options {
        seed: 0,
        events: 20_000,
        kills: 12,
        limit: Duration::from_mins(10),
        without_deduplication: false,
        collector: None,
        keep: None,
    };
    let mut parser = Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("seed") => options.seed = parser.value()?.parse()?,
            Arg::Long("events") => options.events = parser.value()?.parse()?,
            Arg::Long("kills") => options.kills = parser.value()?.parse()?,
            Arg::Long("limit-s") => options.limit = Duration::from_secs(parser.value()?.parse()?),
            Arg::Long("without-deduplication") => options.without_deduplication = true,
            Arg::Long("collector") => options.collector = Some(parser.value()?.into()),
            Arg::Long("keep") => options.keep = Some(parser.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.events == 0 {
        bail!("--events is at least 1");
    }
    Ok(options)
}

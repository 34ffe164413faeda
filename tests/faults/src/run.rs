//! One run: everything is started, sent, killed, left to settle, and checked.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use tempfile::TempDir;
use xtask::runtime::{ServeOptions, Server};
use xtask::seed::rng::Rng;

use crate::books::{Book, Books};
use crate::check;
use crate::options::Options;
use crate::proxy::Proxy;
use crate::report::Report;
use crate::sender::{self, Work};
use crate::sink::{self, Sink};
use crate::{killer, pages, replay};

const SENDERS: usize = 10;
const SHARDS: u32 = 4;
/// How many in a hundred connections are cut: from pages, and to the sink.
const CUT: u64 = 80;
const CUT_TO_SINK: u64 = 25;
/// How long deliveries and counts may take once all faults are over: the longest pause a sink has earned, and more.
const SETTLE: Duration = Duration::from_secs(150);

/// Runs, and reports.
pub fn run(options: &Options) -> Result<Report> {
    let started = Instant::now();
    eprintln!(
        "seed {}: {} items, {} kills{}",
        options.seed,
        options.events,
        options.kills,
        if options.without_deduplication {
            ", without deduplication"
        } else {
            ""
        }
    );
    let temporary;
    let folder = if let Some(folder) = &options.keep {
        folder.as_path()
    } else {
        temporary = TempDir::with_prefix("hearback-faults-")?;
        temporary.path()
    };
    let (books, kept) = (folder.join("books"), folder.join("sink"));
    for folder in [&books, &kept] {
        fs::create_dir_all(folder)?;
    }
    let sink = Sink::start(&kept, options.seed ^ 1)?;
    let to_sink = Proxy::start(sink.port(), options.seed ^ 2, CUT_TO_SINK)?;
    let mut server = Server::start(&serve_options(options, folder, to_sink.port()))?;
    let port = server.url().rsplit(':').next().and_then(|port| port.parse().ok());
    let proxy = Proxy::start(port.context("the server's port")?, options.seed ^ 3, CUT)?;

    let work = Work {
        url: format!("http://127.0.0.1:{}", proxy.port()),
        key: server.key().to_owned(),
        pages: Mutex::new(pages::plan(options.seed, options.events, sender::now())),
        repeats: Mutex::default(),
        done: AtomicU64::new(0),
        is_over: AtomicBool::new(false),
    };
    let kills = send_and_kill(options, &work, &mut server, &books)?;
    let is_complete = !work.is_over.load(Ordering::Relaxed);
    eprintln!("sent after {} s; everything settles", started.elapsed().as_secs());
    sink.recover();
    to_sink.calm_down();

    let books = Books::read(&books)?;
    let mut checked = settle(&mut server, &books, &kept, options.without_deduplication, false)?;
    let dead = checked.dead;
    if checked.is_clean() {
        server.restart()?;
        sink.mend();
        let replayed = replay::all(&server)?;
        eprintln!("all but {dead} arrived; {replayed} dead letters are sent again");
        checked = settle(&mut server, &books, &kept, options.without_deduplication, true)?;
    }
    Ok(Report {
        seed: options.seed,
        books,
        checked,
        dead,
        kills,
        cuts: proxy.cuts() + to_sink.cuts(),
        is_complete,
        seconds: started.elapsed().as_secs(),
        without_deduplication: options.without_deduplication,
    })
}

fn serve_options(options: &Options, folder: &Path, sink: u16) -> ServeOptions {
    let mut serve = ServeOptions::new(folder.join("state"));
    serve.demo = true;
    serve.shards = Some(SHARDS);
    serve.sink_delay_ms = Some(200);
    serve.sink = Some(xtask::runtime::Sink {
        url: format!("http://127.0.0.1:{sink}/in"),
        secret: sink::SECRET.to_owned(),
    });
    if let Some(collector) = &options.collector {
        serve.collector.clone_from(collector);
    }
    if options.without_deduplication {
        serve.settings.push(("FAULTS".into(), "no-deduplication".into()));
    }
    serve
}

fn send_and_kill(options: &Options, work: &Work, server: &mut Server, books: &Path) -> Result<u64> {
    let mut rng = Rng::new(options.seed ^ 4);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|number| {
                let rng = Rng::new(rng.number());
                scope.spawn(move || sender::run(work, &mut Book::open(books, number)?, rng))
            })
            .collect();
        let killer = scope.spawn(move || {
            killer::run(
                work,
                server,
                options.kills,
                options.events,
                Rng::new(rng.number()),
            )
        });
        let started = Instant::now();
        while !senders.iter().all(thread::ScopedJoinHandle::is_finished) {
            if started.elapsed() > options.limit
                || (killer.is_finished() && work.is_over.load(Ordering::Relaxed))
            {
                work.is_over.store(true, Ordering::Relaxed);
            }
            thread::sleep(Duration::from_millis(50));
        }
        for sender in senders {
            sender.join().map_err(|_| anyhow!("a sender panicked"))??;
        }
        killer.join().map_err(|_| anyhow!("the killer panicked"))?
    })
}

/// Lets the consumers of the log come to its end, and checks: the files are read while the server is stopped.
fn settle(
    server: &mut Server,
    books: &Books,
    kept: &Path,
    without_deduplication: bool,
    is_mended: bool,
) -> Result<check::Findings> {
    let deadline = Instant::now() + SETTLE;
    let mut pause = Duration::from_secs(4);
    loop {
        thread::sleep(pause);
        server.stop()?;
        let findings = check::all(server.state(), books, kept, is_mended)?;
        // Without deduplication there is nothing to wait for: what is there twice stays so.
        if findings.is_clean() || without_deduplication || Instant::now() > deadline {
            return Ok(findings);
        }
        eprintln!("not settled yet: {findings:?}");
        server.restart()?;
        pause = (pause * 3 / 2).min(Duration::from_secs(20));
    }
}

//! The command line, read.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use lexopt::{Arg, Parser, ValueExt};

use crate::bench::{BenchOptions, Subject};
use crate::build::Mode;
use crate::faults::FaultOptions;
use crate::fuzz::{self, FuzzOptions};
use crate::integrity::IntegrityOptions;
use crate::runtime::{ServeOptions, Sink};

/// What `cargo xtask help` prints.
pub const HELP: &str = "\
cargo xtask <command>

  demo    [--port 8787] [--fresh] [--seed N]   build, start a shop with Hearback on it, and say where
  test    [unit|runtime|faults|browser]…       every test there is, or those named
  test defences                                whether the tests of hostile pages fail without what they defend
  test faults [--seed N] [--events N] [--kills N]
                                               kill, cut and repeat, and look whether each item is there once
  soak    [--seed N] [--events N] [--kills N]  the same, long
  fuzz    [TARGET…] [--seconds 30]             inputs made by libFuzzer: decode, redact, signature, query,
                                               guard
  check   [STEP…]                              format, lints, dependencies, edges; --list names the steps
  size    [--json]                             bytes of what visitors and the edge load
  bench   ingest|query|cost [--json] [--quick] measured beside a plain JavaScript Worker; dollars per million events
  bench   page [--json] [--quick]              what a page pays, beside what people use instead
  build   [panel|packages] [--dev]             loader, panel, console, collector, npm packages (dist/npm);
                                               or what visitors load alone; or the packages alone
  integrity [--collector URL] [--key K] [--parts] [--json]
                                               the script tag with the digest of this build (docs/widget.md)
  bundle                                       dist/hearback, which runs on one machine (docs/self-host.md)
  serve   --state DIR [--port P] [--project P] [--demo] [--shards N] [--sink-delay-ms N]
          [--sink-url U --sink-secret S] [--set NAME=VALUE]… [--unchecked]
                                               the built collector and shop on workerd; one line of JSON when ready
  token   --project P [--state DIR]            a project's public key and secret token
  screenshots                                  the pictures in docs/
  setup                                        install the tools and stop
";

/// Where the demo keeps what was sent to it, unless told otherwise.
pub const DEMO_STATE: &str = ".hearback/demo";
/// The demo's port, unless told otherwise; the shop's is the next one.
pub const DEMO_PORT: u16 = 8787;

/// What the person asks for.
#[derive(Debug)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Install the tools.
    Setup,
    /// Build everything.
    Build(Mode),
    /// Build what visitors load.
    BuildPanel(Mode),
    /// Make the npm packages.
    BuildPackages,
    /// Print the script tag with its digest.
    Integrity(IntegrityOptions),
    /// Make what runs on one machine.
    Bundle,
    /// Build and show.
    Demo(DemoOptions),
    /// Start what is built.
    Serve(ServeOptions),
    /// Run the suites with these names, or all.
    Test(Vec<String>),
    /// Send, kill and check.
    Faults(FaultOptions),
    /// Give made-up inputs to what reads inputs.
    Fuzz(FuzzOptions),
    /// Print sizes, as JSON or as a table.
    Size {
        /// For programs.
        json: bool,
    },
    /// Measure.
    Bench(BenchOptions),
    /// Run the steps with these names, or all.
    Check(Vec<String>),
    /// Print the names of the steps.
    CheckList,
    /// Take the pictures.
    Screenshots,
    /// Print a project's credentials.
    Token {
        /// The project.
        project: String,
        /// Folder of the secrets.
        state: PathBuf,
    },
}

/// How the demo is started.
#[derive(Debug, PartialEq, Eq)]
pub struct DemoOptions {
    /// The collector's port.
    pub port: u16,
    /// Whether what was sent before is thrown away.
    pub fresh: bool,
    /// Simulated visitors.
    pub seed: u32,
}

/// Reads the arguments after the program's name.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = Parser::from_args(args);
    let command = match parser.next()? {
        None | Some(Arg::Long("help") | Arg::Short('h')) => return Ok(Command::Help),
        Some(Arg::Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "help" => Ok(Command::Help),
        "setup" => nothing_more(&mut parser, Command::Setup),
        "build" => build(&mut parser),
        "integrity" => integrity(&mut parser).map(Command::Integrity),
        "bundle" => nothing_more(&mut parser, Command::Bundle),
        "demo" => demo(&mut parser).map(Command::Demo),
        "serve" => serve(&mut parser).map(Command::Serve),
        "test" => test(parser),
        "soak" => faults(&mut parser, true).map(Command::Faults),
        "fuzz" => fuzz(&mut parser).map(Command::Fuzz),
        "size" => Ok(Command::Size {
            json: flag(&mut parser, "json")?,
        }),
        "bench" => bench(&mut parser).map(Command::Bench),
        "check" => check(&mut parser),
        "screenshots" => nothing_more(&mut parser, Command::Screenshots),
        "token" => token(&mut parser),
        other => bail!("`{other}` is not a command\n\n{HELP}"),
    }
}

fn build(parser: &mut Parser) -> Result<Command> {
    let (mut only, mut mode) = (None, Mode::Release);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Value(part) if only.is_none() && (part == "panel" || part == "packages") => {
                only = Some(part);
            }
            Arg::Long("dev") => mode = Mode::Dev,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(match only {
        None => Command::Build(mode),
        Some(part) if part == "panel" => Command::BuildPanel(mode),
        Some(_) => Command::BuildPackages,
    })
}

fn integrity(parser: &mut Parser) -> Result<IntegrityOptions> {
    let mut options = IntegrityOptions::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("collector") => options.collector = parser.value()?.string()?,
            Arg::Long("key") => options.key = parser.value()?.string()?,
            Arg::Long("parts") => options.parts = true,
            Arg::Long("json") => options.json = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn nothing_more(parser: &mut Parser, command: Command) -> Result<Command> {
    match parser.next()? {
        None => Ok(command),
        Some(arg) => Err(arg.unexpected().into()),
    }
}

fn flag(parser: &mut Parser, name: &str) -> Result<bool> {
    let mut given = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long(found) if found == name => given = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(given)
}

fn names(parser: &mut Parser) -> Result<Vec<String>> {
    let mut names = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(names)
}

fn bench(parser: &mut Parser) -> Result<BenchOptions> {
    let (mut subject, mut json, mut quick) = (None, false, false);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("json") => json = true,
            Arg::Long("quick") => quick = true,
            Arg::Value(name) if subject.is_none() => subject = Some(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let subject = match subject.as_deref() {
        Some("ingest") => Subject::Ingest,
        Some("query") => Subject::Query,
        Some("cost") => Subject::Cost,
        Some("page") => Subject::Page,
        _ => bail!("bench takes what to measure: ingest, query, cost or page"),
    };
    Ok(BenchOptions { subject, json, quick })
}

/// The run of faults alone has options of its own.
fn test(mut parser: Parser) -> Result<Command> {
    let rest: Vec<OsString> = parser.raw_args()?.collect();
    let has_options = rest.iter().any(|word| word.to_string_lossy().starts_with("--"));
    if has_options && rest.first().is_some_and(|word| word == "faults") {
        return faults(&mut Parser::from_args(rest.into_iter().skip(1)), false).map(Command::Faults);
    }
    names(&mut Parser::from_args(rest)).map(Command::Test)
}

fn faults(parser: &mut Parser, is_soak: bool) -> Result<FaultOptions> {
    let mut options = FaultOptions {
        is_soak,
        ..FaultOptions::default()
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("seed") => options.seed = Some(parser.value()?.parse()?),
            Arg::Long("events") => options.events = Some(parser.value()?.parse()?),
            Arg::Long("kills") => options.kills = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn fuzz(parser: &mut Parser) -> Result<FuzzOptions> {
    let mut options = FuzzOptions {
        targets: Vec::new(),
        seconds: fuzz::SECONDS,
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Value(name) => options.targets.push(name.string()?),
            Arg::Long("seconds") => options.seconds = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn check(parser: &mut Parser) -> Result<Command> {
    let mut names = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Value(name) => names.push(name.string()?),
            Arg::Long("list") => return Ok(Command::CheckList),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Check(names))
}

fn demo(parser: &mut Parser) -> Result<DemoOptions> {
    let mut options = DemoOptions {
        port: DEMO_PORT,
        fresh: false,
        seed: 0,
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => options.port = parser.value()?.parse()?,
            Arg::Long("fresh") => options.fresh = true,
            Arg::Long("seed") => options.seed = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if !(1..u16::MAX).contains(&options.port) {
        bail!("--port is from 1 to 65534: the shop takes the port after it");
    }
    Ok(options)
}

fn serve(parser: &mut Parser) -> Result<ServeOptions> {
    let mut options = ServeOptions::new("");
    let (mut url, mut secret) = (None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("port") => options.port = Some(parser.value()?.parse()?).filter(|port| *port != 0),
            Arg::Long("state") => options.state = parser.value()?.into(),
            Arg::Long("project") => options.project = parser.value()?.string()?,
            Arg::Long("demo") => options.demo = true,
            Arg::Long("shards") => options.shards = Some(parser.value()?.parse()?),
            Arg::Long("sink-delay-ms") => options.sink_delay_ms = Some(parser.value()?.parse()?),
            Arg::Long("sink-url") => url = Some(parser.value()?.string()?),
            Arg::Long("sink-secret") => secret = Some(parser.value()?.string()?),
            Arg::Long("set") => options.settings.push(setting(&parser.value()?.string()?)?),
            Arg::Long("unchecked") => options.checked = false,
            other => return Err(other.unexpected().into()),
        }
    }
    options.sink = match (url, secret) {
        (Some(url), Some(secret)) => Some(Sink { url, secret }),
        (None, None) => None,
        _ => bail!("--sink-url and --sink-secret belong together"),
    };
    if options.state.as_os_str().is_empty() {
        bail!("serve needs --state DIR, the folder of its storage and secrets");
    }
    Ok(options)
}

fn setting(text: &str) -> Result<(String, String)> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| anyhow!("--set takes NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

fn token(parser: &mut Parser) -> Result<Command> {
    let (mut project, mut state) = (None, PathBuf::from(DEMO_STATE));
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("project") => project = Some(parser.value()?.string()?),
            Arg::Long("state") => state = parser.value()?.into(),
            other => return Err(other.unexpected().into()),
        }
    }
    let project = project.ok_or_else(|| anyhow!("token needs --project NAME"))?;
    Ok(Command::Token { project, state })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_demo_takes_a_port_a_seed_and_a_fresh_start() {
        let Ok(Command::Demo(options)) = read("demo --port 9000 --fresh --seed 200") else {
            panic!("a demo")
        };
        assert_eq!(
            options,
            DemoOptions {
                port: 9000,
                fresh: true,
                seed: 200
            }
        );
    }

    #[test]
    fn port_0_takes_free_ports() {
        let Ok(Command::Serve(options)) = read("serve --port 0 --state s --set SHARDS=4") else {
            panic!("a server")
        };
        assert_eq!(options.port, None);
        assert_eq!(options.settings, [("SHARDS".to_owned(), "4".to_owned())]);
    }

    #[test]
    fn the_run_of_faults_takes_a_size_and_a_seed() {
        let Ok(Command::Faults(options)) = read("test faults --seed 7 --events 100") else {
            panic!("a run")
        };
        assert_eq!(
            (options.seed, options.events, options.is_soak),
            (Some(7), Some(100), false)
        );
        assert!(matches!(read("test faults runtime"), Ok(Command::Test(names)) if names.len() == 2));
        assert!(matches!(read("soak --kills 3"), Ok(Command::Faults(options)) if options.is_soak));
    }

    #[test]
    fn mistakes_are_told_apart() {
        for (line, word) in [
            ("frob", "`frob` is not a command"),
            ("demo --prot 1", "--prot"),
            ("demo --port 65535", "65534"),
            ("serve", "--state"),
            ("serve --state s --sink-url http://a", "belong together"),
            ("token", "--project"),
            ("bench", "ingest, query, cost or page"),
        ] {
            let error = read(line).map(|_| ()).expect_err(line).to_string();
            assert!(error.contains(word), "{line}: {error}");
        }
    }
}

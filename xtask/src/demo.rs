//! `cargo xtask demo`: from a clone to a shop with a feedback button, in one command.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::args::{DEMO_STATE, DemoOptions};
use crate::build::{self, Mode};
use crate::runtime::{ServeOptions, Server};
use crate::{paths, ports, seed, serve, shell};

/// Builds, starts, tells where, and runs until Ctrl-C.
pub fn run(options: &DemoOptions) -> Result<()> {
    for port in [options.port, options.port + 1] {
        if !ports::is_free(port) {
            let other = if options.port < 60_000 {
                options.port + 1000
            } else {
                8787
            };
            bail!(
                "port {port} is in use (the demo needs {} and the next one): stop what listens there, \
                 or run `cargo xtask demo --port {other}`",
                options.port
            );
        }
    }
    build::all(Mode::Release)?;
    let state = paths::root().join(DEMO_STATE);
    if options.fresh {
        clear(&state)?;
    }
    let signals = serve::signals()?;
    let serve_options = ServeOptions {
        port: Some(options.port),
        demo: true,
        ..ServeOptions::new(&state)
    };
    let server = Server::start(&serve_options)?;
    if options.seed > 0 {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .context("reading the clock")?;
        let now = u64::try_from(now.as_millis()).context("reading the clock")?;
        seed::play(&server.url(), server.key(), options.seed, now, || {
            signals.try_recv().is_ok()
        })?;
    }
    announce(&server, options);
    serve::until_signal(server, &signals)
}

/// `--fresh` forgets what was sent, and the keys with it.
fn clear(state: &Path) -> Result<()> {
    if state.exists() {
        fs::remove_dir_all(state).with_context(|| format!("clearing {}", paths::shown(state)))?;
        shell::say("demo", &format!("cleared {DEMO_STATE}"));
    }
    Ok(())
}

fn announce(server: &Server, options: &DemoOptions) {
    let hint = if options.seed == 0 {
        "\n  For some company:  cargo xtask demo --seed 200"
    } else {
        ""
    };
    println!(
        "
  Demo shop       {shop}
  Console         {url}/console
  Sign-in token   {token}

  What was sent is kept in {DEMO_STATE}; --fresh starts anew. Ctrl-C ends it.{hint}
",
        shop = server.shop_url(),
        url = server.url(),
        token = server.token(),
    );
}

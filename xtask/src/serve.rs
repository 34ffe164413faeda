//! `cargo xtask serve`: what is built, on workerd, in the foreground. Its one line of output is for programs.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::runtime::{ServeOptions, Server};
use crate::tools;

/// How often we look whether workerd has ended by itself.
const LOOK: Duration = Duration::from_millis(200);

/// Starts a server, says where it is, and stays until a signal ends both.
pub fn run(options: &ServeOptions) -> Result<()> {
    tools::node_packages()?;
    let signals = signals()?;
    let server = Server::start(options)?;
    let ready = json!({
        "url": server.url(),
        "shop": server.shop_url(),
        "key": server.key(),
        "token": server.token(),
        "pid": server.pid(),
    });
    println!("{ready}");
    until_signal(server, &signals)
}

/// A message for each SIGINT, SIGTERM or SIGHUP.
pub fn signals() -> Result<Receiver<()>> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more: the server is being stopped already.
        let _ = sender.send(());
    })
    .context("listening for Ctrl-C")?;
    Ok(receiver)
}

/// Waits for a signal and ends the server in good order; an error when the server ends first.
pub fn until_signal(mut server: Server, signals: &Receiver<()>) -> Result<()> {
    loop {
        match signals.recv_timeout(LOOK) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return server.stop(),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(end) = server.ended()? {
                    bail!(
                        "workerd ended by itself ({end}); what it said is in {}",
                        server.log().display()
                    );
                }
            }
        }
    }
}

//! Free ports on this machine.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};

/// Tries before giving up: each fails only if the port after a free one is taken.
const TRIES: u32 = 64;

/// A free port whose successor is free too: the collector's and the shop's. Nothing holds them, so another program
/// may take them before they are used; whoever starts a server on them tries again.
pub fn free_pair() -> Result<u16> {
    for _ in 0..TRIES {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        if port < u16::MAX && is_free(port + 1) {
            return Ok(port);
        }
    }
    bail!("no two free ports in a row were found on 127.0.0.1")
}

/// Whether a server could listen there now.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_listened_on_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        assert!(!is_free(port));
        drop(listener);
        assert!(is_free(port));
    }

    #[test]
    fn a_free_pair_is_free() {
        let port = free_pair().expect("a pair");
        assert!(is_free(port) && is_free(port + 1));
    }
}

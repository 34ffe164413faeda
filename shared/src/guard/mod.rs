//! Which addresses a webhook may have. Whoever sets one decides where this server connects to, so an address that
//! could mean the machine itself, its neighbours or the cloud's metadata service is refused.
//!
//! An address has one spelling here. Hosts can be written in dozens of ways (`0x7f.1`, `017700000001`, `%3127.0.0.1`,
//! full-width digits), and a guard that undoes them all is right only as long as it undoes exactly what the runtime
//! undoes. This one undoes nothing: what is not already in the form that a URL parser would give is refused, with
//! words that say how to write it. What passes then means the same to every parser; tests and the fuzz target `guard`
//! hold that against the `url` crate.
//!
//! A name says nothing about where it leads: that is for the outlet, which sees addresses (docs/self-host.md).

mod host;
mod networks;
mod refusal;

pub use refusal::Refusal;

/// How far webhooks may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses by https.
    #[default]
    Public,
    /// Those, and by http or https this very machine: for development.
    Loopback,
}

/// Where an address that may be used leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// Out, as far as its spelling tells.
    Out,
    /// To this machine.
    Home,
}

/// Judges a webhook's address.
pub fn webhook(url: &str, reach: Reach) -> Result<Leads, Refusal> {
    let (is_https, rest) = split_scheme(url)?;
    // Parsers drop tabs and line ends, turn backslashes round and map letters beyond ASCII.
    if !url.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        return Err(Refusal::Characters);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(Refusal::UserInfo);
    }
    let host = without_port(authority)?;
    match host::judge(host) {
        Ok(()) if is_https => Ok(Leads::Out),
        Ok(()) => Err(Refusal::Scheme),
        Err(Refusal::Loopback) if reach == Reach::Loopback => Ok(Leads::Home),
        Err(refusal) => Err(refusal),
    }
}

fn split_scheme(url: &str) -> Result<(bool, &str), Refusal> {
    let https = url.strip_prefix("https://").map(|rest| (true, rest));
    https
        .or_else(|| url.strip_prefix("http://").map(|rest| (false, rest)))
        .ok_or(Refusal::Scheme)
}

/// The host of `host:port`; an IPv6 address keeps its brackets.
fn without_port(authority: &str) -> Result<&str, Refusal> {
    let end_of_host = authority.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = authority[end_of_host..].find(':') else {
        return Ok(authority);
    };
    let (host, port) = authority.split_at(end_of_host + colon);
    let digits = &port[1..];
    let is_port =
        digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|port| port > 0);
    if is_port { Ok(host) } else { Err(Refusal::Port) }
}

#[cfg(test)]
mod tests;

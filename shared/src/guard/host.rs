//! A host: an address, or a name that is not known to lead home.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Refusal;
use super::networks;

/// Characters of a name and of one label, by RFC 1035 section 2.3.4.
const NAME_CHARS: usize = 253;
const LABEL_CHARS: usize = 63;

/// Last labels that lead to this machine (RFC 6761 section 6.3).
const HOME: [&str; 2] = ["localhost", "localhost.localdomain"];

/// Ends of names that mean something on a private network only: RFC 6762 section 3 and appendix G, RFC 8375, ICANN's
/// `internal`, and what clouds use within.
const LOCAL: [&str; 9] = [
    "local",
    "internal",
    "intranet",
    "private",
    "localdomain",
    "corp",
    "home",
    "lan",
    "home.arpa",
];

/// Names of metadata services that end like public ones.
const METADATA: [&str; 1] = ["metadata.goog"];

/// Judges a host as it stands in an address, without its port.
pub(super) fn judge(host: &str) -> Result<(), Refusal> {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or(Refusal::Spelling)?;
        // A zone (`fe80::1%eth0`) is no part of an address in a URL, and the parser below refuses it.
        let address: Ipv6Addr = inner.parse().map_err(|_| Refusal::Spelling)?;
        return networks::v6(address);
    }
    let host = host.to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    if host.len() > NAME_CHARS || !labels.iter().all(|label| is_label(label)) {
        return Err(Refusal::Spelling);
    }
    let last = labels.last().copied().unwrap_or_default();
    // To parsers a name whose last label is a number is an IPv4 address in one of its many spellings.
    if is_number(last) {
        let address: Ipv4Addr = host.parse().map_err(|_| Refusal::Spelling)?;
        return networks::v4(address);
    }
    if is_below(&host, &HOME) {
        Err(Refusal::Loopback)
    } else if is_below(&host, &METADATA) {
        Err(Refusal::Metadata)
    } else if labels.len() == 1 || is_below(&host, &LOCAL) {
        Err(Refusal::LocalName)
    } else {
        Ok(())
    }
}

/// Whether a name is one of these, or ends in one after a dot.
fn is_below(host: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| {
        host.strip_suffix(end)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Letters, digits and inner hyphens.
fn is_label(label: &str) -> bool {
    (1..=LABEL_CHARS).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether a parser reads a label as a number, by <https://url.spec.whatwg.org/#ends-in-a-number-checker>.
fn is_number(label: &str) -> bool {
    match label.strip_prefix("0x") {
        Some(hex) => hex.bytes().all(|b| b.is_ascii_hexdigit()),
        None => label.bytes().all(|b| b.is_ascii_digit()),
    }
}

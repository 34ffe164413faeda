//! Who sends a request, as far as it matters: enough to tell days' visitors and floods apart, never kept as it is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_shared::UnixMillis;
use hearback_shared::enrich::{self, NetworkSigns};
use hearback_shared::item::EdgeFacts;
use hearback_shared::project::ProjectId;
use hearback_shared::redact;
use hearback_shared::settings::EdgeView;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Characters of a user agent that are kept.
const AGENT_CHARS: usize = 256;

/// Characters of the visitor hash: 128 of its bits, so that a day's visitors of the largest site stay apart.
const VISITOR_BYTES: usize = 16;

const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

/// What a request says of its sender. The address lives as long as the request.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that say nothing of each other"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// Its network address.
    pub address: Option<IpAddr>,
    /// `Origin`
    pub origin: Option<String>,
    /// `User-Agent`
    pub agent: Option<String>,
    /// Whether it sends `Accept-Language`.
    pub names_languages: bool,
    /// Whether it sends `Sec-GPC: 1`.
    pub says_gpc: bool,
    /// Whether it brings the project's token.
    pub has_token: bool,
    /// Whether it is a server of the project's team: what it is and where it stands says nothing of a visitor.
    pub is_server: bool,
    /// What the platform knows of where it is.
    pub place: Place,
    /// The visitor for the length of a day, once the project's salt is known.
    pub visitor: Option<String>,
}

/// What the platform knows of where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// The platform's name of the region.
    pub region: Option<String>,
    /// The data centre that took the request. Its presence proves the platform: clients cannot set it.
    pub colo: Option<String>,
    /// Who operates the sender's network.
    pub operator: Option<String>,
}

impl Sender {
    /// What is kept of it beside each item.
    pub fn facts(&self) -> EdgeFacts {
        if self.is_server {
            return EdgeFacts::default();
        }
        let signs = NetworkSigns {
            names_languages: self.names_languages,
            operator: self.place.operator.as_deref(),
        };
        let agent = self.agent.as_ref().map(|agent| {
            let short: String = agent
                .chars()
                .filter(|c| !c.is_control())
                .take(AGENT_CHARS)
                .collect();
            // Some programs name their owner's address.
            if short.contains('@') {
                redact::text(&short).into_owned()
            } else {
                short
            }
        });
        EdgeFacts {
            country: self.place.country.clone(),
            region: self.place.region.clone(),
            colo: self.place.colo.clone(),
            flags: enrich::flags(self.agent.as_deref(), signs),
            agent,
            visitor: self.visitor.clone(),
            ..EdgeFacts::default()
        }
    }

    /// Names the visitor for today, by the server's day. Whoever asks not to be counted is not named, nor is a server.
    #[must_use]
    pub fn known_to(self, project: &ProjectId, view: &EdgeView, now: UnixMillis) -> Self {
        let salt = view.salts.get(&(now - now % DAY_MS));
        let visitor = match (salt, self.address) {
            (Some(salt), Some(address)) if !self.says_gpc && !self.is_server => Some(visitor(
                salt,
                project,
                address,
                self.agent.as_deref().unwrap_or_default(),
            )),
            _ => None,
        };
        Self { visitor, ..self }
    }
}

fn visitor(salt: &str, project: &ProjectId, address: IpAddr, agent: &str) -> String {
    visitor_of(salt, &[project.as_str(), &address.to_string(), agent])
}

/// A visitor's name of [`VISITOR_BYTES`], made of what is known of them.
pub fn visitor_of(salt: &str, parts: &[&str]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(salt.as_bytes()).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part.as_bytes());
        mac.update(&[0]);
    }
    URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..VISITOR_BYTES])
}

/// Where a sender's address may be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct AddressSources<'a> {
    /// The header that the operator's own proxy sets (`CLIENT_ADDRESS_HEADER`), if there is one.
    pub configured: Option<&'a str>,
    /// `cf-connecting-ip`, which anybody can send where the platform is not in between.
    pub cf_connecting_ip: Option<&'a str>,
    /// Whether the request came through the platform.
    pub is_on_platform: bool,
    /// The peer's address, as the runtime tells it.
    pub peer: Option<&'a str>,
}

/// The sender's address by the most trustworthy source; a proxy that appends to a list has written its last entry.
pub fn address(sources: AddressSources<'_>) -> Option<IpAddr> {
    let last = |list: &str| list.rsplit(',').next().and_then(parse);
    if let Some(configured) = sources.configured {
        return last(configured);
    }
    if sources.is_on_platform {
        return sources.cf_connecting_ip.and_then(parse);
    }
    sources.peer.and_then(parse)
}

fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let address = bare
        .parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))?;
    Some(address.to_canonical())
}

/// The network of an address: /24 or /48. What is remembered for limits is this.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            Ipv4Addr::new(a, b, c, 0).into()
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into()
        }
    }
}

/// Whether pages of this origin may send to the project. A sender without an origin is no page: it may where the
/// list is empty, or with the project's token.
pub fn may_send(origin: Option<&str>, view: &EdgeView, has_token: bool) -> bool {
    let allowed = &view.settings.origins;
    allowed.is_empty()
        || match origin {
            Some(origin) => allowed.iter().any(|allowed| allowed == origin),
            None => has_token,
        }
}

#[cfg(test)]
mod tests {

    use super::*;

    const NOW: UnixMillis = 1_795_000_000_000;

    fn project(name: &str) -> ProjectId {
        name.parse().expect("a project")
    }

    fn view(salt: &str) -> EdgeView {
        EdgeView {
            salts: std::iter::once((NOW - NOW % DAY_MS, salt.to_owned())).collect(),
            ..EdgeView::default()
        }
    }

    fn sender(address: &str) -> Sender {
        Sender {
            address: parse(address),
            agent: Some("Firefox".into()),
            ..Sender::default()
        }
    }

    #[test]
    fn a_visitor_is_the_same_all_day_and_nobody_elses_or_tomorrows() {
        let name = |sender: Sender, name: &str, salt: &str| {
            sender.known_to(&project(name), &view(salt), NOW).visitor
        };
        let ours = name(sender("192.0.2.7"), "demo", "a");
        assert_eq!(ours.as_ref().map(String::len), Some(22));
        assert_eq!(ours, name(sender("::ffff:192.0.2.7"), "demo", "a"));
        for other in [
            name(sender("192.0.2.8"), "demo", "a"),
            name(sender("192.0.2.7"), "shop", "a"),
            name(sender("192.0.2.7"), "demo", "b"),
            name(
                Sender {
                    agent: None,
                    ..sender("192.0.2.7")
                },
                "demo",
                "a",
            ),
        ] {
            assert!(other.is_some());
            assert_ne!(ours, other);
        }
        assert_eq!(
            sender("192.0.2.7")
                .known_to(&project("demo"), &view("a"), NOW + DAY_MS)
                .visitor,
            None
        );
    }

    #[test]
    fn who_asks_not_to_be_counted_is_not_named() {
        let sender = Sender {
            says_gpc: true,
            ..sender("192.0.2.7")
        };
        assert_eq!(sender.known_to(&project("demo"), &view("a"), NOW).visitor, None);
    }

    #[test]
    fn a_server_of_the_team_is_no_visitor_and_no_robot() {
        let server = Sender {
            is_server: true,
            ..sender("192.0.2.7")
        };
        let server = server.known_to(&project("demo"), &view("a"), NOW);
        assert_eq!((server.visitor.as_ref(), server.facts().is_empty()), (None, true));
    }

    #[test]
    fn what_is_kept_holds_no_address() {
        let sender = sender("192.0.2.7").known_to(&project("demo"), &view("a"), NOW);
        let kept = serde_json::to_string(&sender.facts()).expect("JSON");
        assert!(!kept.contains("192.0"), "{kept}");
    }

    #[test]
    fn an_address_is_believed_only_from_who_can_know_it() {
        let forged = AddressSources {
            cf_connecting_ip: Some("198.51.100.1"),
            peer: Some("192.0.2.7:4711"),
            ..AddressSources::default()
        };
        assert_eq!(address(forged), parse("192.0.2.7"));
        let on_platform = AddressSources {
            is_on_platform: true,
            ..forged
        };
        assert_eq!(address(on_platform), parse("198.51.100.1"));
        let proxied = AddressSources {
            configured: Some("203.0.113.9, 192.0.2.1"),
            ..forged
        };
        assert_eq!(address(proxied), parse("192.0.2.1"));
        assert_eq!(
            address(AddressSources {
                configured: Some("junk"),
                ..forged
            }),
            None
        );
        assert_eq!(parse("[2001:db8::1]:443"), parse("2001:db8::1"));
    }

    #[test]
    fn what_is_remembered_for_limits_is_a_network() {
        let network = |text: &str| network(parse(text).expect("an address")).to_string();
        assert_eq!(network("192.0.2.77"), "192.0.2.0");
        assert_eq!(network("2001:db8:1:2:3::4"), "2001:db8:1::");
    }

    #[test]
    fn a_list_of_origins_lets_in_their_pages_and_servers_with_a_token() {
        let mut view = EdgeView::default();
        assert!(may_send(None, &view, false) && may_send(Some("https://x.example"), &view, false));
        view.settings.origins = vec!["https://shop.example".into()];
        assert!(may_send(Some("https://shop.example"), &view, false));
        assert!(may_send(None, &view, true));
        for (origin, has_token) in [
            (None, false),
            (Some("null"), true),
            (Some("https://shop.example.evil.example"), true),
            (Some("http://shop.example"), false),
        ] {
            assert!(!may_send(origin, &view, has_token), "{origin:?}");
        }
    }
}

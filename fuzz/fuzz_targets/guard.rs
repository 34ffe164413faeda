//! Any text as a webhook's address: what passes means the same to a URL parser, and no private address passes.
#![no_main]

use std::net::IpAddr;

use hearback_shared::guard::{self, Leads, Reach};
use libfuzzer_sys::fuzz_target;
use url::{Host, Url};

fuzz_target!(|text: &str| {
    look_at(text);
    // The same as a host: most of what could go wrong lies there.
    look_at(&format!("https://{text}/"));
});

fn look_at(url: &str) {
    let strict = guard::webhook(url, Reach::Public);
    let loopback = guard::webhook(url, Reach::Loopback);
    assert_ne!(strict, Ok(Leads::Home), "{url:?}");
    if strict.is_ok() {
        assert_eq!(loopback, strict, "{url:?}");
    }
    let Ok(leads) = loopback else {
        return;
    };
    // Punycode that stands for nothing is left to the parser, which refuses it before anything is sent.
    let Ok(parsed) = Url::parse(url) else {
        assert!(url.to_ascii_lowercase().contains("xn--"), "{url:?}");
        return;
    };
    assert!(
        parsed.username().is_empty() && parsed.password().is_none(),
        "{url:?}"
    );
    assert!(parsed.scheme() == "https" || leads == Leads::Home, "{url:?}");
    let address: Option<IpAddr> = match parsed.host().expect("a host") {
        Host::Domain(name) => {
            let start = parsed.scheme().len() + "://".len();
            let written = url[start..].to_ascii_lowercase();
            let rest = written.strip_prefix(name).expect("the host is what was written");
            assert!(
                rest.is_empty() || rest.starts_with([':', '/', '?', '#']),
                "{url:?}"
            );
            let is_home = name == "localhost"
                || name.ends_with(".localhost")
                || name.ends_with("localhost.localdomain");
            assert_eq!(is_home, leads == Leads::Home, "{url:?}");
            None
        }
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    };
    if let Some(address) = address {
        assert_eq!(address.is_loopback(), leads == Leads::Home, "{url:?}");
        assert!(leads == Leads::Home || is_public(address), "{url:?}");
    }
}

/// By the standard library's words, and not by the guard's tables.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(v6) => {
            let [a, b, ..] = v6.segments();
            // 2000::/3 without Teredo, documentation and 6to4.
            (0x2000..0x4000).contains(&a)
                && a != 0x2002
                && !(a == 0x2001 && (b == 0 || b == 0xdb8))
                && v6.to_ipv4().is_none()
        }
    }
}

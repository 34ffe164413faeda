use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use url::{Host, Url};

use super::*;

fn of_host(host: &str) -> Result<Leads, Refusal> {
    webhook(&format!("https://{host}/in?a=1"), Reach::Public)
}

#[test]
fn public_addresses_pass() {
    for url in [
        "https://hooks.example.com",
        "https://hooks.example.com/in/%C3%BC?a=b#c",
        "https://hooks.example.com:8443/in",
        "https://HOOKS.Example.com/",
        "https://xn--bcher-kva.example/in",
        "https://a.internal.example/",
        "https://localhost.example.com/",
        "https://hooks.example.com/@127.0.0.1/",
        "https://8.8.8.8/",
        "https://172.32.0.1/",
        "https://[2606:4700::1111]:443/",
        "https://[2001:4860:4860::8888]/",
        "https://0x7f.0x1.example/",
    ] {
        assert_eq!(webhook(url, Reach::Public), Ok(Leads::Out), "{url}");
        assert_eq!(webhook(url, Reach::Loopback), Ok(Leads::Out), "{url}");
    }
}

#[test]
fn every_network_that_is_not_public_is_refused_from_its_first_to_its_last_address() {
    let cases: [(Refusal, &[&str]); 7] = [
        (Refusal::Loopback, &["127.0.0.1", "127.255.255.255", "[::1]"]),
        (
            Refusal::Private,
            &[
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.1",
                "100.64.0.0",
                "100.127.255.255",
                "[fc00::]",
                "[fdff::1]",
                "[fd00:ec2::254]",
            ],
        ),
        (
            Refusal::LinkLocal,
            &[
                "169.254.0.1",
                "169.254.255.255",
                "[fe80::1]",
                "[febf::1]",
                "[fec0::1]",
                "[feff::1]",
            ],
        ),
        (
            Refusal::Metadata,
            &[
                "169.254.169.254",
                "100.100.100.200",
                "168.63.129.16",
                "metadata.goog",
            ],
        ),
        (
            Refusal::Embedded,
            &[
                "[::ffff:127.0.0.1]",
                "[::ffff:8.8.8.8]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[::ffff:0:127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b:1::a9fe:a9fe]",
                "[2002:7f00:1::]",
                "[2001:0:1::1]",
            ],
        ),
        (Refusal::Multicast, &["224.0.0.1", "239.255.255.255", "[ff02::1]"]),
        (
            Refusal::Reserved,
            &[
                "0.0.0.0",
                "0.255.255.255",
                "[::]",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.1",
                "198.18.0.1",
                "198.19.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "[2001:db8::1]",
                "[2001:1ff::1]",
                "[3fff::1]",
                "[100::1]",
                "[4000::1]",
                "[5f00::1]",
            ],
        ),
    ];
    for (refusal, hosts) in cases {
        for host in hosts {
            assert_eq!(of_host(host), Err(refusal), "{host}");
        }
    }
}

#[test]
fn an_address_has_one_spelling() {
    for host in [
        "0x7f.1",
        "0x7f000001",
        "0X7F.1",
        "2130706433",
        "017700000001",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "127.00.0.1",
        "127.0.0.01",
        "127.0.0.0x1",
        "256.0.0.1",
        "1.2.3.4.5",
        "8.8.8.8.",
        "example.com.",
        "a..b",
        ".a.b",
        "%31%32%37.0.0.1",
        "127%2e0.0.1",
        "a_b.example",
        "-a.example",
        "a-.example",
        "127.0.0.xn--1-",
        "[::1",
        "::1",
        "[::1%25lo]",
        "[::1%lo]",
        "[]",
        "",
        "[127.0.0.1]",
        "[0x7f::1::]",
        "a.example]",
        "0x.0x",
        "a.0x7f",
        "a.9",
    ] {
        let refusal = of_host(host).expect_err(host);
        assert!(
            [Refusal::Spelling, Refusal::Port].contains(&refusal),
            "{host}: {refusal:?}"
        );
    }
    for host in [
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "bücher.example",
        "a\t.example",
        "a\n.example",
        "a\\b.example",
        "ⓛocalhost",
        "a b.example",
        "a\u{ad}.example",
        "a\0.example",
    ] {
        assert_eq!(of_host(host), Err(Refusal::Characters), "{host:?}");
    }
    for url in [
        "https://public.example\\@127.0.0.1/",
        " https://a.example/",
        "https://a.example/\u{7f}",
        "https://a.example/in ",
    ] {
        assert!(webhook(url, Reach::Public).is_err(), "{url:?}");
    }
}

#[test]
fn what_stands_around_the_host_hides_nothing() {
    for (url, refusal) in [
        ("https://public.example@127.0.0.1/", Refusal::UserInfo),
        ("https://public.example:443@127.0.0.1/", Refusal::UserInfo),
        ("https://@127.0.0.1/", Refusal::UserInfo),
        ("https://a@b@c.example", Refusal::UserInfo),
        ("https://127.0.0.1?public.example", Refusal::Loopback),
        ("https://127.0.0.1#@public.example", Refusal::Loopback),
        ("https://127.0.0.1:443", Refusal::Loopback),
        ("https://a.example:", Refusal::Port),
        ("https://a.example:0", Refusal::Port),
        ("https://a.example:65536", Refusal::Port),
        ("https://a.example:+80", Refusal::Port),
        ("https://a.example:80:80", Refusal::Port),
        ("https://[2606:4700::1]:", Refusal::Port),
        ("https:///127.0.0.1", Refusal::Spelling),
        ("https:127.0.0.1", Refusal::Scheme),
        ("http://a.example", Refusal::Scheme),
        ("HTTPS://a.example", Refusal::Scheme),
        ("ftp://a.example", Refusal::Scheme),
        ("//a.example", Refusal::Scheme),
        ("", Refusal::Scheme),
    ] {
        assert_eq!(webhook(url, Reach::Public), Err(refusal), "{url}");
    }
}

#[test]
fn names_of_private_networks_are_refused() {
    for host in ["localhost", "a.localhost", "LOCALHOST", "localhost.localdomain"] {
        assert_eq!(of_host(host), Err(Refusal::Loopback), "{host}");
    }
    for host in [
        "metadata.google.internal",
        "instance-data.ec2.internal",
        "printer.local",
        "nas.lan",
        "router.home.arpa",
        "intranet",
        "vm",
        "ip6-localhost",
        "kubernetes.default.svc.cluster.local",
    ] {
        assert_eq!(of_host(host), Err(Refusal::LocalName), "{host}");
    }
}

#[test]
fn the_development_switch_opens_this_machine_and_nothing_else() {
    for host in [
        "127.0.0.1:9000",
        "127.1.2.3",
        "[::1]:9000",
        "localhost:9000",
        "hooks.localhost",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}/in");
            assert_eq!(webhook(&url, Reach::Loopback), Ok(Leads::Home), "{url}");
            assert!(webhook(&url, Reach::Public).is_err(), "{url}");
        }
    }
    for host in [
        "10.0.0.1",
        "169.254.169.254",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "[::]",
        "vm",
        "a.internal",
        "0x7f.1",
        "a.example",
    ] {
        assert!(
            webhook(&format!("http://{host}/"), Reach::Loopback).is_err(),
            "{host}"
        );
    }
}

#[test]
fn every_reason_has_a_code_of_its_own_and_words() {
    let codes: std::collections::BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    for refusal in Refusal::ALL {
        assert!(refusal.to_string().len() > 10, "{refusal:?}");
    }
}

/// Pieces of which hosts are made, more of them awkward than not.
fn host() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("127".to_owned()),
        Just("0x7f".to_owned()),
        Just("0".to_owned()),
        Just(".".to_owned()),
        Just(".".to_owned()),
        Just("1".to_owned()),
        Just("xn--".to_owned()),
        Just("-".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just("::".to_owned()),
        Just(":".to_owned()),
        Just("ffff".to_owned()),
        Just("%31".to_owned()),
        Just("@".to_owned()),
        Just("a".to_owned()),
        Just("example".to_owned()),
        Just("localhost".to_owned()),
        Just("１".to_owned()),
        "\\PC",
        "[0-9a-z]{1,4}",
    ];
    prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

/// What passes means the same to the URL parser, and is public by the standard library's own words.
fn agrees(url: &str) {
    let Ok(leads) = webhook(url, Reach::Public) else {
        return;
    };
    assert_eq!(leads, Leads::Out);
    // A name in punycode that stands for nothing is left to the parser, which refuses it before anything is sent.
    let Ok(parsed) = Url::parse(url) else {
        assert!(url.contains("xn--"), "{url}");
        return;
    };
    assert_eq!(
        (parsed.scheme(), parsed.username(), parsed.password()),
        ("https", "", None),
        "{url}"
    );
    let written = url["https://".len()..]
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default();
    match parsed.host() {
        Some(Host::Domain(name)) => assert!(written.to_ascii_lowercase().starts_with(name), "{url}: {name}"),
        Some(Host::Ipv4(address)) => assert!(is_public_v4(address), "{url}"),
        Some(Host::Ipv6(address)) => assert!(is_public_v6(address), "{url}"),
        None => panic!("{url} has no host"),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    !(address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.to_ipv4().is_some())
}

proptest! {
    #[test]
    fn what_passes_means_the_same_to_a_url_parser(host in host(), path in "[/?#]?\\PC{0,8}") {
        agrees(&format!("https://{host}{path}"));
    }

    #[test]
    fn any_spelling_of_an_address_that_passes_is_public(bits: u32, spelling in 0_u8..5) {
        let address = Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = address.octets();
        let host = match spelling {
            0 => address.to_string(),
            1 => bits.to_string(),
            2 => format!("{bits:#x}"),
            3 => format!("{a}.{b}.{}", u32::from(c) * 256 + u32::from(d)),
            _ => format!("{a:#o}.{b}.{c:#x}.{d}").replace("0o", "0"),
        };
        agrees(&format!("https://{host}/"));
        prop_assert!(spelling == 0 || of_host(&host).is_err());
    }
}

//! Addresses that are not the public internet, by IANA's registries of special-purpose addresses
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>, `…/iana-ipv6-special-registry`).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Refusal;

/// A network's first address, how many of its bits are fixed, and what it is. The first that fits counts.
const V4: [(Ipv4Addr, u32, Refusal); 17] = [
    (Ipv4Addr::UNSPECIFIED, 8, Refusal::Reserved), // "this network": Linux connects to itself
    (Ipv4Addr::new(127, 0, 0, 0), 8, Refusal::Loopback),
    (Ipv4Addr::new(169, 254, 169, 254), 32, Refusal::Metadata), // most clouds
    (Ipv4Addr::new(100, 100, 100, 200), 32, Refusal::Metadata), // Alibaba
    (Ipv4Addr::new(168, 63, 129, 16), 32, Refusal::Metadata),   // Azure
    (Ipv4Addr::new(169, 254, 0, 0), 16, Refusal::LinkLocal),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Refusal::Private),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Refusal::Private),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Refusal::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Refusal::Private), // behind a provider's NAT
    (Ipv4Addr::new(192, 0, 0, 0), 24, Refusal::Reserved), // protocol assignments, and Oracle's metadata
    (Ipv4Addr::new(192, 0, 2, 0), 24, Refusal::Reserved), // documentation
    (Ipv4Addr::new(198, 51, 100, 0), 24, Refusal::Reserved), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24, Refusal::Reserved), // documentation
    (Ipv4Addr::new(198, 18, 0, 0), 15, Refusal::Reserved), // measurements
    (Ipv4Addr::new(224, 0, 0, 0), 4, Refusal::Multicast),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Refusal::Reserved), // with the broadcast address
];

/// The same. What no line names and lies outside `2000::/3` is not given out at all.
const V6: [(Ipv6Addr, u32, Refusal); 15] = [
    (Ipv6Addr::LOCALHOST, 128, Refusal::Loopback),
    (Ipv6Addr::UNSPECIFIED, 128, Refusal::Reserved), // Linux connects to itself
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, Refusal::Embedded), // v4-mapped
    (Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0), 96, Refusal::Embedded), // v4-translated, RFC 2765
    (Ipv6Addr::UNSPECIFIED, 96, Refusal::Embedded),  // v4-compatible, given up
    (
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0),
        96,
        Refusal::Embedded,
    ), // NAT64
    (
        Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0),
        48,
        Refusal::Embedded,
    ), // local NAT64
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, Refusal::Embedded), // 6to4
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, Refusal::Embedded), // Teredo
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Refusal::Reserved), // protocol assignments
    (
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0),
        32,
        Refusal::Reserved,
    ), // documentation
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Refusal::Reserved), // documentation
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Refusal::Private), // unique local, with AWS's metadata
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 9, Refusal::LinkLocal), // and site-local, given up
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Refusal::Multicast),
];

/// What is given out to networks of the public internet: `2000::/3`.
const GLOBAL: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Whether an IPv4 address is public.
pub(super) fn v4(address: Ipv4Addr) -> Result<(), Refusal> {
    let is_in = |network: Ipv4Addr, bits: u32| {
        let distance = address.to_bits() ^ network.to_bits();
        distance.leading_zeros() >= bits
    };
    refused(
        V4.iter()
            .find(|(network, bits, _)| is_in(*network, *bits))
            .map(|found| found.2),
    )
}

/// Whether an IPv6 address is public.
pub(super) fn v6(address: Ipv6Addr) -> Result<(), Refusal> {
    let is_in = |network: Ipv6Addr, bits: u32| {
        let distance = address.to_bits() ^ network.to_bits();
        distance.leading_zeros() >= bits
    };
    let named = V6.iter().find(|(network, bits, _)| is_in(*network, *bits));
    let otherwise = (!is_in(GLOBAL.0, GLOBAL.1)).then_some(Refusal::Reserved);
    refused(named.map(|found| found.2).or(otherwise))
}

fn refused(refusal: Option<Refusal>) -> Result<(), Refusal> {
    refusal.map_or(Ok(()), Err)
}

//! Why an address may not be used.

use std::fmt;

/// One reason, with a stable code. It never repeats the address, which may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not `https://`.
    Scheme,
    /// A letter that parsers drop, turn round or map to another.
    Characters,
    /// A name or password before the host.
    UserInfo,
    /// A port that is none.
    Port,
    /// A host that has another, plainer spelling, or none.
    Spelling,
    /// A name that only means something on a private network.
    LocalName,
    /// This machine.
    Loopback,
    /// A private network.
    Private,
    /// What is reached without a router, such as a cloud's metadata service.
    LinkLocal,
    /// A cloud's metadata service.
    Metadata,
    /// An IPv6 address that stands for an IPv4 address.
    Embedded,
    /// Everybody in a group.
    Multicast,
    /// An address that is nobody's: reserved, for documentation, for measurements.
    Reserved,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Scheme,
        Self::Characters,
        Self::UserInfo,
        Self::Port,
        Self::Spelling,
        Self::LocalName,
        Self::Loopback,
        Self::Private,
        Self::LinkLocal,
        Self::Metadata,
        Self::Embedded,
        Self::Multicast,
        Self::Reserved,
    ];

    /// Its name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Characters => "characters",
            Self::UserInfo => "user_info",
            Self::Port => "port",
            Self::Spelling => "spelling",
            Self::LocalName => "local_name",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::LinkLocal => "link_local",
            Self::Metadata => "metadata",
            Self::Embedded => "embedded",
            Self::Multicast => "multicast",
            Self::Reserved => "reserved",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "a webhook starts with https://",
            Self::Characters => {
                "write it in printable ASCII without backslashes: a host in punycode (xn--…), a path percent-encoded"
            }
            Self::UserInfo => "leave out the name and password before the host: deliveries are signed",
            Self::Port => "a port is a number from 1 to 65535",
            Self::Spelling => {
                "write the host plainly: a full name such as hooks.example.com, four decimal numbers, or an IPv6 address in brackets"
            }
            Self::LocalName => "the host is a name of a private network",
            Self::Loopback => "the host is this machine itself",
            Self::Private => "the host is in a private network",
            Self::LinkLocal => "the host is a link-local address",
            Self::Metadata => "the host is a cloud's metadata service",
            Self::Embedded => "the host is an IPv4 address in the clothes of an IPv6 address: write the IPv4 address",
            Self::Multicast => "the host is a multicast address",
            Self::Reserved => "the host is an address that belongs to nobody",
        })
    }
}

impl std::error::Error for Refusal {}

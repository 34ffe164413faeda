//! The address of a PostgreSQL server, `postgres://user:password@host:5432/database?sslmode=require`.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use percent_encoding::percent_decode_str;

/// Where the server listens unless its address says otherwise.
const PORT: u16 = 5432;

/// A server, a database and who may write there.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// A name or a network address, one of IPv6 in brackets, as the platform takes it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The user.
    pub user: String,
    /// Their password; none where the server asks for none.
    pub password: Option<String>,
    /// The database.
    pub database: String,
    /// Whether the connection is encrypted, and the server's certificate checked.
    pub tls: bool,
}

/// Without the password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Address {
    /// Reads one. A mistake is named without any of its values.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let rest = ["postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme))
            .ok_or("url starts with postgres://")?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').ok_or("url ends with /database")?;
        // A password may hold an @, a host may not.
        let (user, server) = authority.rsplit_once('@').ok_or("url names no user")?;
        let (user, password) = user
            .split_once(':')
            .map_or((user, None), |(user, password)| (user, Some(password)));
        let (host, port) = host_and_port(server)?;
        if user.is_empty() {
            return Err("url names no user");
        }
        if database.is_empty() {
            return Err("url ends with /database");
        }
        Ok(Self {
            tls: is_encrypted(query, &host)?,
            host,
            port,
            user: decoded(user)?,
            password: password.map(decoded).transpose()?,
            database: decoded(database)?,
        })
    }
}

fn decoded(text: &str) -> Result<String, &'static str> {
    let text = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| "url holds a %-code that is no text")?;
    // A string ends at NUL in the protocol.
    if text.contains('\0') {
        return Err("url holds a %00");
    }
    Ok(text.into_owned())
}

fn host_and_port(server: &str) -> Result<(String, u16), &'static str> {
    // The colons of an IPv6 address stand in brackets.
    let end = server.rfind(']').map_or(0, |at| at + 1);
    let colon = server[end..].find(':').map_or(server.len(), |at| end + at);
    let (host, port) = server.split_at(colon);
    if !is_host(host) {
        return Err("url names one host, by name or network address");
    }
    let port = match port.strip_prefix(':') {
        Some(port) => port.parse().ok().filter(|port| *port > 0),
        None => port.is_empty().then_some(PORT),
    };
    Ok((host.to_owned(), port.ok_or("the port in url is 1 to 65535")?))
}

fn is_host(host: &str) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        return rest
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    !host.is_empty() && host.chars().all(is_part)
}

/// Encrypted unless it stays within the machine or the operator says otherwise. The platform always checks the
/// certificate, so the stricter modes are the same.
fn is_encrypted(query: &str, host: &str) -> Result<bool, &'static str> {
    match query {
        "" => Ok(!is_loopback(host)),
        "sslmode=disable" => Ok(false),
        "sslmode=require" | "sslmode=verify-ca" | "sslmode=verify-full" => Ok(true),
        _ => Err("after ? url has nothing but sslmode=require or sslmode=disable"),
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expect: (&str, u16, &str, Option<&str>, &str, bool)) {
        let read = Address::parse(url).expect(url);
        let Address {
            host,
            port,
            user,
            password,
            database,
            tls,
        } = &read;
        assert_eq!(
            (
                host.as_str(),
                *port,
                user.as_str(),
                password.as_deref(),
                database.as_str(),
                *tls
            ),
            expect
        );
    }

    #[test]
    fn an_address_is_read_in_all_its_parts() {
        check(
            "postgres://ann:secret@db.example:6432/shop?sslmode=require",
            ("db.example", 6432, "ann", Some("secret"), "shop", true),
        );
        check(
            "postgresql://ann@10.1.2.3/shop?sslmode=disable",
            ("10.1.2.3", 5432, "ann", None, "shop", false),
        );
        check(
            "postgres://a%40b:p%2F%3A%25%C3%A4@[::1]:5433/my%20db",
            ("[::1]", 5433, "a@b", Some("p/:%ä"), "my db", false),
        );
        check(
            "postgres://ann:p@ss:w@db.example/shop",
            ("db.example", 5432, "ann", Some("p@ss:w"), "shop", true),
        );
    }

    #[test]
    fn only_what_stays_within_the_machine_is_plain_unless_told() {
        for (host, tls) in [
            ("localhost", false),
            ("127.0.0.1", false),
            ("127.9.9.9", false),
            ("[::1]", false),
            ("10.0.0.1", true),
            ("localhost.example", true),
        ] {
            let url = format!("postgres://ann@{host}/shop");
            assert_eq!(Address::parse(&url).map(|read| read.tls), Ok(tls), "{url}");
        }
    }

    #[test]
    fn a_mistake_is_named_without_a_value() {
        for (url, why) in [
            ("mysql://hunter2@h/d", "starts with postgres://"),
            ("postgres://hunter2", "ends with /database"),
            ("postgres://u:hunter2@h", "ends with /database"),
            ("postgres://u:hunter2@h/", "ends with /database"),
            ("postgres://h/hunter2", "names no user"),
            ("postgres://:hunter2@h/d", "names no user"),
            ("postgres://u:hunter2@/d", "one host"),
            ("postgres://u:hunter2@a,b/d", "one host"),
            ("postgres://u:hunter2@h:0/d", "port"),
            ("postgres://u:hunter2@h:99999/d", "port"),
            ("postgres://u:hunter2@[::1/d", "one host"),
            ("postgres://u:hunter2@[::1]5/d", "one host"),
            ("postgres://u:hunter2@::1/d", "one host"),
            ("postgres://u:hunter2%ff@h/d", "%-code"),
            ("postgres://u:hunter2%00@h/d", "%00"),
            ("postgres://u:hunter2@h/d?sslmode=prefer", "sslmode"),
            ("postgres://u:hunter2@h/d?sslmode=require&options=-c", "sslmode"),
        ] {
            let said = Address::parse(url).expect_err(url);
            assert!(said.contains(why), "{url}: {said}");
            assert!(!said.contains("hunter2"));
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        let read = Address::parse("postgres://ann:hunter2@h/d").expect("an address");
        assert!(!format!("{read:?}").contains("hunter2"));
    }
}

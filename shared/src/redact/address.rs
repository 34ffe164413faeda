//! Addresses: what follows `?` or `#` goes but for what the project keeps, and so do user name and password, session
//! ids behind `;`, and parts that look secret.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::secret::looks_secret_in_address;
use super::text::first_name;

/// The address without query, hash, credentials and secrets.
pub fn address(url: &str) -> String {
    address_keeping(url, &BTreeSet::new())
}

/// The same, with the parameters of these names: even they are held to having no secrets.
pub(super) fn address_keeping(url: &str, keep: &BTreeSet<String>) -> String {
    let (url, query) = match url.find(['?', '#']) {
        Some(at) => (&url[..at], query_of(&url[at..])),
        None => (url, ""),
    };
    let (scheme, rest) = match url.find("//") {
        Some(at) if is_scheme(&url[..at]) => url.split_at(at + 2),
        _ => ("", url),
    };
    if scheme.is_empty() && !rest.starts_with('/') {
        return no_path(url) + &kept(query, keep);
    }
    let (host, path) = if scheme.is_empty() {
        ("", rest)
    } else {
        rest.find('/').map_or((rest, ""), |at| rest.split_at(at))
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host: Vec<_> = host.split('.').map(part).collect();
    scheme.to_owned() + &host.join(".") + &path_of(path) + &kept(query, keep)
}

/// Whether what stands before `//` is a word and a colon, or nothing.
fn is_scheme(before: &str) -> bool {
    let name = before.strip_suffix(':').unwrap_or(before);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    name.len() == before.len().saturating_sub(1) && name.bytes().all(is_name) || before.is_empty()
}

/// Data is not an address, and what has no path may be anything.
fn no_path(url: &str) -> String {
    match url.split_once(':') {
        Some((scheme @ ("data" | "javascript" | "blob"), _)) => format!("{scheme}:"),
        _ => super::text::text(url).into_owned(),
    }
}

fn path_of(path: &str) -> String {
    let parts: Vec<_> = path
        .split('/')
        .map(|segment| part(segment.split(';').next().unwrap_or_default()))
        .collect();
    parts.join("/")
}

fn query_of(rest: &str) -> &str {
    let rest = &rest[..rest.find('#').unwrap_or(rest.len())];
    rest.strip_prefix('?').unwrap_or_default()
}

/// The parameters that stay, with their `?`.
fn kept(query: &str, keep: &BTreeSet<String>) -> String {
    let mut out = String::new();
    if keep.is_empty() {
        return out;
    }
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if keep.contains(name) {
            out.push(if out.is_empty() { '?' } else { '&' });
            out.push_str(name);
            out.push('=');
            out.push_str(part(value));
        }
    }
    out
}

/// A part of an address, or what it is where it is a secret.
fn part(part: &str) -> &str {
    let decoded = decoded(part);
    first_name(&decoded)
        .or_else(|| {
            decoded
                .split(['/', '&', ' '])
                .any(looks_secret_in_address)
                .then_some("[secret]")
        })
        .unwrap_or(part)
}

/// Percent signs resolved twice, since addresses are often put into addresses.
fn decoded(part: &str) -> Cow<'_, str> {
    if !part.contains(['%', '+']) {
        return Cow::Borrowed(part);
    }
    let once = percent_decoded(part.as_bytes());
    Cow::Owned(String::from_utf8_lossy(&percent_decoded(&once)).replace('+', " "))
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(url: &str, expect: &str) {
        assert_eq!(address(url), expect, "{url}");
    }

    #[test]
    fn query_hash_and_credentials_are_dropped() {
        check("https://a.example/x/y?token=1", "https://a.example/x/y");
        check("https://a.example/#/inbox", "https://a.example/");
        check("https://ann:pw@a.example/x", "https://a.example/x");
        check("//ann:pw@a.example/x", "//a.example/x");
        check("https://a.example?x", "https://a.example");
        check("/cart?x", "/cart");
        check(
            "postgres://u:p@db.example:5432/shop",
            "postgres://db.example:5432/shop",
        );
    }

    #[test]
    fn secrets_in_the_path_are_replaced_and_ordinary_names_stay() {
        check(
            "https://a.example/reset/f47ac10b58cc4372a5670e02b2c3d479",
            "https://a.example/reset/[secret]",
        );
        check(
            "https://a.example/reset/8f3kQ9xL2mVb7TzR",
            "https://a.example/reset/[secret]",
        );
        check(
            "https://a.example/u/ann@b.example/edit",
            "https://a.example/u/[email]/edit",
        );
        check(
            "https://a.example/u/ann%2540b.example/edit",
            "https://a.example/u/[email]/edit",
        );
        check(
            "https://a.example/cart;jsessionid=0A1B2C3D",
            "https://a.example/cart",
        );
        check(
            "https://a.example/pay/4242424242424242",
            "https://a.example/pay/[card]",
        );
        check(
            "https://f47ac10b-58cc-4372-a567-0e02b2c3d479.a.example/",
            "https://[secret].a.example/",
        );
        for ordinary in [
            "https://a.example/a-rather-long-title-of-an-article-about-tea",
            "https://a.example/2026/11/23/item-4711",
            "https://a.example/de-DE/products/WH-1000XM5",
            "http://[::1]:8787/console",
            "https://a.example/caf%C3%A9/%E2%82%AC",
        ] {
            check(ordinary, ordinary);
        }
    }

    #[test]
    fn what_is_no_path_is_read_as_text() {
        check("mailto:ann@b.example", "mailto:[email]");
        check("data:text/html,ann@b.example", "data:");
        check("cart", "cart");
    }

    #[test]
    fn kept_parameters_are_still_redacted() {
        let keep = BTreeSet::from(["page".to_owned(), "q".to_owned()]);
        let of = |url| address_keeping(url, &keep);
        assert_eq!(
            of("https://a.example/?page=2&token=x&q=tea"),
            "https://a.example/?page=2&q=tea"
        );
        assert_eq!(
            of("https://a.example/?q=ann%40b.example#page=1"),
            "https://a.example/?q=[email]"
        );
        assert_eq!(of("https://a.example/#?page=1"), "https://a.example/");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_a_second_pass_changes_nothing(
            given in "(https?://|//|/|mailto:|)?[a-z0-9@:.%/;?&=#é+-]{0,60}"
        ) {
            let keep = BTreeSet::from(["a".to_owned()]);
            let once = address_keeping(&given, &keep);
            prop_assert_eq!(address_keeping(&once, &keep), once.clone());
        }
    }
}

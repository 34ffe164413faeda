//! Addresses: what follows `?` or `#` goes, and so do a user name, a password and path segments that look secret.

use super::text::looks_secret;

/// The address without query, hash and credentials; path segments that look like secrets become `[secret]`, and
/// e-mail addresses in the path `[email]`.
pub fn address(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = &url[..end];
    let (scheme, rest) = url
        .split_once("://")
        .map_or(("", url), |(scheme, rest)| (scheme, rest));
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    // Without a scheme there is no authority, so an @ is part of a path.
    let host = if scheme.is_empty() {
        host
    } else {
        host.rsplit_once('@').map_or(host, |(_, host)| host)
    };
    let path: Vec<&str> = path.split('/').map(segment).collect();
    let scheme_end = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{scheme_end}{host}{}", path.join("/"))
}

fn segment(segment: &str) -> &str {
    if segment.contains('@') || segment.contains("%40") {
        "[email]"
    } else if looks_secret(segment) {
        "[secret]"
    } else {
        segment
    }
}

#[cfg(test)]
mod tests {
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
        check("https://a.example?x", "https://a.example");
        check("/cart?x", "/cart");
    }

    #[test]
    fn secrets_in_the_path_are_replaced_and_ordinary_names_stay() {
        check(
            "https://a.example/reset/f47ac10b58cc4372a5670e02b2c3d479",
            "https://a.example/reset/[secret]",
        );
        check(
            "https://a.example/u/ann@b.example/edit",
            "https://a.example/u/[email]/edit",
        );
        check(
            "https://a.example/a-rather-long-title-of-an-article-about-tea",
            "https://a.example/a-rather-long-title-of-an-article-about-tea",
        );
        check(
            "https://a.example/2026/11/23/item-4711",
            "https://a.example/2026/11/23/item-4711",
        );
    }

    #[test]
    fn whatever_comes_is_no_longer_than_before_but_for_the_names_in_brackets() {
        for odd in ["", "://", "?", "https://", "ü://é/ß?", "a@b", "//x@y/z"] {
            assert!(address(odd).len() <= odd.len() + 8, "{odd}");
        }
    }
}

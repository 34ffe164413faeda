//! Addresses that came from a visitor's page: shown short, and linked only where that is safe.

use crate::api::encoded;

/// A page's address as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageAddress {
    /// Without the scheme and a lone slash at the end.
    pub text: String,
    /// Where a link may lead; `None` where the scheme is not one of the web's.
    pub href: Option<String>,
}

/// How a page's address is shown. Only `http` and `https` become links: the address is a visitor's word, and
/// `javascript:` is an address too.
pub fn page_address(url: &str) -> PageAddress {
    let lower = url
        .get(..8)
        .or(url.get(..7))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let rest = if lower.starts_with("https://") {
        Some(&url[8..])
    } else if lower.starts_with("http://") {
        Some(&url[7..])
    } else {
        None
    };
    let text = rest.unwrap_or(url);
    let text = text.strip_suffix('/').unwrap_or(text).to_owned();
    PageAddress {
        text,
        href: rest.map(|_| url.to_owned()),
    }
}

/// A link that starts a message to an address, without letting the address add a subject or further recipients.
pub fn mailto(email: &str) -> String {
    let (name, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    format!("mailto:{}@{}", encoded(name), encoded(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_is_shown_short_and_linked() {
        let page = page_address("https://shop.example/cart/");
        assert_eq!(page.text, "shop.example/cart");
        assert_eq!(page.href.as_deref(), Some("https://shop.example/cart/"));
        assert_eq!(page_address("HTTP://a.b").text, "a.b");
    }

    #[test]
    fn other_schemes_are_shown_and_never_linked() {
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "",
            "ünüüüü",
            "https:/x",
        ] {
            assert_eq!(page_address(url).href, None, "{url}");
        }
    }

    #[test]
    fn an_e_mail_address_cannot_add_a_subject() {
        assert_eq!(mailto("ada@example.org"), "mailto:ada@example.org");
        assert_eq!(
            mailto("a?cc=b@x.y&subject=z@c.d"),
            "mailto:a%3Fcc%3Db%40x.y%26subject%3Dz@c.d"
        );
    }
}

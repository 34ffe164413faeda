//! From `utm_…` and the referrer to source and medium, by a table of well-known hosts.

use crate::item::Context;
use crate::limits::CONTEXT_CHARS;
use crate::redact;

/// Where a visit came from. All absent where it came by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// Such as `google`, or the referrer's host.
    pub source: Option<String>,
    /// `organic`, `social`, `email`, `ai`, `referral`, or what `utm_medium` says.
    pub medium: Option<String>,
    /// `utm_campaign`
    pub campaign: Option<String>,
}

/// Hosts by what they are: a host, or the end of one after a dot. A last part of `*` stands for any country's ending
/// (`google.*` is google.com, google.de and google.co.uk). Chosen by hand from the hosts that these services name as
/// their own; what is not here is a plain referral under its host's name.
const HOSTS: [(&str, &str, &str); 62] = [
    // Mail and assistants stand before the search engines whose hosts they share.
    ("mail.google.com", "gmail", "email"),
    ("outlook.live.com", "outlook", "email"),
    ("outlook.office.com", "outlook", "email"),
    ("outlook.office365.com", "outlook", "email"),
    ("mail.yahoo.com", "yahoo-mail", "email"),
    ("mail.proton.me", "proton", "email"),
    ("app.fastmail.com", "fastmail", "email"),
    ("webmail.gmx.net", "gmx", "email"),
    ("mail.ru", "mail.ru", "email"),
    ("chatgpt.com", "chatgpt", "ai"),
    ("chat.openai.com", "chatgpt", "ai"),
    ("claude.ai", "claude", "ai"),
    ("gemini.google.com", "gemini", "ai"),
    ("copilot.microsoft.com", "copilot", "ai"),
    ("perplexity.ai", "perplexity", "ai"),
    ("chat.mistral.ai", "mistral", "ai"),
    ("chat.deepseek.com", "deepseek", "ai"),
    ("grok.com", "grok", "ai"),
    ("meta.ai", "meta-ai", "ai"),
    ("you.com", "you.com", "ai"),
    ("phind.com", "phind", "ai"),
    ("poe.com", "poe", "ai"),
    ("news.google.com", "google-news", "referral"),
    ("google.*", "google", "organic"),
    ("bing.com", "bing", "organic"),
    ("duckduckgo.com", "duckduckgo", "organic"),
    ("search.yahoo.com", "yahoo", "organic"),
    ("search.brave.com", "brave", "organic"),
    ("ecosia.org", "ecosia", "organic"),
    ("startpage.com", "startpage", "organic"),
    ("qwant.com", "qwant", "organic"),
    ("kagi.com", "kagi", "organic"),
    ("yandex.*", "yandex", "organic"),
    ("ya.ru", "yandex", "organic"),
    ("baidu.com", "baidu", "organic"),
    ("sogou.com", "sogou", "organic"),
    ("so.com", "360", "organic"),
    ("naver.com", "naver", "organic"),
    ("seznam.cz", "seznam", "organic"),
    ("facebook.com", "facebook", "social"),
    ("fb.me", "facebook", "social"),
    ("instagram.com", "instagram", "social"),
    ("threads.net", "threads", "social"),
    ("threads.com", "threads", "social"),
    ("t.co", "x", "social"),
    ("x.com", "x", "social"),
    ("twitter.com", "x", "social"),
    ("linkedin.com", "linkedin", "social"),
    ("lnkd.in", "linkedin", "social"),
    ("reddit.com", "reddit", "social"),
    ("news.ycombinator.com", "hacker-news", "social"),
    ("youtube.com", "youtube", "social"),
    ("youtu.be", "youtube", "social"),
    ("tiktok.com", "tiktok", "social"),
    ("pinterest.*", "pinterest", "social"),
    ("bsky.app", "bluesky", "social"),
    ("mastodon.social", "mastodon", "social"),
    ("discord.com", "discord", "social"),
    ("telegram.org", "telegram", "social"),
    ("t.me", "telegram", "social"),
    ("vk.com", "vk", "social"),
    ("weibo.com", "weibo", "social"),
];

/// Apps that open pages under an address of their own.
const APPS: [(&str, &str, &str); 4] = [
    ("android-app://com.google.android.gm", "gmail", "email"),
    (
        "android-app://com.google.android.googlequicksearchbox",
        "google",
        "organic",
    ),
    ("android-app://com.linkedin.android", "linkedin", "social"),
    ("android-app://com.slack", "slack", "referral"),
];

/// Where a visit came from: what its `utm_…` say, else its referrer. The site itself is no source.
pub fn came(context: &Context) -> Came {
    let utm = context.utm.clone().unwrap_or_default();
    let query = context
        .url
        .as_deref()
        .and_then(|url| url.split_once('?'))
        .map(|(_, query)| query);
    let said = |given: Option<String>, name: &str| {
        given
            .or_else(|| query.and_then(|query| parameter(query, name)))
            .and_then(|text| tidy(&text))
    };
    let source = said(utm.source, "utm_source");
    let medium = said(utm.medium, "utm_medium");
    let campaign = said(utm.campaign, "utm_campaign");
    if source.is_some() || medium.is_some() {
        return Came {
            source,
            medium,
            campaign,
        };
    }
    let referrer = context.referrer.as_deref().unwrap_or_default();
    let (source, medium) = match referred(referrer, context.url.as_deref()) {
        Some((source, medium)) => (Some(source), Some(medium.to_owned())),
        None => (None, None),
    };
    Came {
        source,
        medium,
        campaign,
    }
}

fn referred(referrer: &str, url: Option<&str>) -> Option<(String, &'static str)> {
    if let Some((_, source, medium)) = APPS.iter().find(|(app, ..)| referrer.starts_with(app)) {
        return Some(((*source).to_owned(), medium));
    }
    let host = host(referrer)?;
    if url.and_then(self::host) == Some(host.clone()) {
        return None;
    }
    let known = HOSTS.iter().find(|(pattern, ..)| matches(&host, pattern));
    Some(match known {
        Some((_, source, medium)) => ((*source).to_owned(), medium),
        None => (host.chars().take(CONTEXT_CHARS).collect(), "referral"),
    })
}

/// Whether a host is the one meant, or below it.
fn matches(host: &str, pattern: &str) -> bool {
    let ends = |host: &str, end: &str| {
        host.strip_suffix(end)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    match pattern.strip_suffix(".*") {
        None => ends(host, pattern),
        Some(name) => country_endings(host).any(|stem| ends(stem, name)),
    }
}

/// A host without its last part, and without its last two where the one before last is short (`co.uk`).
fn country_endings(host: &str) -> impl Iterator<Item = &str> {
    let stem = host.rsplit_once('.').map(|(stem, _)| stem);
    let shorter = stem
        .and_then(|stem| stem.rsplit_once('.'))
        .filter(|(_, second)| second.len() <= 3)
        .map(|(stem, _)| stem);
    [stem, shorter].into_iter().flatten()
}

/// The host of an http address in lower case, without `www.` and port.
fn host(url: &str) -> Option<String> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = if host.starts_with('[') {
        host
    } else {
        host.split(':').next()?
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| host.to_owned())
}

/// The first value of a query's parameter, decoded.
fn parameter(query: &str, name: &str) -> Option<String> {
    let query = query.split('#').next().unwrap_or_default();
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(decoded(value))
}

/// Undoes percent signs and plus signs; what is no UTF-8 afterwards is replaced.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|b| char::from(*b).to_digit(16));
        rest = match (byte, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                &after[2..]
            }
            (b'+', ..) => {
                bytes.push(b' ');
                after
            }
            _ => {
                bytes.push(*byte);
                after
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A name as reports group by it: trimmed, in lower case, short, printable.
fn tidy(text: &str) -> Option<String> {
    // A link may carry a secret or a person's address in any of its parameters: that names no source.
    if redact::text(text) != text {
        return None;
    }
    let tidy: String = text
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(CONTEXT_CHARS)
        .flat_map(char::to_lowercase)
        .collect();
    (!tidy.is_empty()).then_some(tidy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Utm;

    #[track_caller]
    fn check(referrer: &str, expect: Option<(&str, &str)>) {
        let context = Context {
            url: Some("https://shop.example/a".into()),
            referrer: Some(referrer.into()),
            ..Context::default()
        };
        let came = came(&context);
        assert_eq!(
            (came.source.as_deref(), came.medium.as_deref()),
            (expect.map(|e| e.0), expect.map(|e| e.1)),
            "{referrer}"
        );
    }

    #[test]
    fn well_known_hosts_are_named_by_what_they_are() {
        check("https://www.google.com/", Some(("google", "organic")));
        check("https://www.google.co.uk/search", Some(("google", "organic")));
        check("https://google.com.au", Some(("google", "organic")));
        check("https://mail.google.com/mail", Some(("gmail", "email")));
        check("https://gemini.google.com/app", Some(("gemini", "ai")));
        check("https://l.facebook.com/l.php", Some(("facebook", "social")));
        check("https://t.co/abc", Some(("x", "social")));
        check("https://chatgpt.com/", Some(("chatgpt", "ai")));
        check("https://yandex.ru/", Some(("yandex", "organic")));
        check("android-app://com.google.android.gm/", Some(("gmail", "email")));
        check(
            "https://Blog.Example:8443/post",
            Some(("blog.example", "referral")),
        );
    }

    #[test]
    fn a_host_that_only_looks_like_a_known_one_is_itself() {
        check("https://notgoogle.com/", Some(("notgoogle.com", "referral")));
        check(
            "https://google.evil.example/",
            Some(("google.evil.example", "referral")),
        );
        check("https://ffacebook.com/", Some(("ffacebook.com", "referral")));
    }

    #[test]
    fn the_site_itself_and_nothing_are_no_source() {
        check("https://www.shop.example/b", None);
        check("https://shop.example:443/b", None);
        check("", None);
        check("about:client", None);
    }

    #[test]
    fn what_the_link_says_comes_before_the_referrer() {
        let context = Context {
            url: Some(
                "https://shop.example/?utm_source=News%20Letter&utm_medium=E-Mail&utm_campaign=autumn+sale#x"
                    .into(),
            ),
            referrer: Some("https://www.google.com/".into()),
            ..Context::default()
        };
        let visit = came(&context);
        assert_eq!(visit.source.as_deref(), Some("news letter"));
        assert_eq!(visit.medium.as_deref(), Some("e-mail"));
        assert_eq!(visit.campaign.as_deref(), Some("autumn sale"));
        let by_field = Context {
            utm: Some(Utm {
                source: Some("partner".into()),
                ..Utm::default()
            }),
            ..context
        };
        assert_eq!(came(&by_field).source.as_deref(), Some("partner"));
    }

    #[test]
    fn an_address_of_a_person_is_no_source() {
        let context = Context {
            url: Some("https://shop.example/?utm_source=ann%40b.example&utm_campaign=%zz%c3".into()),
            ..Context::default()
        };
        assert_eq!(came(&context).source, None);
        assert_eq!(came(&context).campaign.as_deref(), Some("%zz\u{fffd}"));
    }
}

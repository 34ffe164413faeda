//! Who is probably no person: by the user agent, and by signs of a data centre. Flags are reasons, not verdicts.

/// Parts of user agents that name a crawler, a monitor, a preview or a library, in lower case, with the flag. Compiled
/// by hand from what these programs say of themselves in their documentation; `bot`, `crawler` and `spider` as parts
/// of a word cover the thousands that call themselves so.
const PARTS: [(&str, &str); 54] = [
    ("headlesschrome", HEADLESS),
    ("phantomjs", HEADLESS),
    ("electron/", "bot:embedded"),
    ("slimerjs", HEADLESS),
    ("puppeteer", HEADLESS),
    ("playwright", HEADLESS),
    ("selenium", HEADLESS),
    ("cypress/", HEADLESS),
    ("chrome-lighthouse", MONITOR),
    ("pagespeed", MONITOR),
    ("gtmetrix", MONITOR),
    ("pingdom", MONITOR),
    ("uptimerobot", MONITOR),
    ("statuscake", MONITOR),
    ("site24x7", MONITOR),
    ("datadogsynthetics", MONITOR),
    ("newrelicpinger", MONITOR),
    ("checkly", MONITOR),
    ("webpagetest", MONITOR),
    ("facebookexternalhit", PREVIEW),
    ("slack-imgproxy", PREVIEW),
    ("whatsapp/", PREVIEW),
    ("telegrambot", PREVIEW),
    ("skypeuripreview", PREVIEW),
    ("embedly", PREVIEW),
    ("google-inspectiontool", CRAWLER),
    ("mediapartners-google", CRAWLER),
    ("bingpreview", CRAWLER),
    ("yandeximages", CRAWLER),
    ("baiduspider", CRAWLER),
    ("chatgpt-user", "bot:assistant"),
    ("claude-user", "bot:assistant"),
    ("perplexity-user", "bot:assistant"),
    ("curl/", SCRIPT),
    ("wget/", SCRIPT),
    ("python-requests", SCRIPT),
    ("python-urllib", SCRIPT),
    ("python-httpx", SCRIPT),
    ("aiohttp/", SCRIPT),
    ("scrapy", SCRIPT),
    ("go-http-client", SCRIPT),
    ("okhttp/", SCRIPT),
    ("java/", SCRIPT),
    ("apache-httpclient", SCRIPT),
    ("axios/", SCRIPT),
    ("node-fetch", SCRIPT),
    ("undici", SCRIPT),
    ("libwww-perl", SCRIPT),
    ("guzzlehttp", SCRIPT),
    ("postmanruntime", SCRIPT),
    ("reqwest/", SCRIPT),
    ("ureq/", SCRIPT),
    ("faraday", SCRIPT),
    ("jsdom/", SCRIPT),
];

const HEADLESS: &str = "bot:headless";
const MONITOR: &str = "bot:monitor";
const PREVIEW: &str = "bot:preview";
const CRAWLER: &str = "bot:crawler";
const SCRIPT: &str = "bot:script";

/// Words that a crawler's name ends in. Devices of the maker CUBOT are not meant.
const NAMES: [&str; 4] = ["bot", "crawler", "spider", "crawling"];

/// Networks in which servers stand rather than people, as their operators name them, in lower case.
const DATA_CENTRES: [&str; 22] = [
    "amazon",
    "aws",
    "google-cloud",
    "google cloud",
    "google llc",
    "microsoft",
    "azure",
    "digitalocean",
    "hetzner",
    "ovh",
    "linode",
    "akamai connected cloud",
    "vultr",
    "choopa",
    "oracle",
    "alibaba",
    "tencent",
    "scaleway",
    "contabo",
    "leaseweb",
    "m247",
    "the constant company",
];

/// What the edge sees of the sender besides the agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkSigns<'a> {
    /// Whether it says which languages it reads, as every browser does.
    pub names_languages: bool,
    /// Who operates its network, where the platform knows.
    pub operator: Option<&'a str>,
}

/// What is doubtful about a sender, each with its reason; empty for what looks like a person's browser.
pub fn flags(agent: Option<&str>, signs: NetworkSigns<'_>) -> Vec<String> {
    let mut flags = Vec::new();
    match agent.map(str::to_ascii_lowercase) {
        None => flags.push("bot:no_agent"),
        Some(agent) => flags.extend(agent_flag(&agent)),
    }
    if !signs.names_languages {
        flags.push("datacentre:no_language");
    }
    let operator = signs.operator.map(str::to_ascii_lowercase);
    if operator.is_some_and(|operator| DATA_CENTRES.iter().any(|name| operator.contains(name))) {
        flags.push("datacentre:network");
    }
    flags.into_iter().map(str::to_owned).collect()
}

fn agent_flag(agent: &str) -> Option<&'static str> {
    if agent.trim().is_empty() {
        return Some("bot:no_agent");
    }
    let known = PARTS.iter().find(|(part, _)| agent.contains(part));
    known
        .map(|(_, flag)| *flag)
        .or_else(|| names_itself(agent).then_some(CRAWLER))
}

/// Whether a word of the agent ends in a crawler's name, such as `Googlebot/2.1` or `AhrefsBot`.
fn names_itself(agent: &str) -> bool {
    agent
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word != "cubot" && NAMES.iter().any(|name| word.ends_with(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";

    #[track_caller]
    fn check(agent: &str, expect: &[&str]) {
        let signs = NetworkSigns {
            names_languages: true,
            operator: None,
        };
        assert_eq!(flags(Some(agent), signs), expect, "{agent}");
    }

    #[test]
    fn browsers_of_people_are_not_flagged() {
        check(CHROME, &[]);
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            &[],
        );
        check(
            "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0 Mobile Safari/537.36",
            &[],
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
            &[],
        );
    }

    #[test]
    fn programs_are_flagged_by_what_they_are() {
        check(
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            &["bot:crawler"],
        );
        check(
            "Mozilla/5.0 AppleWebKit/537.36; compatible; GPTBot/1.2; +https://openai.com/gptbot",
            &["bot:crawler"],
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/130.0.0.0 Safari/537.36",
            &["bot:headless"],
        );
        check("curl/8.9.1", &["bot:script"]);
        check("Slackbot-LinkExpanding 1.0", &["bot:crawler"]);
        check("facebookexternalhit/1.1", &["bot:preview"]);
        check(" ", &["bot:no_agent"]);
    }

    #[test]
    fn signs_of_a_data_centre_are_named_each() {
        let signs = NetworkSigns {
            names_languages: false,
            operator: Some("Hetzner Online GmbH"),
        };
        assert_eq!(
            flags(Some(CHROME), signs),
            ["datacentre:no_language", "datacentre:network"]
        );
        assert_eq!(
            flags(
                None,
                NetworkSigns {
                    names_languages: true,
                    operator: Some("Deutsche Telekom AG")
                }
            ),
            ["bot:no_agent"]
        );
    }

    #[test]
    fn the_tables_are_in_lower_case() {
        let all = PARTS.iter().map(|(part, _)| part).chain(&DATA_CENTRES);
        assert!(all.into_iter().all(|text| *text == text.to_ascii_lowercase()));
    }
}

//! Device, browser and system from a user agent. Called by consumers of the log, never while a page waits.
//!
//! The design names `ua-parser` with uap-core's 1,400 expressions: `regex` with its defaults and the expressions weigh
//! more than what the whole collector has left, and took 194 ms and 30 MB to build. Families are all that reports
//! need, and agents name them by a few words in a known order; so this is a table, held to uap-core's own verdicts
//! on real agents (`tests/agents.tsv`, made with uap-core 0.18; the test states and requires the agreement).

use std::cell::RefCell;
use std::collections::HashMap;

use hearback_shared::client::Client;
use hearback_shared::enrich::{NetworkSigns, flags};

/// Agents whose verdict is kept; a shard sees the same few hundred all day.
const CACHED: usize = 2_000;

/// Browsers by a word of their agent, the more specific first: almost all also claim to be Chrome or Safari.
const BROWSERS: [(&str, &str); 58] = [
    ("Instagram", "Instagram"),
    ("FBAN/", "Facebook"),
    ("FBAV/", "Facebook"),
    ("FB_IAB/", "Facebook"),
    ("Snapchat", "Snapchat"),
    ("musical_ly", "TikTok"),
    ("BytedanceWebview", "TikTok"),
    ("TikTok", "TikTok"),
    ("Pinterest", "Pinterest"),
    ("LinkedInApp", "LinkedIn"),
    ("Twitter for", "Twitter"),
    ("TwitterAndroid", "Twitter"),
    ("MicroMessenger/", "WeChat"),
    ("Line/", "LINE"),
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(", "NAVER"),
    ("Slack/", "Slack"),
    ("GSA/", "Google"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("Brave", "Brave"),
    ("EdgiOS/", "Edge"),
    ("EdgA/", "Edge"),
    ("Edg/", "Edge"),
    ("Edge/", "Edge"),
    ("OPRGX/", "Opera"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPiOS/", "Opera"),
    ("OPX/", "Opera"),
    ("Opera Mini", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("YaApp_", "Yandex Browser"),
    ("Vivaldi/", "Vivaldi"),
    ("UCBrowser", "UC Browser"),
    ("MiuiBrowser/", "MiuiBrowser"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("QQBrowser/", "QQ Browser"),
    ("MQQBrowser/", "QQ Browser"),
    ("Whale/", "Whale"),
    ("Ecosia", "Ecosia"),
    ("Silk/", "Amazon Silk"),
    ("Puffin/", "Puffin"),
    ("Maxthon", "Maxthon"),
    ("PaleMoon/", "Pale Moon"),
    ("SeaMonkey/", "SeaMonkey"),
    ("Electron/", "Electron"),
    ("FxiOS/", "Firefox"),
    ("Focus/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("MSIE ", "IE"),
    ("Trident/", "IE"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("HeadlessChrome/", "HeadlessChrome"),
    ("Chrome/", "Chrome"),
];

/// Systems by a word of their agent, the more specific first: Android is a Linux, and iPads may say Macintosh.
const SYSTEMS: [(&str, &str); 23] = [
    ("Windows Phone", "Windows Phone"),
    ("Xbox", "Windows"),
    ("Windows", "Windows"),
    ("HarmonyOS", "HarmonyOS"),
    ("KAIOS", "KaiOS"),
    ("Tizen", "Tizen"),
    ("Web0S", "webOS"),
    ("webOS", "webOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("iPod", "iOS"),
    ("AppleTV", "tvOS"),
    ("CrOS", "Chrome OS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("PlayStation", "PlayStation"),
    ("Nintendo", "Nintendo"),
    ("Ubuntu", "Linux"),
    ("Fedora", "Linux"),
    ("Linux", "Linux"),
    ("FreeBSD", "BSD"),
    ("OpenBSD", "BSD"),
];

/// Words of agents that run on a television.
const TELEVISIONS: [&str; 9] = [
    "SmartTV",
    "SMART-TV",
    "Smart TV",
    "GoogleTV",
    "Android TV",
    "AppleTV",
    "Web0S",
    "BRAVIA",
    "AFT",
];

/// Words of tablets that do not say so otherwise.
const TABLETS: [&str; 6] = ["iPad", "Tablet", "Kindle", "Silk/", "PlayBook", "Nexus 7"];

thread_local! {
    static KNOWN: RefCell<HashMap<String, Client>> = RefCell::default();
}

/// What an agent tells; remembered, since the same ones come again and again.
pub fn client(agent: &str) -> Client {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(agent).cloned()) {
        return known;
    }
    let client = read(agent);
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= CACHED {
            known.clear();
        }
        known.insert(agent.to_owned(), client.clone());
    });
    client
}

fn read(agent: &str) -> Client {
    let find = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(word, _)| agent.contains(word));
        found.map(|(_, name)| *name)
    };
    let os = find(&SYSTEMS).unwrap_or_default();
    let browser = find(&BROWSERS)
        .or_else(|| of_apple_or_android(agent))
        .unwrap_or_default();
    Client {
        device: device(agent, os).to_owned(),
        browser: browser.to_owned(),
        os: os.to_owned(),
    }
}

/// Browsers that name no one but `WebKit`: Safari says its version, an app's own view does not.
fn of_apple_or_android(agent: &str) -> Option<&'static str> {
    if agent.contains("Android") && agent.contains("Version/") {
        return Some("Android Browser");
    }
    agent.contains("AppleWebKit/").then_some("Safari")
}

fn device(agent: &str, os: &str) -> &'static str {
    let signs = NetworkSigns {
        names_languages: true,
        operator: None,
    };
    if flags(Some(agent), signs)
        .iter()
        .any(|flag| flag.starts_with("bot:") && flag != "bot:embedded")
    {
        return "bot";
    }
    if TELEVISIONS.iter().any(|word| agent.contains(word)) {
        return "tv";
    }
    if TABLETS.iter().any(|word| agent.contains(word)) {
        return "tablet";
    }
    match os {
        // An Android that does not say Mobile is a tablet, by its makers' convention.
        "Android" | "HarmonyOS" if !agent.contains("Mobile") => "tablet",
        "Android" | "HarmonyOS" | "iOS" | "KaiOS" | "Windows Phone" => "mobile",
        "Tizen" | "webOS" | "tvOS" => "tv",
        "Windows" | "macOS" | "Linux" | "Chrome OS" | "BSD" => "desktop",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Agreement with uap-core that is required, of a hundred agents.
    const AGREEMENT: usize = 99;

    #[test]
    fn families_agree_with_uap_core_on_real_agents() {
        let rows: Vec<Vec<&str>> = include_str!("../tests/agents.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split('\t').collect())
            .collect();
        assert!(rows.len() > 300, "{}", rows.len());
        let (mut browsers, mut systems, mut wrong) = (0, 0, Vec::new());
        for row in &rows {
            let [browser, os, agent] = row.as_slice() else {
                panic!("{row:?}")
            };
            let client = client(agent);
            browsers += usize::from(client.browser == *browser);
            systems += usize::from(client.os == *os);
            if client.browser != *browser || client.os != *os {
                wrong.push(format!("{browser}, {os}: {client:?} of {agent}"));
            }
        }
        assert!(
            browsers * 100 >= AGREEMENT * rows.len(),
            "{browsers} of {}: {}",
            rows.len(),
            wrong.join("\n")
        );
        assert!(
            systems * 100 >= AGREEMENT * rows.len(),
            "{systems} of {}: {}",
            rows.len(),
            wrong.join("\n")
        );
    }

    #[test]
    fn the_device_is_told_by_what_its_makers_agreed_on() {
        for (agent, device) in [
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36",
                "mobile",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36",
                "tablet",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
                "tablet",
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36",
                "desktop",
            ),
            (
                "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 Chrome/94.0 Safari/537.36",
                "tv",
            ),
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "bot",
            ),
            ("curl/8.9.1", "bot"),
            ("", "bot"),
        ] {
            assert_eq!(client(agent).device, device, "{agent}");
        }
    }
}

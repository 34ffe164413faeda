//! What a page's widget looks like and does: public, small, and asked for by every page, so caches may keep it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_shared::settings::WidgetSettings;
use sha2::{Digest, Sha256};

use super::reply::Reply;

/// A minute, as with every change of the settings; after that a page goes on with what it has and asks meanwhile.
const CACHING: &str = "public, max-age=60, stale-while-revalidate=86400";

/// Bytes of the hash in an `etag`.
const ETAG_BYTES: usize = 9;

/// The answer to `GET /v1/config/<key>`; `known` is the request's `if-none-match`.
pub fn config(widget: &WidgetSettings, known: Option<&str>) -> Reply {
    let body = serde_json::to_string(widget).expect("settings have only text keys");
    let etag = format!(
        "\"{}\"",
        URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..ETAG_BYTES])
    );
    let is_known = known.is_some_and(|list| {
        list.split(',')
            .any(|one| one.trim().trim_start_matches("W/") == etag)
    });
    let reply = if is_known {
        Reply::empty(304)
    } else {
        Reply::json_text(200, body)
    };
    reply
        .header("cache-control", CACHING)
        .header("etag", etag)
        .header("access-control-allow-origin", "*")
        .header("cross-origin-resource-policy", "cross-origin")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
        let found = reply.headers.iter().find(|(have, _)| *have == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    #[test]
    fn what_has_not_changed_is_not_sent_again() {
        let first = config(&WidgetSettings::default(), None);
        assert_eq!(first.status, 200);
        let etag = header(&first, "etag").to_owned();
        for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}")] {
            let again = config(&WidgetSettings::default(), Some(&known));
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{known}");
            assert_eq!(header(&again, "etag"), etag);
        }
        let mut changed = WidgetSettings::default();
        changed.launcher.label = "Help".into();
        assert_eq!(config(&changed, Some(&etag)).status, 200);
    }
}

//! The headers of built files: the same on both runtimes, so the collector sets them all.

/// What the console's page may do: its own scripts, styles and socket, nothing else; no HTML from strings.
const CONSOLE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// Names that carry a hash of their content never change what they hold.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The loader names the panel's files, which a deploy may replace: an old one finds them gone and shows the plain form.
const LOADER: &str = "public, max-age=300";

/// The headers of the file at `path`.
pub fn headers(path: &str) -> Vec<(&'static str, &'static str)> {
    let mut headers = vec![
        ("content-type", content_type(path)),
        ("x-content-type-options", "nosniff"),
    ];
    if path == "/hearback.js" || path.starts_with("/hb/") {
        // Loaded by pages of any origin, as module, by fetch and with `integrity`.
        headers.push(("access-control-allow-origin", "*"));
        headers.push(("cross-origin-resource-policy", "cross-origin"));
        headers.push((
            "cache-control",
            if path == "/hearback.js" { LOADER } else { IMMUTABLE },
        ));
    } else if is_page(path) {
        headers.push(("cache-control", "no-cache"));
        headers.push(("content-security-policy", CONSOLE_CSP));
        headers.push(("referrer-policy", "no-referrer"));
        headers.push(("cross-origin-opener-policy", "same-origin"));
    } else {
        headers.push(("cache-control", IMMUTABLE));
    }
    headers
}

/// Whether a brotli copy may stand beside the file, made when it was built.
pub fn may_be_brotli(path: &str) -> bool {
    !is_page(path)
        && [".js", ".wasm", ".css", ".json"]
            .iter()
            .any(|ending| path.ends_with(ending))
}

fn is_page(path: &str) -> bool {
    content_type(path).starts_with("text/html")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(path: &str, name: &str) -> Option<&'static str> {
        headers(path)
            .into_iter()
            .find(|(have, _)| *have == name)
            .map(|(_, value)| value)
    }

    #[test]
    fn what_pages_of_other_origins_load_says_that_they_may() {
        for path in ["/hearback.js", "/hb/panel.0f3a.js", "/hb/panel.0f3a.wasm"] {
            assert_eq!(header(path, "access-control-allow-origin"), Some("*"), "{path}");
        }
        assert_eq!(header("/console/index.html", "access-control-allow-origin"), None);
    }

    #[test]
    fn hashed_names_are_kept_for_good_and_the_pages_that_name_them_are_not() {
        assert_eq!(header("/hb/panel.0f3a.wasm", "cache-control"), Some(IMMUTABLE));
        assert_eq!(
            header("/console/0f3a/console.js", "cache-control"),
            Some(IMMUTABLE)
        );
        assert_eq!(header("/console/index.html", "cache-control"), Some("no-cache"));
        assert_eq!(header("/hearback.js", "cache-control"), Some(LOADER));
        assert_eq!(
            header("/hb/panel.0f3a.wasm", "content-type"),
            Some("application/wasm")
        );
    }
}

//! Which address is what. Every route is listed here once.

use super::problem::Problem;

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `POST /v1/ingest`
    Ingest,
    /// `OPTIONS` of a public route.
    Preflight,
    /// `GET /v1/receipts/<receipt>`
    Receipt(String),
    /// `GET /v1/config/<key>`
    Config(String),
    /// `GET /f/<key>`, `POST /f/<key>`
    Form(String),
    /// `GET /r/<receipt>`
    Fate(String),
    /// `POST /r/<receipt>/delete`
    DeleteFate(String),
    /// `GET /api/v1/project`
    Project,
    /// `GET /api/v1/feedback`
    Feedback,
    /// `GET /api/v1/events/series`
    Series,
    /// `POST /api/v1/query`
    Query,
    /// `GET /api/v1/settings`
    Settings,
    /// `PUT /api/v1/settings`
    SaveSettings,
    /// `GET /api/v1/shards`
    Shards,
    /// `PUT /api/v1/shards`
    RaiseShards,
    /// `GET /api/v1/sinks`
    Sinks,
    /// `POST /api/v1/sinks/<name>/test`
    TestSink(String),
    /// `GET /api/v1/dead-letters`
    DeadLetters,
    /// `GET /api/v1/dead-letters/<id>`
    DeadLetter(String),
    /// `POST /api/v1/dead-letters/<id>/replay`
    Replay(String),
    /// `POST /api/v1/dead-letters/replay`
    ReplayAll,
    /// `GET /api/v1/ledger`
    Ledger,
    /// `GET /api/v1/export`
    Export,
    /// `POST /api/v1/erase`
    Erase,
    /// `POST /v1/attachments`
    Attach,
    /// `GET /api/v1/attachments/<id>`
    Attachment(String),
    /// `POST /api/v1/feedback/<id>/release`
    Release(String),
    /// `GET /api/v1/keys`
    Keys,
    /// `POST /api/v1/keys`
    RotateKey,
    /// `DELETE /api/v1/keys/<generation>`
    RevokeKey(String),
    /// `POST /api/v1/sweep`
    Sweep,
    /// `GET /api/v1/live`
    Live,
    /// `GET /healthz`
    Health,
    /// A built file, by its path below the assets' root.
    Asset(String),
    /// A moved page.
    Redirect(&'static str),
}

/// Finds the route; a known address with the wrong method says which methods it has.
pub fn route(method: &str, path: &str) -> Result<Route, Problem> {
    let methods =
        |allow: &'static str, found: Option<Route>| found.ok_or(Problem::MethodNotAllowed { allow });
    let post = |route: Route| methods("POST", (method == "POST").then_some(route));
    let get = |route: Route| methods("GET", matches!(method, "GET" | "HEAD").then_some(route));
    let public = |post: Option<Route>, get: Option<Route>, allow| match method {
        "POST" => methods(allow, post),
        "GET" | "HEAD" => methods(allow, get),
        "OPTIONS" => Ok(Route::Preflight),
        _ => methods(allow, None),
    };
    let managed = |put: Route, get: Route| match method {
        "PUT" => Ok(put),
        "GET" | "HEAD" => Ok(get),
        _ => methods("GET, PUT", None),
    };
    match path {
        "/" => get(Route::Redirect("/console")),
        "/healthz" => get(Route::Health),
        "/v1/ingest" => public(Some(Route::Ingest), None, "POST, OPTIONS"),
        "/api/v1/project" => get(Route::Project),
        "/api/v1/feedback" => get(Route::Feedback),
        "/api/v1/events/series" => get(Route::Series),
        "/api/v1/query" => methods("POST", (method == "POST").then_some(Route::Query)),
        "/api/v1/settings" => managed(Route::SaveSettings, Route::Settings),
        "/api/v1/shards" => managed(Route::RaiseShards, Route::Shards),
        "/api/v1/sinks" => get(Route::Sinks),
        "/api/v1/dead-letters" => get(Route::DeadLetters),
        "/api/v1/dead-letters/replay" => post(Route::ReplayAll),
        "/api/v1/ledger" => get(Route::Ledger),
        "/api/v1/export" => get(Route::Export),
        "/api/v1/erase" => methods("POST", (method == "POST").then_some(Route::Erase)),
        "/v1/attachments" => public(Some(Route::Attach), None, "POST, OPTIONS"),
        "/api/v1/keys" => match method {
            "POST" => Ok(Route::RotateKey),
            "GET" | "HEAD" => Ok(Route::Keys),
            _ => methods("GET, POST", None),
        },
        "/api/v1/sweep" => methods("POST", (method == "POST").then_some(Route::Sweep)),
        "/api/v1/live" => get(Route::Live),
        "/console" => get(Route::Asset("/console/index.html".into())),
        "/hearback.js" => public(None, Some(Route::Asset(path.into())), "GET, OPTIONS"),
        _ => {
            if let Some(name) = between(path, "/api/v1/sinks/", "/test") {
                post(Route::TestSink(name.into()))
            } else if let Some(id) = between(path, "/api/v1/dead-letters/", "/replay") {
                post(Route::Replay(id.into()))
            } else if let Some(id) = path.strip_prefix("/api/v1/dead-letters/") {
                get(Route::DeadLetter(id.into()))
            } else if let Some(receipt) = path.strip_prefix("/v1/receipts/") {
                public(None, Some(Route::Receipt(receipt.into())), "GET, OPTIONS")
            } else if let Some(key) = path.strip_prefix("/v1/config/") {
                public(None, Some(Route::Config(key.into())), "GET, OPTIONS")
            } else if let Some(id) = path
                .strip_prefix("/api/v1/feedback/")
                .and_then(|rest| rest.strip_suffix("/release"))
            {
                methods("POST", (method == "POST").then(|| Route::Release(id.into())))
            } else if let Some(name) = path.strip_prefix("/api/v1/attachments/") {
                get(Route::Attachment(name.into()))
            } else if let Some(generation) = path.strip_prefix("/api/v1/keys/") {
                methods(
                    "DELETE",
                    (method == "DELETE").then(|| Route::RevokeKey(generation.into())),
                )
            } else if let Some(key) = path.strip_prefix("/f/") {
                let form = Some(Route::Form(key.into()));
                public(form.clone(), form, "GET, POST, OPTIONS")
            } else if let Some(receipt) = between(path, "/r/", "/delete") {
                post(Route::DeleteFate(receipt.into()))
            } else if let Some(receipt) = path.strip_prefix("/r/") {
                get(Route::Fate(receipt.into()))
            } else if path.starts_with("/hb/") && is_file(path) {
                public(None, Some(Route::Asset(path.into())), "GET, OPTIONS")
            } else if let Some(page) = path.strip_prefix("/console/") {
                get(Route::Asset(if is_file(page) {
                    path.into()
                } else {
                    "/console/index.html".into()
                }))
            } else {
                Err(Problem::NotFound)
            }
        }
    }
}

/// The one part of a path between two fixed ones.
fn between<'a>(path: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let part = path.strip_prefix(before)?.strip_suffix(after)?;
    (!part.is_empty() && !part.contains('/')).then_some(part)
}

/// Files have a dot in their last part; in the console everything else is a view of the one page.
fn is_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: &str, path: &str, expect: &Result<Route, Problem>) {
        assert_eq!(&route(method, path), expect, "{method} {path}");
    }

    #[test]
    fn every_documented_address_has_its_route() {
        let docs = include_str!("../../../ARCHITECTURE.md");
        for (address, path) in [
            ("POST /v1/ingest", "/v1/ingest"),
            ("GET /v1/receipts/<receipt>", "/v1/receipts/rcp_x"),
            ("GET /v1/config/<key>", "/v1/config/pk_demo"),
            ("GET /f/<key>", "/f/pk_demo"),
            ("POST /f/<key>", "/f/pk_demo"),
            ("GET /r/<receipt>", "/r/rcp_x"),
            ("POST /r/<receipt>/delete", "/r/rcp_x/delete"),
            ("GET /hearback.js", "/hearback.js"),
            ("GET /console", "/console"),
            ("GET /api/v1/project", "/api/v1/project"),
            ("GET /api/v1/feedback", "/api/v1/feedback"),
            ("GET /api/v1/events/series", "/api/v1/events/series"),
            ("POST /api/v1/query", "/api/v1/query"),
            ("GET /api/v1/settings", "/api/v1/settings"),
            ("PUT /api/v1/settings", "/api/v1/settings"),
            ("GET /api/v1/shards", "/api/v1/shards"),
            ("PUT /api/v1/shards", "/api/v1/shards"),
            ("GET /api/v1/sinks", "/api/v1/sinks"),
            ("POST /api/v1/sinks/<name>/test", "/api/v1/sinks/http/test"),
            ("GET /api/v1/dead-letters", "/api/v1/dead-letters"),
            ("GET /api/v1/dead-letters/<id>", "/api/v1/dead-letters/0.7.http"),
            (
                "POST /api/v1/dead-letters/<id>/replay",
                "/api/v1/dead-letters/0.7.http/replay",
            ),
            ("POST /api/v1/dead-letters/replay", "/api/v1/dead-letters/replay"),
            ("GET /api/v1/ledger", "/api/v1/ledger"),
            (
                "POST /api/v1/feedback/<id>/release",
                "/api/v1/feedback/AAA-1/release",
            ),
            ("POST /v1/attachments", "/v1/attachments"),
            ("GET /api/v1/attachments/<id>", "/api/v1/attachments/att_x"),
            ("GET /api/v1/export", "/api/v1/export"),
            ("POST /api/v1/erase", "/api/v1/erase"),
            ("GET /api/v1/keys", "/api/v1/keys"),
            ("POST /api/v1/keys", "/api/v1/keys"),
            ("DELETE /api/v1/keys/<generation>", "/api/v1/keys/0"),
            ("POST /api/v1/sweep", "/api/v1/sweep"),
            ("GET /api/v1/live", "/api/v1/live"),
            ("GET /healthz", "/healthz"),
        ] {
            assert!(
                docs.contains(&format!("`{address}`")),
                "{address} is not in ARCHITECTURE.md"
            );
            let method = address.split(' ').next().unwrap_or_default();
            assert!(route(method, path).is_ok(), "{address}");
        }
    }

    #[test]
    fn views_of_the_console_are_one_page_and_its_files_are_files() {
        let index = Ok(Route::Asset("/console/index.html".into()));
        check("GET", "/console", &index);
        check("GET", "/console/usage", &index);
        check("GET", "/console/item/AAA-1", &index);
        check(
            "GET",
            "/console/0f3a/console.js",
            &Ok(Route::Asset("/console/0f3a/console.js".into())),
        );
    }

    #[test]
    fn a_wrong_method_is_told_the_right_one() {
        check(
            "GET",
            "/v1/ingest",
            &Err(Problem::MethodNotAllowed {
                allow: "POST, OPTIONS",
            }),
        );
        check(
            "DELETE",
            "/f/pk_demo",
            &Err(Problem::MethodNotAllowed {
                allow: "GET, POST, OPTIONS",
            }),
        );
        check(
            "POST",
            "/healthz",
            &Err(Problem::MethodNotAllowed { allow: "GET" }),
        );
        check("OPTIONS", "/v1/ingest", &Ok(Route::Preflight));
        check("GET", "/nothing", &Err(Problem::NotFound));
        check("GET", "/hb/", &Err(Problem::NotFound));
    }
}

//! Settings that are missing or malformed are named: before the start, by `/healthz`, and by every address.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Page, Stage};
use serde_json::json;
use xtask::runtime::{ServeOptions, Server};

#[test]
fn xtask_names_them_before_it_starts() {
    let state = tempfile::tempdir().unwrap();
    let mut options = ServeOptions::new(state.path());
    options.shards = Some(3);
    options.settings = vec![("SINK_URL".into(), "https://sink.example".into())];
    let error = format!(
        "{:#}",
        Server::start(&options).map(|_| ()).expect_err("two mistakes")
    );
    assert!(
        error.contains("SHARDS is malformed") && error.contains("SINK_SECRET is missing"),
        "{error}"
    );
}

#[test]
fn the_collector_names_them_on_every_address() {
    let stage = Stage::start(|options| {
        options.checked = false;
        options.settings = vec![
            ("SIGNING_KEYS".into(), String::new()),
            ("SHARDS".into(), "3".into()),
        ];
    });
    let client = stage.client();
    let batch = Page::new(1).batch(&[]);
    let answers = hearback_runtime_tests::eventually(30, "an answer", || {
        client.get("/healthz").ok().map(|health| {
            [
                health,
                client.ingest(&batch).unwrap(),
                client.get("/api/v1/feedback").unwrap(),
                client.get("/hearback.js").unwrap(),
            ]
        })
    });
    for answer in answers {
        assert_eq!(
            (answer.status, answer.content_type.as_str()),
            (503, "application/problem+json")
        );
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(
            detail.contains("SIGNING_KEYS is missing") && detail.contains("SHARDS is malformed"),
            "{detail}"
        );
    }
}

#[test]
fn a_sink_whose_binding_is_missing_is_named_like_any_setting() {
    let sinks =
        r#"[{"name":"lake","type":"r2","binding":"LAKE"},{"name":"q","type":"queue","binding":"ITEMS"}]"#;
    let expect = [
        "the sink `lake` needs the R2 bucket `LAKE`, which is not bound",
        "the sink `q` needs the queue `ITEMS`, which is not bound",
    ];
    let set = |options: &mut ServeOptions| options.settings = vec![("SINKS".into(), sinks.into())];

    let folder = tempfile::tempdir().unwrap();
    let mut options = ServeOptions::new(folder.path());
    set(&mut options);
    let error = Server::start(&options)
        .map(|_| ())
        .expect_err("workerd has neither");
    assert!(
        expect.iter().all(|part| error.to_string().contains(part)),
        "{error}"
    );

    let stage = Stage::start(|options| {
        options.checked = false;
        set(options);
    });
    for path in ["/healthz", "/api/v1/feedback"] {
        let answer = stage.client().get(path).unwrap();
        let detail = answer.body["detail"].as_str().unwrap();
        assert_eq!(answer.status, 503);
        assert!(expect.iter().all(|part| detail.contains(part)), "{detail}");
    }
}

#[test]
fn a_healthy_collector_says_so() {
    let stage = Stage::start(|options| options.shards = Some(4));
    let health = stage.client().get("/healthz").unwrap();
    assert_eq!(
        (health.status, &health.body["status"], &health.body["shards"]),
        (200, &"ok".into(), &4.into())
    );
    assert_eq!(
        (&health.body["bindings"], &health.body["sinks"]),
        (&json!(["PUBLIC"]), &json!(0))
    );
}

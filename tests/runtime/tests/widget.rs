//! What a page gets to know of its project, and what it may say of its visitor.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_runtime_tests::{Page, Stage};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

const SECRET: &str = "a secret of thirty-two characters";

fn token(user: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(json!({"alg": "HS256"})), part(json!({"sub": user})));
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[test]
fn a_page_gets_its_projects_widget_and_nothing_else_of_the_settings() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let config = || client.get("/v1/config/pk_demo").unwrap();
    let first = config();
    assert_eq!(
        (first.status, &first.body["launcher"]["shown"]),
        (200, &json!(true))
    );
    assert_eq!(first.body["usage"]["parts"], json!(["views"]));
    assert_eq!(first.body["strings"], json!({}));
    assert_eq!(first.header("access-control-allow-origin"), Some("*"));
    let etag = first.header("etag").unwrap().to_owned();
    let again = client.send("GET", "/v1/config/pk_demo", &[("if-none-match", &etag)], b"");
    assert_eq!(again.unwrap().status, 304);

    client.set(&json!({"identity_secret": SECRET, "widget": {
        "launcher": {"position": "top-left", "label": "Help"},
        "form": {"fields": [{"name": "plan", "label": "Which plan?", "type": "choice", "options": ["Free", "Pro"]}]},
        "strings": {"de": {"send": "Abschicken"}}}}));
    let changed = config();
    assert_eq!(changed.body["launcher"]["position"], "top-left");
    assert_eq!(
        changed.body["form"]["fields"][0]["options"],
        json!(["Free", "Pro"])
    );
    assert_eq!(changed.body["strings"]["de"]["send"], "Abschicken");
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
    assert!(!changed.body.to_string().contains(SECRET), "{}", changed.body);
    assert_eq!(client.get("/v1/config/pk_nobody").unwrap().status, 401);
}

#[test]
fn a_signed_user_is_verified_another_is_not_and_both_can_be_erased() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    client.set(&json!({"identity_secret": SECRET}));
    let send = |page: u64, context: Value, text: &str| {
        let mut batch = Page::new(page).batch(&[Page::feedback(1, text)]);
        batch["context"] = context;
        let answer = client.ingest(&batch).unwrap();
        assert_eq!(answer.statuses(), ["accepted"], "{}", answer.body);
    };
    send(1, json!({"user_token": token("ann")}), "signed");
    send(2, json!({"user": "ann"}), "said");
    send(3, json!({"user_token": "a.b.c", "user": "bob"}), "forged");
    let feedback = || {
        hearback_runtime_tests::eventually(10, "the feedback", || {
            let rows = client.all_feedback();
            (!rows.is_empty()).then_some(rows)
        })
    };
    let rows = hearback_runtime_tests::eventually(10, "all three", || {
        let rows = feedback();
        (rows.len() == 3).then_some(rows)
    });
    let of = |text: &str| {
        let row = rows.iter().find(|row| row.text == text).unwrap();
        (row.user.as_deref(), row.user_verified)
    };
    assert_eq!(of("signed"), (Some("ann"), true));
    assert_eq!(of("said"), (Some("ann"), false));
    assert_eq!(of("forged"), (Some("bob"), false));
    let lines = stage.logged();
    assert!(
        lines.iter().all(|line| !line.to_string().contains("user_token")),
        "{lines:?}"
    );

    let erased = client
        .post_with_token("/api/v1/erase", br#"{"user":"ann"}"#)
        .unwrap();
    assert!(erased.status < 300, "{}", erased.body);
    let left: Vec<_> = feedback().into_iter().map(|row| row.text).collect();
    assert_eq!(left, ["forged"]);
}

#[test]
fn feedback_keeps_answers_element_and_breadcrumbs_without_secrets() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let mut item = Page::feedback(1, "It broke");
    item["answers"] = json!({"plan": "Pro", "why": "ask ann@b.example"});
    item["element"] = json!({"selector": "#pay", "role": "button", "x": 10});
    item["props"] = json!({"cart": 3});
    item["breadcrumbs"] = json!(["2 click button Pay", "1 request https://a.example/?token=abc"]);
    assert_eq!(
        client.ingest(&Page::new(1).batch(&[item])).unwrap().statuses(),
        ["accepted"]
    );
    let row =
        hearback_runtime_tests::eventually(10, "the feedback", || client.all_feedback().into_iter().next());
    assert_eq!(
        serde_json::to_value(&row.answers).unwrap(),
        json!({"plan": "Pro", "why": "ask [email]"})
    );
    assert_eq!(serde_json::to_value(&row.props).unwrap(), json!({"cart": 3}));
    assert_eq!(row.element.len(), 3);
    assert_eq!(
        row.breadcrumbs,
        ["2 click button Pay", "1 request https://a.example/"]
    );
}

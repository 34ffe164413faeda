use std::path::Path;

use hearback_shared::producer::Producer;
use hearback_shared::settings::WidgetSettings;

use super::words::Strings;
use super::*;

fn face(lang: &str) -> Face {
    let read = |folder: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../widget")
            .join(folder)
            .join("en.json");
        let text = std::fs::read_to_string(path).expect("a file");
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text).expect("JSON")
    };
    let mut all = read("locales");
    all.extend(read("pages/locales"));
    let all = serde_json::to_string(&all).expect("JSON");
    Face {
        words: Words::of(lang.into(), Some(&all), &Strings::new()),
        style: "*{margin:0}".into(),
        color: "#123456".into(),
    }
}

fn widget(form: &str) -> WidgetSettings {
    serde_json::from_str(&format!(r#"{{"form":{form}}}"#)).expect("settings")
}

fn shown(form: &str, query: &str) -> String {
    let entries = Entries::fresh(query, Producer::from_bytes([9; 16]), 5_000);
    form::page(&widget(form).form, &entries, &[], &face("en")).body
}

#[test]
fn what_was_typed_comes_back_as_text_whatever_it_is() {
    let hostile = r#""><script>alert(1)</script>"#;
    let own = r#"{"fields":[{"name":"x","label":"\"><script>","type":"choice","options":["\"><script>","b"]},{"name":"y","label":"y","type":"text"}],"consent_line":"\"><script>"}"#;
    let form = widget(own).form;
    for field in [
        "text",
        "email",
        "url",
        "producer",
        "kind",
        "rating",
        "made_at",
        "website",
        "attachment",
        "answers.x",
        "answers.y",
    ] {
        let mut entries = Entries::default();
        entries.set(field, hostile.into());
        let mistake = Mistake {
            name: "text".into(),
            said: hostile.into(),
        };
        let reply = form::page(&form, &entries, &[mistake], &face("en"));
        assert!(!reply.body.contains("<script") && reply.status == 422, "{field}");
    }
    let thanks = form::thanks(hostile, hostile, &face(hostile)).body;
    assert!(!thanks.contains("<script"));
    let fate = fate::page(
        hearback_shared::item::FeedbackKind::Bug,
        hostile,
        hostile,
        &face("en"),
    )
    .body;
    assert!(!fate.contains("<script"));
}

#[test]
fn the_style_is_the_one_that_the_policy_allows() {
    let reply = form::thanks("rcp_x", "", &face("en"));
    let style = reply
        .body
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"));
    let (style, _) = style.expect("a style");
    assert_eq!(style, ":root{--own:#123456}*{margin:0}");
    let csp = |reply: &Reply| {
        let found = reply
            .headers
            .iter()
            .find(|(name, _)| *name == "content-security-policy");
        found.expect("a policy").1.clone()
    };
    let hash = STANDARD.encode(Sha256::digest(style));
    assert!(csp(&reply).contains(&format!("'sha256-{hash}'")) && csp(&reply).ends_with("frame-ancestors *"));
    assert!(csp(&fate::unknown(&face("en"))).ends_with("frame-ancestors 'none'"));
}

#[test]
fn the_form_is_what_the_project_set() {
    let all = shown("{}", "");
    for expect in [
        "name=\"kind\" value=\"question\"",
        "<span class=\"for-idea\">What would make it better?</span>",
        "aria-label=\"5 of 5, good\"",
        "type=\"email\"",
        "type=\"file\"",
        "<textarea rows=\"4\" dir=\"auto\" id=\"text\"",
    ] {
        assert!(all.contains(expect), "{expect} in {all}");
    }
    let few = shown(
        r#"{"kinds":["praise"],"rating":"none","email":"off","screenshot":false}"#,
        "",
    );
    for unexpected in [
        "type=\"radio\"",
        "type=\"email\"",
        "type=\"file\"",
        "What went wrong?",
    ] {
        assert!(!few.contains(unexpected), "{unexpected} in {few}");
    }
    assert!(few.contains("<input type=\"hidden\" name=\"kind\" value=\"praise\">"));
    assert!(shown(r#"{"rating":"emoji"}"#, "").contains("😀"));
}

#[test]
fn the_browser_insists_only_on_what_is_seen() {
    let form = |kinds| {
        let field = r#"{"name":"x","label":"X?","type":"text","required":true,"kinds":["bug"]}"#;
        shown(&format!(r#"{{"kinds":{kinds},"fields":[{field}]}}"#), "")
    };
    let needed = "id=\"answers.x\" name=\"answers.x\" aria-describedby=\"n-answers.x\" required";
    assert!(!form(r#"["bug","idea"]"#).contains(needed));
    assert!(form(r#"["bug"]"#).contains(needed));
    assert!(!form(r#"["idea"]"#).contains("answers.x"));
}

#[test]
fn a_link_fills_the_form() {
    let page = shown(
        "{}",
        "kind=praise&text=So+%3Cnice%3E&rating=5&url=https%3A%2F%2Fa.example%2F",
    );
    assert!(page.contains("name=\"kind\" value=\"praise\" checked"));
    assert!(page.contains("\nSo &lt;nice&gt;</textarea>"));
    assert!(page.contains("Page: https://a.example/"));
}

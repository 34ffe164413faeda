use hearback_shared::settings::WidgetSettings;

use super::*;

/// A form with a question of each type.
fn form(json: &str) -> FormSettings {
    let widget: WidgetSettings = serde_json::from_str(&format!(r#"{{"form":{json}}}"#)).expect("settings");
    widget.form
}

const OWN: &str = r#"{"email":"required","consent_line":"I agree","fields":[
    {"name":"plan","label":"Plan?","type":"choice","options":["Free","Pro"],"required":true,"kinds":["bug"]},
    {"name":"parts","label":"Parts?","type":"choices","options":["a","b & c"]},
    {"name":"ease","label":"Easy?","type":"rating","required":true},
    {"name":"more","label":"More?","type":"text"}]}"#;

fn feedback(form: &FormSettings, body: &str) -> Feedback {
    match Entries::parse(body.as_bytes()).item(form, 7).body {
        ItemBody::Feedback(feedback) => feedback,
        ItemBody::Event(_) => panic!("feedback"),
    }
}

#[track_caller]
fn check(form: &FormSettings, body: &str, expect: &[(&str, &str)]) {
    // Words that say their names.
    let names = [
        "wrong_email",
        "long_text",
        "empty_text",
        "empty_rating",
        "empty_tick",
        "empty_answer",
    ];
    let file: serde_json::Map<_, _> = names
        .iter()
        .map(|name| ((*name).to_owned(), (*name).into()))
        .collect();
    let file = serde_json::to_string(&file).expect("JSON");
    let words = Words::of("en".into(), Some(&file), &super::super::words::Strings::new());
    let mistakes = Entries::parse(body.as_bytes()).mistakes(form, &words);
    let found: Vec<_> = mistakes
        .iter()
        .map(|mistake| (mistake.name.as_str(), mistake.said.as_str()))
        .collect();
    assert_eq!(found, expect, "{body}");
}

#[test]
fn a_submitted_form_is_an_item_like_any_other() {
    let form = FormSettings::default();
    let body = "kind=idea&text=More+tea%0D%0Aplease&rating=4&email=ann%40b.example&url=https%3A%2F%2Fa.example%2Fx&extra=1";
    let said = feedback(&form, body);
    assert_eq!(
        (said.kind, said.text.as_str(), said.rating),
        (FeedbackKind::Idea, "More tea\nplease", Some(4))
    );
    assert_eq!(
        said.contact.map(|contact| contact.email).as_deref(),
        Some("ann@b.example")
    );
    let context = Entries::parse(body.as_bytes()).context(&form, Some(&"de-AT".to_owned()));
    assert_eq!(
        (context.url.as_deref(), context.lang.as_deref()),
        (Some("https://a.example/x"), Some("de-AT"))
    );
}

#[test]
fn each_type_of_question_has_its_answer_and_none_that_was_not_asked() {
    let form = form(OWN);
    let body = "text=t&answers.plan=Pro&answers.parts=b+%26+c&answers.parts=a&answers.parts=z&answers.ease=5&answers.more=m&answers.other=x";
    let said = feedback(&form, &format!("kind=bug&{body}"));
    let answers = serde_json::to_value(&said.answers).expect("JSON");
    assert_eq!(
        answers,
        serde_json::json!({"plan": "Pro", "parts": "b & c\na", "ease": 5, "more": "m"})
    );
    let said = feedback(&form, &format!("kind=idea&{body}"));
    assert!(!said.answers.contains_key("plan"), "it is asked of bugs alone");
    let said = feedback(&form, "kind=bug&answers.ease=9&answers.plan=Other&rating=0");
    assert!(said.answers.is_empty() && said.rating.is_none());
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    let form = form(OWN);
    let fine = "text=t&answers.ease=5&email=a%40b.example&consent=yes";
    check(&form, &format!("kind=idea&{fine}"), &[]);
    check(
        &form,
        &format!("kind=bug&{fine}"),
        &[("answers.plan", "empty_answer")],
    );
    check(
        &form,
        &format!("kind=bug&answers.plan=Other&{fine}"),
        &[("answers.plan", "empty_answer")],
    );
    check(
        &form,
        "kind=idea&text=+&email=ann",
        &[
            ("text", "empty_text"),
            ("answers.ease", "empty_rating"),
            ("email", "wrong_email"),
            ("consent", "empty_tick"),
        ],
    );
    let long = "x".repeat(limits::TEXT_CHARS + 1);
    check(
        &FormSettings::default(),
        &format!("text={long}"),
        &[("text", "long_text")],
    );
    check(
        &FormSettings::default(),
        "text=x&email=ann",
        &[("email", "wrong_email")],
    );
}

#[test]
fn a_link_fills_in_words_and_agrees_to_nothing() {
    let query = "kind=praise&text=Nice&consent=yes&website=x&made_at=1&producer=p&attachment=att_x&url=https%3A%2F%2Fa.example%2F";
    let producer = Producer::from_bytes([9; 16]);
    let entries = Entries::fresh(query, producer, 5_000);
    let form = FormSettings::default();
    assert_eq!(
        (entries.kind(&form), entries.get("text")),
        (FeedbackKind::Praise, "Nice")
    );
    for name in ["consent", "website", "attachment"] {
        assert_eq!(entries.get(name), "", "{name}");
    }
    assert_eq!(
        (entries.get("made_at"), entries.get("producer")),
        ("5000", &*producer.to_string())
    );
    assert_eq!(Entries::parse(b"kind=nonsense").kind(&form), FeedbackKind::Bug);
}

#[test]
fn a_form_that_no_person_filled_in_is_told_by_the_trap_and_the_time() {
    let found = |body: &str| {
        Entries::parse(body.as_bytes())
            .suspicions(10_000)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("text=a&made_at=5000"), [""; 0]);
    assert_eq!(found("text=a&made_at=9000"), [TOO_FAST]);
    assert_eq!(found("text=a&made_at=5000&website=x"), [HONEYPOT]);
    assert_eq!(found("text=a"), [TOO_FAST]);
}

#[test]
fn the_same_words_are_the_same_item_and_others_are_not() {
    let form = form(OWN);
    let seq = |body: &str| {
        let item = Entries::parse(body.as_bytes()).item(&form, 7);
        item.key.seq().expect("a seq")
    };
    let all = [
        "text=It+broke",
        "text=It+broke+again",
        "text=It+broke&kind=idea",
        "text=It+broke&url=https%3A%2F%2Fa.example",
        "text=It+broke&rating=2",
        "text=It+broke&answers.more=x",
        "text=It+broke&attachment=att_x",
    ];
    for (at, one) in all.iter().enumerate() {
        assert_eq!(seq(one), seq(one));
        assert!(all[..at].iter().all(|other| seq(other) != seq(one)), "{one}");
    }
    assert!((1..=limits::SEQ_MAX).contains(&seq("")));
}

#[test]
fn a_hidden_field_never_keeps_a_person_from_sending() {
    let form = FormSettings::default();
    for url in [
        format!("https://a.example/{}", "x".repeat(3_000)),
        "https://a.example/\0".into(),
        "ftp://x".into(),
        "javascript:alert(1)".into(),
    ] {
        let mut entries = Entries::default();
        entries.set("url", url);
        assert_eq!(entries.context(&form, None).url, None);
    }
}

#[test]
fn a_page_is_told_only_where_the_project_asks_for_it() {
    let mut entries = Entries::default();
    entries.set("url", "https://a.example/".into());
    assert!(entries.page(&FormSettings::default()).is_some());
    assert_eq!(entries.page(&form(r#"{"context":false}"#)), None);
}

#[test]
fn a_form_with_a_picture_is_read_like_one_without() {
    let body = b"--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nHi\r\nyou\r\n--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nidea\r\n--b--\r\n";
    let entries = Entries::parse_parts(body, "multipart/form-data; boundary=b").expect("a form");
    assert_eq!((entries.get("text"), entries.get("kind")), ("Hi\nyou", "idea"));
    assert_eq!(entries.picture.as_deref(), Some(&b"\x89PNG"[..]));
    assert_eq!(
        Entries::parse_parts(body, "multipart/form-data; boundary=other"),
        None
    );
}

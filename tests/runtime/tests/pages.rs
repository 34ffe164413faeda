//! The pages for people on the real runtime: what a form without script sends, and what became of it.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Answer, Client, Page, Stage, eventually};
use serde_json::json;

const PNG: &[u8] = include_bytes!("../../../collector/src/attachments/pictures/text.png");

/// What a browser makes of a form with a file.
fn form(fields: &[(&str, &str)], picture: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head =
            format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    body.extend_from_slice(
        b"--b0undary\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"shot.png\"\r\nContent-Type: image/png\r\n\r\n",
    );
    body.extend_from_slice(picture);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    body
}

fn post(client: &Client, body: &[u8]) -> Answer {
    let headers = [("content-type", "multipart/form-data; boundary=b0undary")];
    client.post("/f/pk_demo", &headers, body).unwrap()
}

fn html(answer: &Answer) -> &str {
    answer.body.as_str().unwrap()
}

fn value<'a>(html: &'a str, before: &str) -> &'a str {
    let (_, rest) = html
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {html}"));
    rest.split('"').next().unwrap()
}

#[test]
fn a_picture_comes_with_the_form_once_however_often_it_is_sent() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let fresh = client.get("/f/pk_demo").unwrap();
    let producer = value(html(&fresh), "name=\"producer\" value=\"").to_owned();
    let fields = [
        ("kind", "bug"),
        ("text", "See this"),
        ("producer", producer.as_str()),
        ("made_at", "1"),
    ];
    for _ in 0..2 {
        let sent = post(&client, &form(&fields, PNG));
        assert_eq!(sent.status, 200, "{}", sent.body);
    }
    let rows = eventually(20, "the feedback", || {
        Some(client.all_feedback()).filter(|rows| !rows.is_empty())
    });
    assert_eq!((rows.len(), rows[0].attachments.len()), (1, 1));
    let path = format!("/api/v1/attachments/{}", rows[0].attachments[0]);
    let picture = client.get(&path).unwrap();
    assert_eq!(
        (picture.status, picture.content_type.as_str()),
        (200, "image/png")
    );
    assert!(
        !picture.bytes.windows(6).any(|bytes| bytes == b"secret"),
        "metadata was kept"
    );
    let kept = stage.databases("project").into_iter().map(|database| {
        let count = database.query_row("SELECT count(*) FROM attachments", [], |row| row.get::<_, i64>(0));
        count.unwrap_or(0)
    });
    assert_eq!(kept.sum::<i64>(), 1);
}

#[test]
fn what_is_wrong_with_a_picture_is_said_and_the_words_are_kept() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let fields = [("kind", "idea"), ("text", "Words to keep"), ("made_at", "1")];
    let check = |picture: &[u8], expect: &str| {
        let answer = post(&client, &form(&fields, picture));
        assert_eq!(answer.status, 422);
        assert!(
            html(&answer).contains(expect) && html(&answer).contains("Words to keep"),
            "{}",
            answer.body
        );
    };
    check(b"no picture", "Please choose a PNG, JPEG or WebP picture.");
    check(
        &vec![0; 5 * 1024 * 1024 + 1],
        "Please choose a picture of at most 5 MB.",
    );
    // With a mistake elsewhere the picture is kept, and named by a field that cannot be forged.
    let no_words = [("kind", "idea"), ("text", " "), ("made_at", "1")];
    let answer = post(&client, &form(&no_words, PNG));
    let name = value(html(&answer), "name=\"attachment\" value=\"").to_owned();
    let again = [
        ("text", "Now with words"),
        ("attachment", name.as_str()),
        ("made_at", "1"),
    ];
    assert_eq!(post(&client, &form(&again, b"")).status, 200);
    let forged = [
        ("text", "Forged"),
        ("attachment", "att_demo_a.AAAA"),
        ("made_at", "1"),
    ];
    assert_eq!(post(&client, &form(&forged, b"")).status, 200);
    let rows = eventually(20, "both", || {
        Some(client.all_feedback()).filter(|rows| rows.len() == 2)
    });
    assert_eq!(
        (rows[0].attachments.len(), &rows[1].attachments),
        (0, &vec![name])
    );

    let mut cut = form(&fields, PNG);
    cut.truncate(cut.len() - 20);
    assert_eq!(post(&client, &cut).status, 400);
    assert_eq!(
        post(&client, &form(&fields, &vec![0; 7 * 1024 * 1024])).status,
        413
    );
}

#[test]
fn the_form_wears_the_projects_colour_under_a_policy_that_allows_no_other_style() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    client.set(
        &json!({"widget": {"launcher": {"color": "#0f766e"}, "strings": {"*": {"title": "Tell us <all>"}}}}),
    );
    let page = client.get("/f/pk_demo").unwrap();
    assert!(html(&page).contains(":root{--own:#0f766e}") && html(&page).contains("Tell us &lt;all&gt;"));
    let csp = page.header("content-security-policy").unwrap();
    assert!(
        csp.starts_with("default-src 'none'; style-src 'sha256-") && csp.ends_with("frame-ancestors *"),
        "{csp}"
    );
}

#[test]
fn the_sender_deletes_what_they_sent_and_nothing_else() {
    let stage = Stage::start(|options| options.shards = Some(4));
    let client = stage.client();
    let page = Page::new(1);
    let said = client
        .ingest(&page.batch(&[
            Page::event(1, "before"),
            Page::feedback(2, "Mine to delete"),
            Page::feedback(3, "Mine to keep"),
        ]))
        .unwrap();
    let server = json!({"key": "pk_demo", "sent_at": 1, "items": [
        {"id": "mail-7", "at": hearback_runtime_tests::now(), "type": "feedback", "kind": "idea", "text": "By a server"}]});
    let by_server = client.ingest(&server).unwrap();
    eventually(20, "all three", || {
        Some(client.all_feedback()).filter(|rows| rows.len() == 3)
    });
    let receipt =
        |answer: &Answer, at: usize| answer.body["results"][at]["receipt"].as_str().unwrap().to_owned();

    let mine = receipt(&said, 1);
    let shown = client.get(&format!("/r/{mine}")).unwrap();
    assert_eq!(shown.status, 200);
    assert!(html(&shown).contains("It has arrived") && html(&shown).contains(&format!("/r/{mine}/delete")));
    assert!(
        !html(&shown).contains("Mine to delete"),
        "the page repeats what was said"
    );
    let policy = shown.header("content-security-policy").unwrap();
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");

    for receipt in [mine.clone(), receipt(&by_server, 0)] {
        let path = format!("/r/{receipt}/delete");
        let deleted = client.post(&path, &[], b"").unwrap();
        assert!(
            deleted.status == 200 && html(&deleted).contains("has been deleted"),
            "{}",
            deleted.body
        );
        assert_eq!(
            client.post(&path, &[], b"").unwrap().status,
            404,
            "there is nothing to delete any more"
        );
        assert_eq!(client.get(&format!("/r/{receipt}")).unwrap().status, 404);
        assert_eq!(
            client.get(&format!("/v1/receipts/{receipt}")).unwrap().status,
            404
        );
    }
    let texts: Vec<_> = client.all_feedback().into_iter().map(|row| row.text).collect();
    assert_eq!(texts, ["Mine to keep"]);
    let logged = stage.logged();
    let erased = logged.iter().filter(|line| line["erased"] == json!(true)).count();
    let notices = logged
        .iter()
        .filter(|line| line["type"] == json!("erasure"))
        .count();
    assert_eq!((erased, notices), (2, 2), "{logged:?}");
    assert_eq!(client.count("before"), 1);
    let forged = mine.replace("rcp_demo", "rcp_other");
    assert_eq!(
        client
            .post(&format!("/r/{forged}/delete"), &[], b"")
            .unwrap()
            .status,
        404
    );
}

//! What `POST /v1/ingest` answers, on the real runtime.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::io::{Read, Write};
use std::net::TcpStream;

use flate2::Compression;
use flate2::write::GzEncoder;
use hearback_runtime_tests::{Answer, Page, Stage, eventually};
use serde_json::{Value, json};

const TEXT: (&str, &str) = ("content-type", "text/plain;charset=UTF-8");

#[track_caller]
fn assert_problem(answer: &Answer, status: u16, name: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.content_type, "application/problem+json");
    assert_eq!(answer.body["type"], format!("urn:hearback:problem:{name}"));
    assert_eq!(answer.body["status"], status);
    assert!(
        answer.body["detail"]
            .as_str()
            .is_some_and(|detail| !detail.is_empty())
    );
}

#[test]
fn each_item_has_its_own_answer_and_a_repeat_changes_nothing() {
    let stage = Stage::start(|options| options.shards = Some(2));
    let client = stage.client();
    let page = Page::new(1);
    let items = [
        Page::event(1, "opened"),
        json!({"seq": 2, "at": 1, "type": "event"}),
        Page::feedback(3, "More tea"),
    ];
    let first = client.ingest(&page.batch(&items)).unwrap();
    assert_eq!(
        (first.status, first.statuses()),
        (202, vec!["accepted", "rejected", "accepted"])
    );
    assert_eq!(first.body["results"][1]["code"], "missing_field");
    assert_eq!(first.body["results"][1]["field"], "name");

    // Again, overlapping with something new: nothing twice, and the same receipt.
    let again = client
        .ingest(&page.batch(&[
            Page::feedback(3, "More tea"),
            Page::event(1, "opened"),
            Page::event(4, "opened"),
        ]))
        .unwrap();
    assert_eq!(again.statuses(), ["duplicate", "duplicate", "accepted"]);
    assert_eq!(
        again.body["results"][0]["receipt"],
        first.body["results"][2]["receipt"]
    );
    // Pages of another shard count into the same answer.
    for number in 2..6 {
        client
            .ingest(&Page::new(number).batch(&[Page::event(1, "opened")]))
            .unwrap();
    }
    assert_eq!(client.count("opened"), 6);
    let rows = eventually(10, "the feedback", || {
        Some(client.all_feedback()).filter(|rows| !rows.is_empty())
    });
    assert_eq!(
        rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(),
        ["More tea"]
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_a_problem_that_names_it() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let page = Page::new(1);
    let post = |headers: &[(&str, &str)], body: &[u8]| client.post("/v1/ingest", headers, body).unwrap();
    let changed = |name: &str, value: Value| {
        let mut batch = page.batch(&[]);
        batch[name] = value;
        post(&[TEXT], batch.to_string().as_bytes())
    };

    assert_problem(
        &post(&[("content-type", "image/png")], b"{}"),
        415,
        "unsupported-content-type",
    );
    assert_problem(
        &post(&[TEXT, ("content-encoding", "br")], b"{}"),
        415,
        "unsupported-content-encoding",
    );
    assert_problem(
        &post(&[TEXT, ("content-encoding", "gzip")], b"{}"),
        400,
        "broken-gzip",
    );
    assert_problem(&post(&[TEXT], b"{\"key\":\"\xff\"}"), 400, "broken-utf8");
    assert_problem(&post(&[TEXT], b"{\"key\":"), 400, "broken-json");
    assert_problem(&post(&[TEXT], b""), 400, "broken-json");
    assert_problem(&changed("surprise", json!(1)), 400, "bad-batch");
    assert_problem(&changed("producer", json!("short")), 400, "bad-producer");
    assert_problem(
        &changed("key", json!("pk_demo_a.AAAAAAAAAAAAAAAAAAAAAA")),
        401,
        "unknown-key",
    );
    assert_problem(&changed("items", json!(vec![1; 501])), 413, "too-many-items");
    assert_problem(&client.get("/v1/ingest").unwrap(), 405, "method-not-allowed");
    assert_problem(&client.get("/nothing").unwrap(), 404, "not-found");
    assert_problem(
        &client.get("/api/v1/feedback?limit=x").unwrap(),
        400,
        "bad-parameter",
    );
    assert_problem(&client.get("/api/v1/live").unwrap(), 426, "upgrade-required");
}

#[test]
fn a_gzipped_batch_is_read_and_a_bomb_is_not() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let pack = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let headers = [TEXT, ("content-encoding", "gzip")];
    let batch = Page::new(1).batch(&[Page::event(1, "packed")]).to_string();
    assert_eq!(
        client
            .post("/v1/ingest", &headers, &pack(batch.as_bytes()))
            .unwrap()
            .statuses(),
        ["accepted"]
    );
    let bomb = pack(&vec![b' '; 64 << 20]);
    assert_problem(
        &client.post("/v1/ingest", &headers, &bomb).unwrap(),
        413,
        "body-too-large",
    );
}

#[test]
fn a_body_that_says_it_is_too_large_is_refused_before_it_is_sent() {
    let stage = Stage::start(|_| {});
    let mut stream = TcpStream::connect(stage.server.url().trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(10)))
        .unwrap();
    // Ten megabytes are announced and three bytes sent: only an answer that does not wait for the rest arrives.
    write!(stream, "POST /v1/ingest HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 10000000\r\n\r\nabc").unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 413");
}

#[test]
fn a_body_that_does_not_say_how_large_it_is_is_cut_off_at_the_limit() {
    let stage = Stage::start(|_| {});
    let mut stream = TcpStream::connect(stage.server.url().trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(std::time::Duration::from_secs(10)))
        .unwrap();
    write!(stream, "POST /v1/ingest HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    let chunk = vec![b' '; 64 * 1024];
    for _ in 0..20 {
        // The server may hang up once it has seen enough.
        if write!(stream, "{:x}\r\n", chunk.len())
            .and_then(|()| stream.write_all(&chunk))
            .and_then(|()| stream.write_all(b"\r\n"))
            .is_err()
        {
            break;
        }
    }
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 413");
}

#[test]
fn a_receipt_tells_its_holder_and_nobody_else() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let answer = client
        .ingest(&Page::new(1).batch(&[Page::feedback(1, "Hello")]))
        .unwrap();
    let receipt = answer.body["results"][0]["receipt"].as_str().unwrap().to_owned();
    let seen = eventually(10, "the receipt's answer", || {
        client
            .get(&format!("/v1/receipts/{receipt}"))
            .ok()
            .filter(|answer| answer.status == 200)
    });
    assert_eq!(
        (&seen.body["kind"], &seen.body["status"]),
        (&json!("idea"), &json!("received"))
    );
    assert_eq!(seen.body["text"], Value::Null);
    // The last character of unpadded base64 carries unused bits, so change one before it.
    let at = receipt.len() - 5;
    let forged = format!(
        "{}{}{}",
        &receipt[..at],
        if &receipt[at..=at] == "A" { "B" } else { "A" },
        &receipt[at + 1..]
    );
    assert_problem(
        &client.get(&format!("/v1/receipts/{forged}")).unwrap(),
        404,
        "unknown-receipt",
    );
}

#[test]
fn a_project_sees_only_itself() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    client
        .ingest(&Page::new(1).batch(&[Page::feedback(1, "Ours"), Page::event(2, "ours")]))
        .unwrap();
    eventually(10, "the feedback", || {
        (!client.all_feedback().is_empty()).then_some(())
    });

    assert_eq!(
        client.get("/api/v1/project").unwrap().body,
        json!({"project": "demo", "key": "pk_demo"})
    );
    let other = "other".parse().unwrap();
    let (key, token) = xtask::runtime::credentials(stage.server.state(), &other).unwrap();
    let stranger = client.with_token(&token);
    assert!(stranger.all_feedback().is_empty());
    assert_eq!(stranger.count("ours"), 0);
    assert_eq!(
        stranger.get("/api/v1/project").unwrap().body,
        json!({"project": "other", "key": key})
    );
    for token in ["", "tk_demo", &key] {
        assert_problem(
            &client.with_token(token).get("/api/v1/feedback").unwrap(),
            401,
            "unknown-token",
        );
    }
}

#[test]
fn the_plain_form_reaches_the_same_place_once_however_often_it_is_sent() {
    let stage = Stage::start(|_| {});
    let client = stage.client();
    let page = client
        .get("/f/pk_demo?url=https%3A%2F%2Fa.example%2Fcart%3Fsecret%3D1")
        .unwrap();
    let html = page.body.as_str().unwrap().to_owned();
    let producer = html
        .split("name=\"producer\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept-language", "de-AT,de;q=0.8"),
    ];
    let typed = format!(
        "kind=praise&text=Sehr+gut&rating=5&url=https%3A%2F%2Fa.example%2Fcart%3Fsecret%3D1&made_at=1&producer={producer}"
    );
    for _ in 0..2 {
        let answer = client.post("/f/pk_demo", &headers, typed.as_bytes()).unwrap();
        assert!(
            answer.status == 200 && answer.body.as_str().unwrap().contains("href=\"/r/rcp_demo_"),
            "{answer:?}"
        );
    }
    // Back in the browser brings the form back: other words are another piece of feedback.
    let other = typed.replace("Sehr+gut", "Noch+besser");
    let answer = client.post("/f/pk_demo", &headers, other.as_bytes()).unwrap();
    assert_eq!(answer.status, 200);

    let empty = client.post("/f/pk_demo", &headers, b"kind=bug&text=+").unwrap();
    assert!(
        empty.status == 422
            && empty
                .body
                .as_str()
                .unwrap()
                .contains("Bitte schreiben Sie zuerst ein paar Worte.")
    );
    assert_eq!(client.get("/f/pk_nobody").unwrap().status, 401);

    // People don't read JSON, whatever went wrong.
    let unread = client.post("/f/pk_demo", &[TEXT], b"kind=bug").unwrap();
    assert_eq!(
        (unread.status, unread.content_type.as_str()),
        (415, "text/html; charset=utf-8")
    );

    let rows = eventually(10, "both pieces", || {
        Some(client.all_feedback()).filter(|rows| rows.len() >= 2)
    });
    let texts: Vec<_> = rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(texts, ["Noch besser", "Sehr gut"]);
    assert_eq!(
        (rows[1].rating, rows[1].lang.as_deref()),
        (Some(5), Some("de-AT"))
    );
    assert_eq!(rows[1].url.as_deref(), Some("https://a.example/cart"));
}

//! Where deliveries may lead: a webhook reaches public addresses only, whatever its name resolves to; a store of the
//! operator's may be a neighbour. Redirects lead nowhere, and nobody reads a long answer.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use hearback_runtime_tests::{Page, Sink, Stage, eventually};
use serde_json::{Value, json};

/// A name with a public look that resolves to this machine, as a name server of an attacker's would answer.
const REBOUND: &str = "hooks.rebound.example.com";

/// Listens, counts who connects, and does with each connection as it is told.
struct Listener {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Listener {
    fn start(serve: impl Fn(TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                counted.fetch_add(1, Ordering::SeqCst);
                serve(stream);
            }
        });
        Self { port, connections }
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Reads a request to its end and says `answer`.
fn answering(answer: String) -> impl Fn(TcpStream) + Send {
    move |mut stream| {
        // Who hangs up has no use for an answer.
        let _ = read_request(&stream).and_then(|()| stream.write_all(answer.as_bytes()));
    }
}

fn read_request(stream: &TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    reader.read_exact(&mut vec![0; length])
}

const WELL: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn sinks(list: &Value) -> (String, String) {
    ("SINKS".to_owned(), list.to_string())
}

fn webhook(name: &str, url: &str) -> Value {
    json!({"name": name, "type": "http", "url": url, "secret": Sink::SECRET})
}

fn test_call(stage: &Stage, sink: &str) -> Value {
    let path = format!("/api/v1/sinks/{sink}/test");
    stage.client().send("POST", &path, &[], b"").unwrap().body
}

#[test]
fn a_webhook_whose_name_resolves_to_this_machine_is_not_reached_and_a_store_there_is() {
    let target = Listener::start(answering(WELL.to_owned()));
    let port = target.port;
    let list = json!([
        webhook("hook", &format!("https://{REBOUND}:{port}/in")),
        {"name": "store", "type": "clickhouse", "url": format!("http://{REBOUND}:{port}"),
         "table": "items", "user": "u", "password": "p"},
    ]);
    let stage = Stage::start(|options| {
        options.hosts = Some(format!("127.0.0.1 localhost {REBOUND}\n"));
        options.settings.push(sinks(&list));
        options.sink_delay_ms = Some(0);
    });
    let health = stage.client().get("/healthz").unwrap().body;
    assert_eq!(health["bindings"], json!(["PUBLIC"]));

    let hook = test_call(&stage, "hook");
    assert_eq!(
        hook,
        json!({"delivered": false, "answer": "no connection, or a broken one"})
    );
    assert_eq!(target.connections(), 0);
    // The name does lead here: the same server reaches it for a store.
    let store = test_call(&stage, "store");
    assert_eq!(store, json!({"delivered": true, "answer": "it answered 200"}));
    assert_eq!(target.connections(), 1);

    // Nor from the alarm, however often it tries.
    stage
        .client()
        .ingest(&Page::new(1).batch(&[Page::event(1, "a")]))
        .unwrap();
    let seen = eventually(30, "two attempts", || {
        let sinks = stage.client().get("/api/v1/sinks").unwrap().body["sinks"].take();
        (sinks[0]["attempts"].as_u64() >= Some(2) && sinks[1]["pending"] == 0).then_some(sinks)
    });
    assert_eq!(seen[0]["pending"], 1);
    assert_eq!(
        target.connections(),
        2,
        "one test call and one delivery of the store's"
    );
}

#[test]
fn an_address_at_home_is_refused_by_name_before_anything_is_sent() {
    for (url, reason) in [
        ("https://127.0.0.1/in", "this machine itself"),
        ("https://localhost/in", "this machine itself"),
        ("https://0x7f.1/in", "write the host plainly"),
        ("https://１２７.０.０.１/in", "printable ASCII"),
        ("https://[::ffff:127.0.0.1]/in", "IPv4 address"),
        ("https://169.254.169.254/in", "metadata service"),
        ("http://hooks.example.com/in", "starts with https://"),
    ] {
        let stage = Stage::start(|options| {
            options.checked = false;
            options.settings = vec![
                ("DEV_LOOPBACK_SINKS".to_owned(), String::new()),
                ("SINK_URL".to_owned(), url.to_owned()),
                ("SINK_SECRET".to_owned(), Sink::SECRET.to_owned()),
            ];
        });
        let health = stage.client().get("/healthz").unwrap();
        assert_eq!(health.status, 503, "{url}");
        let mistake = health.body.to_string();
        assert!(
            mistake.contains("SINK_URL is malformed") && mistake.contains(reason),
            "{url}: {mistake}"
        );
        assert!(!mistake.contains(url), "{mistake}");
    }
}

#[test]
fn a_redirect_leads_nowhere() {
    let target = Listener::start(answering(WELL.to_owned()));
    let to = format!("http://127.0.0.1:{}/in", target.port);
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let hook = Listener::start(answering(answer));
    let list = json!([webhook("hook", &format!("http://127.0.0.1:{}/in", hook.port))]);
    let stage = Stage::start(|options| options.settings.push(sinks(&list)));
    let answer = test_call(&stage, "hook");
    assert_eq!(answer["delivered"], false);
    assert_eq!(answer["answer"], "it answered 307 (redirects are not followed)");
    assert_eq!((hook.connections(), target.connections()), (1, 0));
}

#[test]
fn of_an_answer_without_end_only_the_status_is_read() {
    let sent = Arc::new(AtomicUsize::new(0));
    let (counted, is_over) = (Arc::clone(&sent), Arc::new(AtomicBool::new(false)));
    let over = Arc::clone(&is_over);
    let hook = Listener::start(move |mut stream| {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        read_request(&stream)
            .and_then(|()| stream.write_all(head))
            .unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
        let chunk = [b"10000\r\n".as_slice(), &vec![b'x'; 0x10000], b"\r\n"].concat();
        let end = loop {
            match stream.write_all(&chunk) {
                Ok(()) => counted.fetch_add(chunk.len(), Ordering::SeqCst),
                Err(error) => break error,
            };
        };
        assert!(
            [ErrorKind::BrokenPipe, ErrorKind::ConnectionReset].contains(&end.kind()),
            "{end}"
        );
        over.store(true, Ordering::SeqCst);
    });
    let list = json!([webhook("hook", &format!("http://127.0.0.1:{}/in", hook.port))]);
    let stage = Stage::start(|options| options.settings.push(sinks(&list)));
    let answer = test_call(&stage, "hook");
    assert_eq!(answer, json!({"delivered": true, "answer": "it answered 200"}));
    eventually(10, "the end of the connection", || {
        is_over.load(Ordering::SeqCst).then_some(())
    });
    let sent = sent.load(Ordering::SeqCst);
    assert!(sent < 16 * 1024 * 1024, "it took {sent} bytes");
}

//! What would be too much: bodies that never end, names without end, a disk that is full.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use hearback_runtime_tests::{Page, Stage, eventually};
use hearback_shared::item::item_id;
use serde_json::Value;

#[test]
fn bodies_that_come_a_byte_at_a_time_hold_up_nobody_else() {
    let stage = Stage::start(|_| {});
    let (client, page) = (stage.client(), Page::new(1));
    client.ingest(&page.batch(&[Page::event(1, "a")])).unwrap();
    let address = stage.server.url().replace("http://", "");
    let mut slow: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            let head = "POST /v1/ingest HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 100000\r\n\r\n{";
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let started = Instant::now();
    for seq in 2..=40 {
        // Each of them sends one more byte between any two requests of a healthy page.
        for stream in &mut slow {
            stream.write_all(b" ").unwrap();
        }
        assert_eq!(
            client
                .ingest(&page.batch(&[Page::event(seq, "a")]))
                .unwrap()
                .statuses(),
            ["accepted"]
        );
    }
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?} for 39 requests",
        started.elapsed()
    );
    drop(slow);
    assert_eq!(client.count("a"), 40);
}

/// The most memory that the server ever had, in KiB.
fn most_memory(stage: &Stage) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", stage.server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_gzip_bomb_is_refused_by_counting_and_never_held() {
    let stage = Stage::start(|_| {});
    let (client, page) = (stage.client(), Page::new(1));
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    let packed = |plain: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder
    };
    // What unpacks to something small is taken.
    let batch = page.batch(&[Page::event(1, "a")]).to_string();
    let small = packed(batch.as_bytes()).finish().unwrap();
    let taken = client.post("/v1/ingest", &headers, &small).unwrap();
    assert_eq!(taken.statuses(), ["accepted"]);

    // A body of the largest size that is let in, of a thousand times that unpacked.
    let mut bomb = packed(batch.as_bytes());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..960 {
        bomb.write_all(&spaces).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!((900_000..1_048_576).contains(&bomb.len()), "{}", bomb.len());
    let before = most_memory(&stage);
    for _ in 0..8 {
        let answer = client.post("/v1/ingest", &headers, &bomb).unwrap();
        assert_eq!(answer.status, 413, "{}", answer.body);
    }
    let grown = most_memory(&stage) - before;
    assert!(grown < 64 * 1024, "{grown} KiB for a bomb of a gigabyte");
    let broken = client.post("/v1/ingest", &headers, &small[..20]).unwrap();
    assert_eq!(broken.status, 400);
}

#[test]
fn ten_thousand_names_are_counted_and_do_not_grow_the_counts_without_end() {
    let mut stage = Stage::start(|_| {});
    let (client, page) = (stage.client(), Page::new(1));
    let mut accepted = 0;
    for first in (1..=10_000_u64).step_by(500) {
        let items: Vec<Value> = (first..first + 500)
            .map(|seq| Page::event(seq, &format!("name_{seq}")))
            .collect();
        let answer = client.ingest(&page.batch(&items)).unwrap();
        accepted += answer
            .statuses()
            .iter()
            .filter(|status| **status == "accepted")
            .count() as u64;
    }
    assert!(accepted >= 500, "{accepted}");
    let to = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let answer = client
        .get(&format!(
            "/api/v1/events/series?from={}&to={}",
            to - 86_400_000,
            to + 60_000
        ))
        .unwrap();
    let total: u64 = answer.body["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["total"].as_u64().unwrap())
        .sum();
    assert_eq!(total, accepted);
    stage.server.stop().unwrap();
    let bytes: i64 = stage.databases("shard")[0]
        .query_row(
            "SELECT sum(pgsize) FROM dbstat WHERE name NOT IN ('log', 'messages')",
            [],
            |row| row.get(0),
        )
        .unwrap_or(0);
    assert!(bytes < 2_000_000, "{bytes} bytes beside the log");
}

#[test]
fn on_a_full_disk_nothing_is_acknowledged_that_is_not_kept() {
    let mut stage = Stage::start(|options| options.file_limit_kib = Some(1_500));
    let (client, page) = (stage.client(), Page::new(1));
    let text = "x".repeat(1_000);
    let (mut acknowledged, mut refused, mut sent) = (BTreeSet::new(), 0, 0);
    for first in (1..=8_000_u64).step_by(40) {
        let item = |seq| serde_json::json!({"seq": seq, "at": 1_795_000_000_000_u64, "type": "event", "name": "full", "props": {"text": text}});
        let items: Vec<Value> = (first..first + 40).map(item).collect();
        sent = first + 39;
        match client.ingest(&page.batch(&items)) {
            Ok(answer) if answer.status == 202 && answer.statuses().iter().all(|s| *s == "accepted") => {
                acknowledged.extend((first..first + 40).map(|seq| item_id(&page.producer, seq)));
            }
            _ => refused += 1,
        }
        if refused > 5 {
            break;
        }
    }
    assert!(refused > 5, "the disk was never full");
    assert!(!acknowledged.is_empty());
    stage.server.kill9().unwrap();
    // With room again, what was acknowledged is there, and what was not can be sent.
    stage.server.lift_file_limit();
    stage.server.restart().unwrap();
    let client = stage.client();
    eventually(20, "an answer", || {
        let items: Vec<Value> = (sent + 1..=sent + 2)
            .map(|seq| Page::event(seq, "room"))
            .collect();
        let answer = client.ingest(&page.batch(&items)).ok()?;
        (answer.status == 202 && !answer.statuses().contains(&"retry")).then_some(())
    });
    stage.server.stop().unwrap();
    let mut kept = BTreeSet::new();
    for shard in stage.databases("shard") {
        let mut statement = shard.prepare("SELECT lines FROM log").unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        for lines in rows {
            for line in lines.unwrap().lines() {
                let item: Value = serde_json::from_str(line).unwrap();
                assert!(
                    kept.insert(item["id"].as_str().unwrap().to_owned()),
                    "stored twice: {line}"
                );
            }
        }
    }
    assert!(
        acknowledged.is_subset(&kept),
        "{} of {} are lost",
        acknowledged.difference(&kept).count(),
        acknowledged.len()
    );
}

#[test]
fn a_connection_that_breaks_in_the_middle_of_a_body_leaves_nothing_behind() {
    let stage = Stage::start(|_| {});
    let address = stage.server.url().replace("http://", "");
    let batch = Page::new(1).batch(&[Page::event(1, "half")]).to_string();
    for cut in (1..batch.len()).step_by(batch.len() / 12) {
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!(
            "POST /v1/ingest HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: {}\r\n\r\n",
            batch.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&batch.as_bytes()[..cut]).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = stream.read(&mut [0; 100]);
    }
    assert_eq!(stage.client().count("half"), 0);
}

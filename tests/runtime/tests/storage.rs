//! What is in the objects' files, read with SQLite itself.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use hearback_runtime_tests::{Page, Stage, eventually, number};

/// Rows of the log after which windows are written to their own table.
const CHECKPOINT: u64 = 512;

/// Rows of each life of a shard that comes to its checkpoint in the third.
const ROWS: u64 = 175;

#[test]
fn a_shard_that_sleeps_often_still_comes_to_its_checkpoint() {
    let mut stage = Stage::start(|_| {});
    let page = Page::new(1);
    for life in 0..3 {
        for seq in 1..=ROWS {
            let seq = life * ROWS + seq;
            assert_eq!(
                stage
                    .client()
                    .ingest(&page.batch(&[Page::event(seq, "a")]))
                    .unwrap()
                    .statuses(),
                ["accepted"]
            );
        }
        stage.server.restart().unwrap();
    }
    stage.server.stop().unwrap();
    let shard = &stage.databases("shard")[0];
    let all = 3 * ROWS;
    assert_eq!(number(shard, "SELECT sum(count) FROM log").cast_unsigned(), all);
    assert_eq!(
        number(shard, "SELECT count(*) FROM window_leaves"),
        1,
        "{all} rows and no checkpoint"
    );
    let position = number(
        shard,
        "SELECT position FROM cursors WHERE consumer = 'window_leaves'",
    );
    assert!(position.cast_unsigned() >= CHECKPOINT);
    // And what the checkpoint holds is still known.
    stage.server.restart().unwrap();
    let again = stage
        .client()
        .ingest(&page.batch(&[Page::event(1, "a"), Page::event(all, "a")]))
        .unwrap();
    assert_eq!(again.statuses(), ["duplicate", "duplicate"]);
}

#[test]
fn junk_from_pages_that_send_nothing_else_leaves_no_trace() {
    let mut stage = Stage::start(|_| {});
    let client = stage.client();
    for number in 2..200 {
        let answer = client
            .ingest(&Page::new(number).batch(&[serde_json::json!({"seq": 1})]))
            .unwrap();
        assert_eq!(answer.statuses(), ["rejected"]);
    }
    for seq in 1..=CHECKPOINT {
        client
            .ingest(&Page::new(1).batch(&[Page::event(seq, "a")]))
            .unwrap();
    }
    stage.server.stop().unwrap();
    let shard = &stage.databases("shard")[0];
    let bytes = number(shard, "SELECT sum(length(body)) FROM window_leaves");
    assert!(
        (1..100).contains(&bytes),
        "{bytes} bytes of windows for one page and junk"
    );
}

#[test]
fn an_item_that_comes_by_another_shard_does_not_stop_the_feedback() {
    // The number of shards is not to be changed yet; a slip must not silence a project.
    let state = tempfile::tempdir().unwrap();
    let serve = |shards| {
        let mut options = xtask::runtime::ServeOptions::new(state.path());
        options.demo = true;
        options.shards = Some(shards);
        xtask::runtime::Server::start(&options).unwrap()
    };
    let client = |server: &xtask::runtime::Server| hearback_runtime_tests::client_of(server);
    // Odd numbers belong to shard 1 of 2.
    let (page, other) = (Page::new(1), Page::new(3));
    let mut server = serve(1);
    client(&server)
        .ingest(&page.batch(&[Page::feedback(1, "first")]))
        .unwrap();
    eventually(10, "the first", || {
        (client(&server).all_feedback().len() == 1).then_some(())
    });
    server.stop().unwrap();
    let server = serve(2);
    client(&server)
        .ingest(&page.batch(&[Page::feedback(1, "first")]))
        .unwrap();
    client(&server)
        .ingest(&other.batch(&[Page::feedback(1, "second")]))
        .unwrap();
    let rows = eventually(10, "the second", || {
        Some(client(&server).all_feedback()).filter(|rows| rows.len() == 2)
    });
    assert_eq!(rows[0].text, "second");
    assert_eq!(client(&server).get("/api/v1/feedback").unwrap().body["total"], 2);
}

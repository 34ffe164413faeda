use proptest::prelude::*;

use super::*;

fn producer(n: u8) -> Producer {
    Producer::from_bytes([n; 16])
}

fn known(windows: BTreeMap<Producer, SeqWindow>, head: u64) -> Known {
    Known {
        windows,
        head,
        ..Known::default()
    }
}

fn of(producer: Option<Producer>, items: Vec<AppendItem>) -> Append {
    Append {
        producer,
        received: items.len() as u64,
        apart: LiteMap::default(),
        quota: None,
        items,
    }
}

fn batch(n: u8, seqs: impl IntoIterator<Item = u64>) -> Append {
    let item = |seq| AppendItem::Store {
        seq,
        is_feedback: seq % 5 == 0,
        line: format!("{n}-{seq}"),
    };
    of(Some(producer(n)), seqs.into_iter().map(item).collect())
}

#[test]
fn requests_that_arrive_together_share_one_row_and_keep_their_own_answers() {
    let commit = group(
        &[batch(1, 1..=2), batch(2, 1..=1), batch(1, 2..=3)],
        known(BTreeMap::new(), 10),
        7,
    );
    assert_eq!(
        commit.outcomes,
        [
            vec![Outcome::Stored; 2],
            vec![Outcome::Stored],
            vec![Outcome::Duplicate, Outcome::Stored]
        ]
    );
    let [row] = commit.rows.as_slice() else {
        panic!("one row")
    };
    assert_eq!(
        (row.first, row.last(), row.lines.as_str()),
        (11, 14, "1-1\n1-2\n2-1\n1-3\n")
    );
    assert_eq!(row.windows.len(), 2);
}

#[test]
fn a_repeat_writes_nothing() {
    let first = group(&[batch(1, 1..=3)], Known::default(), 7);
    let again = group(&[batch(1, 1..=3)], known(first.changed, 3), 8);
    assert_eq!(
        (again.rows, again.outcomes),
        (vec![], vec![vec![Outcome::Duplicate; 3]])
    );
}

#[test]
fn a_refused_seq_is_no_gap() {
    let code = RejectionCode::NameInvalid;
    let refused = of(
        Some(producer(1)),
        vec![
            AppendItem::Refused { seq: Some(2), code },
            AppendItem::Refused { seq: None, code },
        ],
    );
    let commit = group(&[batch(1, [1, 3]), refused], Known::default(), 7);
    assert_eq!(commit.changed[&producer(1)].judged.intervals(), [(1, 3)]);
    assert_eq!(commit.changed[&producer(1)].stored.intervals(), [(1, 1), (3, 3)]);
    assert_eq!(commit.tally.rejected.get("name_invalid"), Some(&2));
    assert_eq!(commit.rows[0].tally, commit.tally);
}

#[test]
fn an_item_without_a_seq_is_stored_once_by_its_own_id() {
    let message = |id: &str| AppendItem::Message {
        id: id.to_owned(),
        is_feedback: false,
        line: id.to_owned(),
    };
    let before = Known {
        messages: ["b".to_owned()].into(),
        ..Known::default()
    };
    let commit = group(
        &[of(None, vec![message("a"), message("b"), message("a")])],
        before,
        7,
    );
    assert_eq!(
        commit.outcomes,
        [[Outcome::Stored, Outcome::Duplicate, Outcome::Duplicate]]
    );
    assert_eq!(commit.messages, ["a"]);
    assert!(commit.changed.is_empty());
    assert_eq!((commit.tally.accepted, commit.tally.duplicate), (1, 2));
}

#[test]
fn a_large_group_is_cut_into_rows_that_storage_can_keep() {
    let line = "x".repeat(200 * 1024);
    let items = (1..=5)
        .map(|seq| AppendItem::Store {
            seq,
            is_feedback: false,
            line: line.clone(),
        })
        .collect();
    let commit = group(&[of(Some(producer(1)), items)], Known::default(), 7);
    assert_eq!(
        commit
            .rows
            .iter()
            .map(|row| (row.first, row.count))
            .collect::<Vec<_>>(),
        [(1, 2), (3, 2), (5, 1)]
    );
    assert!(commit.rows.iter().all(|row| row.lines.len() <= ROW_BYTES));
}

proptest! {
    #[test]
    fn whatever_is_sent_again_in_whatever_order_is_stored_once(
        batches in proptest::collection::vec((1_u8..4, 1_u64..40, 1_u64..12), 1..60),
        cuts in proptest::collection::vec(1_usize..6, 1..60),
    ) {
        let batches: Vec<Append> = batches.into_iter().map(|(n, from, len)| batch(n, from..from + len)).collect();
        let (mut windows, mut head, mut lines) = (BTreeMap::new(), 0, Vec::new());
        let mut rest = batches.as_slice();
        for cut in cuts.into_iter().cycle() {
            if rest.is_empty() { break }
            let (now, later) = rest.split_at(cut.min(rest.len()));
            let commit = group(now, known(windows.clone(), head), 7);
            prop_assert_eq!(commit.tally.difference(), 0);
            for row in &commit.rows {
                prop_assert_eq!(row.first, head + 1);
                prop_assert_eq!(row.lines.lines().count() as u64, row.count);
                head = row.last();
                lines.extend(row.lines.lines().map(str::to_owned));
            }
            windows.extend(commit.changed);
            rest = later;
        }
        let sent: std::collections::BTreeSet<String> = batches.iter()
            .flat_map(|batch| batch.items.iter())
            .map(|item| match item { AppendItem::Store { line, .. } => line.clone(), _ => unreachable!() })
            .collect();
        lines.sort();
        prop_assert_eq!(lines, sent.into_iter().collect::<Vec<_>>());
    }
}

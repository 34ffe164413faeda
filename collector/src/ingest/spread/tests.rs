use hearback_shared::producer::Producer;
use hearback_shared::rejection::RejectionCode;
use proptest::prelude::*;

use super::*;

fn message(n: usize) -> AppendItem {
    AppendItem::Message {
        id: format!("msg-{n}"),
        is_feedback: false,
        line: n.to_string(),
    }
}

fn refused() -> AppendItem {
    AppendItem::Refused {
        seq: None,
        code: RejectionCode::NameInvalid,
    }
}

fn append(items: Vec<AppendItem>) -> Append {
    Append {
        producer: None,
        received: items.len() as u64,
        apart: counts([("retry", 3)]),
        quota: Some(9),
        items,
    }
}

fn counts<const N: usize>(counts: [(&str, u64); N]) -> LiteMap<String, u64> {
    let owned = counts.map(|(reason, count)| (reason.to_owned(), count));
    owned.into_iter().collect()
}

/// A shard that stores all it is asked to.
fn done(part: &Part) -> AppendAnswer {
    let valid = part.append.items.iter().filter(|item| item.is_valid());
    AppendAnswer::Done(valid.map(|_| Outcome::Stored).collect())
}

#[test]
fn a_pages_batch_goes_to_one_shard_as_it_is() {
    let producer = Producer::from_bytes([7; 16]);
    let items = vec![
        refused(),
        AppendItem::Store {
            seq: 1,
            is_feedback: false,
            line: "a".into(),
        },
    ];
    let batch = Append {
        producer: Some(producer),
        ..append(items)
    };
    let mut spread = Spread::of(batch.clone(), 8);
    let [part] = spread.next_parts().try_into().expect("one part");
    assert_eq!((part.shard, &part.append), (producer.shard(8), &batch));
    spread.heard(part, Some(AppendAnswer::Moved(16)));
    let [part] = spread.next_parts().try_into().expect("one part");
    assert_eq!((part.shard, &part.append), (producer.shard(16), &batch));
    spread.heard(part, Some(AppendAnswer::Done(vec![Outcome::Duplicate])));
    assert!(spread.next_parts().is_empty());
    assert_eq!(spread.finish().outcomes, [Some(Outcome::Duplicate)]);
}

#[test]
fn where_one_shard_fails_only_its_items_are_to_be_sent_again() {
    let mut spread = Spread::of(append((0..40).map(message).collect()), 4);
    let parts = spread.next_parts();
    assert_eq!(parts.len(), 4);
    let (mut failed, mut received) = (Vec::new(), 0);
    for part in parts {
        if part.shard == 2 {
            failed.clone_from(&part.places);
            received = part.append.received;
            spread.heard(part, None);
        } else {
            let answer = done(&part);
            spread.heard(part, Some(answer));
        }
    }
    assert!(spread.next_parts().is_empty());
    let gathered = spread.finish();
    for (place, outcome) in gathered.outcomes.iter().enumerate() {
        assert_eq!(outcome.is_none(), failed.contains(&place), "{place}");
    }
    assert_eq!(gathered.apart, counts([("retry", received)]));
}

#[test]
fn a_full_shard_refuses_the_batch_only_where_no_other_took_its_part() {
    let full = |is_full: fn(u32) -> bool| {
        let mut spread = Spread::of(append((0..40).map(message).collect()), 4);
        for part in spread.next_parts() {
            let wait_s = u64::from(10 * part.shard);
            let answer = if is_full(part.shard) {
                AppendAnswer::Full(wait_s)
            } else {
                done(&part)
            };
            spread.heard(part, Some(answer));
        }
        spread.finish()
    };
    let all = full(|_| true);
    assert_eq!(all.full_s, Some(30));
    assert_eq!(all.apart, counts([("quota", 40), ("retry", 3)]));
    let some = full(|shard| shard == 1);
    assert_eq!(some.full_s, None);
    assert!(some.outcomes.iter().any(Option::is_none) && some.outcomes.iter().any(Option::is_some));
    assert_eq!(
        some.apart.get("quota").copied(),
        Some(some.outcomes.iter().filter(|o| o.is_none()).count() as u64)
    );
}

#[test]
fn a_batch_of_nothing_but_refusals_is_counted_by_one_shard() {
    let mut spread = Spread::of(append(vec![refused(), refused()]), 4);
    let [part] = spread.next_parts().try_into().expect("one part");
    assert_eq!((part.append.received, part.append.items.len()), (2, 2));
    assert_eq!(part.append.apart.get("retry"), Some(&3));
    spread.heard(part, Some(AppendAnswer::Done(vec![])));
    assert_eq!(spread.finish(), Gathered::default());
}

#[test]
fn shards_that_send_one_on_for_ever_are_given_up() {
    let mut spread = Spread::of(append(vec![message(1)]), 1);
    let mut rounds = 0;
    loop {
        let parts = spread.next_parts();
        if parts.is_empty() {
            break;
        }
        rounds += 1;
        for part in parts {
            spread.heard(part, Some(AppendAnswer::Moved(1)));
        }
    }
    assert_eq!(rounds, 1 + MOVES);
    let gathered = spread.finish();
    assert_eq!(
        (gathered.outcomes, gathered.apart.get("retry").copied()),
        (vec![None], Some(4))
    );
}

proptest! {
    /// The project has more shards than the edge knows. Each stores what is its own and sends on what is not.
    #[test]
    fn every_item_comes_to_its_own_shard_and_is_counted_once(
        kinds in proptest::collection::vec(any::<bool>(), 1..80), known in 0_u32..4, more in 0_u32..4
    ) {
        let items: Vec<_> = kinds.iter().enumerate()
            .map(|(n, is_valid)| if *is_valid { message(n) } else { refused() })
            .collect();
        let (known, count) = (1 << known, 1 << (known + more));
        let mut spread = Spread::of(append(items), known);
        let (mut received, mut apart, mut stored) = (0, 0, Vec::new());
        loop {
            let parts = spread.next_parts();
            if parts.is_empty() { break }
            for part in parts {
                let ids: Vec<_> = part.append.message_ids().map(str::to_owned).collect();
                if ids.iter().any(|id| shard_of_message(id, count) != part.shard) {
                    spread.heard(part, Some(AppendAnswer::Moved(count)));
                    continue;
                }
                prop_assert_eq!(part.append.received, part.append.items.len() as u64);
                received += part.append.received;
                apart += part.append.apart.values().sum::<u64>();
                let answer = done(&part);
                stored.extend(part.places.iter().copied().zip(ids));
                spread.heard(part, Some(answer));
            }
        }
        let gathered = spread.finish();
        prop_assert_eq!((received, apart), (kinds.len() as u64, 3));
        prop_assert!(gathered.apart.is_empty());
        prop_assert!(gathered.outcomes.iter().all(|outcome| *outcome == Some(Outcome::Stored)));
        // Each place among the valid items got the answer to its own item.
        stored.sort();
        let sent: Vec<_> = kinds.iter().enumerate().filter(|(_, is_valid)| **is_valid)
            .map(|(n, _)| format!("msg-{n}")).enumerate().collect();
        prop_assert_eq!(stored, sent);
    }
}

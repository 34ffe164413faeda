//! Sequences that failed once, as proptest printed them, each with what it showed.

use super::operations::{Batch, End, Mood, Operation};

const ONE_ITEM: Batch = Batch {
    producer: 0,
    from: 1,
    len: 1,
    refused: 0,
    is_reversed: false,
};

pub fn all() -> Vec<(&'static str, Vec<Operation>)> {
    vec![(
        "a clock that stepped back by an hour held a failed delivery for that hour",
        vec![
            Operation::Sink(vec![Mood::Failing]),
            Operation::Clock { seconds: 3590 },
            Operation::Append {
                batches: vec![ONE_ITEM],
                end: End::Answered,
            },
            Operation::Alarm {
                killed_after: None,
                erased_meanwhile: None,
            },
            Operation::Clock { seconds: -1517 },
            Operation::Clock { seconds: -2073 },
        ],
    )]
}

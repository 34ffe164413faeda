//! What can happen to a shard, its project and a sink, as values: a failing sequence is printed in this form and can
//! be kept in `regressions.rs` as it stands.

use proptest::prelude::*;

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Requests arrive together and share a commit.
    Append {
        /// The requests.
        batches: Vec<Batch>,
        /// How it ends for their senders.
        end: End,
    },
    /// Everything that was sent up to now and has no answer is sent again, in one commit a producer.
    Retry {
        /// How it ends.
        end: End,
    },
    /// The process is killed.
    Crash,
    /// The object is put to sleep: its memory goes, its storage stays.
    Evict,
    /// The alarm rings.
    Alarm {
        /// The process is killed after so many of its steps.
        killed_after: Option<u8>,
        /// A person's data is erased while deliveries are on their way.
        erased_meanwhile: Option<u8>,
    },
    /// What the sink does from now on, with one delivery after the other, over and over.
    Sink(Vec<Mood>),
    /// The sink takes from now on what it refused for good.
    Cure,
    /// Somebody has all dead letters sent again.
    Replay,
    /// A producer's person asks to be forgotten.
    Erase {
        /// Whose.
        producer: u8,
        /// The process is killed after so many rows.
        killed_after: Option<u8>,
    },
    /// The clock goes on, or steps.
    Clock {
        /// By so many seconds.
        seconds: i32,
    },
}

/// A request of one producer: `len` items from seq `from`.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Which producer.
    pub producer: u8,
    /// Its first seq.
    pub from: u64,
    /// How many seqs.
    pub len: u64,
    /// One item in so many is refused by the edge; 0 for none.
    pub refused: u64,
    /// Whether the items come in reverse.
    pub is_reversed: bool,
}

/// How an append ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every sender reads its answer.
    Answered,
    /// The connection breaks after the commit.
    AnswerLost,
    /// The process is killed before the commit is on disk.
    KilledBefore,
    /// The process is killed after the commit, before the answer.
    KilledAfter,
}

/// What a sink does with a delivery. One that holds poison it never keeps, and refuses when it is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Keeps it and says so.
    Well,
    /// Keeps nothing and says 503.
    Failing,
    /// Keeps it; the answer never comes.
    KeepsAndHangsUp,
    /// Keeps nothing and never answers.
    Hanging,
    /// Keeps nothing and says 401.
    Locked,
}

/// A day in seconds.
const DAY: i32 = 24 * 60 * 60;

/// One operation, the usual ones more often.
pub fn operation() -> impl Strategy<Value = Operation> {
    // Most clocks only run; some jump ahead by up to ten days, or step back by up to an hour.
    let seconds = prop_oneof![6 => 0..40, 1 => 0..10 * DAY, 2 => -3600..0];
    let kill = || proptest::option::weighted(0.3, 0..8_u8);
    prop_oneof![
        8 => (proptest::collection::vec(batch(), 1..4), end())
            .prop_map(|(batches, end)| Operation::Append { batches, end }),
        3 => end().prop_map(|end| Operation::Retry { end }),
        1 => Just(Operation::Crash),
        2 => Just(Operation::Evict),
        7 => (kill(), proptest::option::weighted(0.25, 0..4_u8)).prop_map(
            |(killed_after, erased_meanwhile)| Operation::Alarm { killed_after, erased_meanwhile }
        ),
        2 => proptest::collection::vec(mood(), 1..4).prop_map(Operation::Sink),
        1 => Just(Operation::Cure),
        2 => Just(Operation::Replay),
        1 => (0..4_u8, kill())
            .prop_map(|(producer, killed_after)| Operation::Erase { producer, killed_after }),
        3 => seconds.prop_map(|seconds| Operation::Clock { seconds }),
    ]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        6 => Just(End::Answered),
        2 => Just(End::AnswerLost),
        1 => Just(End::KilledBefore),
        1 => Just(End::KilledAfter),
    ]
}

fn mood() -> impl Strategy<Value = Mood> {
    prop_oneof![
        4 => Just(Mood::Well),
        1 => Just(Mood::Failing),
        1 => Just(Mood::KeepsAndHangsUp),
        1 => Just(Mood::Hanging),
        1 => Just(Mood::Locked),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    (
        0..4_u8,
        1..60_u64,
        1..8_u64,
        prop_oneof![3 => Just(0_u64), 1 => 2..5_u64],
        proptest::bool::weighted(0.2),
    )
        .prop_map(|(producer, from, len, refused, is_reversed)| Batch {
            producer,
            from,
            len,
            refused,
            is_reversed,
        })
}

//! Shard, project and sink, simulated: whatever happens in whatever order, the invariants of ARCHITECTURE.md hold.
//!
//! The pure functions are the collector's own; storage is a model that keeps what a transaction wrote. A sequence that
//! fails is printed by proptest after it has been made small; it goes into `regressions.rs`.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub, reason = "tests")]

mod alarm;
mod check;
mod items;
mod operations;
mod outbox;
mod regressions;
mod shard;
mod sink;
mod world;

use hearback_collector::objects::delivery::IN_FLIGHT;
use operations::{Batch, End, Mood, Operation, operation};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use world::{Broken, World};

/// Sequences of one run.
const SEQUENCES: u32 = 10_000;

/// A mistake that the shell could have. The simulation has to find each, or it could find none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    AnsweredBeforeTheCommit,
    WindowsForgottenOnWaking,
    CountsBeforeCursor,
    SealedAnewEachTime,
    /// The sink's position is written without the delivery that keeps the range.
    SealedBeforeKept,
    /// A delivery counts as done before the sink has answered.
    DoneBeforeTheAnswer,
    /// An attempt's end is written twice.
    SettledTwice,
    /// The halves of a poisoned delivery are written one by one, and one of them is not.
    HalfOfAPair,
    /// What expired stays open.
    ExpiredAndStillOpen,
    /// A letter that is delivered stays among the dead.
    RaisedAndStillDead,
    /// What was erased on its way to the sink is kept as a letter.
    LetterOfTheErased,
}

/// All of them.
const FLAWS: [Flaw; 11] = [
    Flaw::AnsweredBeforeTheCommit,
    Flaw::WindowsForgottenOnWaking,
    Flaw::CountsBeforeCursor,
    Flaw::SealedAnewEachTime,
    Flaw::SealedBeforeKept,
    Flaw::DoneBeforeTheAnswer,
    Flaw::SettledTwice,
    Flaw::HalfOfAPair,
    Flaw::ExpiredAndStillOpen,
    Flaw::RaisedAndStillDead,
    Flaw::LetterOfTheErased,
];

fn run(operations: &[Operation], flaw: Flaw) -> Result<(), Broken> {
    let mut world = World::new(flaw);
    operations
        .iter()
        .try_for_each(|operation| world.step(operation))?;
    world.settle()
}

fn simulate(runner: &mut TestRunner, flaw: Flaw) -> Result<(), String> {
    let sequences = proptest::collection::vec(operation(), 1..30);
    let outcome = runner.run(&sequences, |operations| {
        run(&operations, flaw).map_err(TestCaseError::fail)
    });
    outcome.map_err(|error| error.to_string())
}

fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    }
}

#[test]
fn whatever_happens_in_whatever_order_nothing_is_lost_and_nothing_is_there_twice() {
    simulate(&mut TestRunner::new(config(SEQUENCES)), Flaw::None).unwrap_or_else(|broken| panic!("{broken}"));
}

#[test]
fn a_shell_with_a_flaw_is_found_out() {
    let is_missed = |flaw: &Flaw| {
        // The same sequences in every run: whether a flaw is found is no matter of luck.
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(
            Config {
                max_shrink_iters: 0,
                ..config(SEQUENCES)
            },
            rng,
        );
        simulate(&mut runner, *flaw).is_ok()
    };
    let missed: Vec<Flaw> = FLAWS.into_iter().filter(is_missed).collect();
    assert_eq!(missed, [], "flaws that were not found");
}

#[test]
fn a_sink_that_is_down_for_an_hour_is_asked_ever_less_often_and_then_gets_everything() {
    let mut world = World::new(Flaw::None);
    let mut step = |operation| world.step(&operation).unwrap();
    step(Operation::Sink(vec![Mood::Failing]));
    for minute in 0..60 {
        let batch = Batch {
            producer: 0,
            from: minute * 7 + 1,
            len: 7,
            refused: 0,
            is_reversed: false,
        };
        step(Operation::Append {
            batches: vec![batch],
            end: End::Answered,
        });
        // The alarm may ring whenever it likes: the pause is kept all the same.
        for _ in 0..60 {
            step(Operation::Alarm {
                killed_after: None,
                erased_meanwhile: None,
            });
            step(Operation::Clock { seconds: 1 });
        }
    }
    let (kept, attempts) = world.sink.counts();
    assert_eq!((kept, world.backlog()), (0, 420));
    // Each of the few that are in flight is asked for about twice as late as before, up to five minutes.
    let open = world.shard.disk.outbox.ranges().count();
    assert_eq!(open, IN_FLIGHT);
    assert!(
        (10 * open..=30 * open).contains(&attempts),
        "{attempts} attempts in an hour"
    );
    world.settle().unwrap();
    let (kept, all) = world.sink.counts();
    assert_eq!(world.sink.ids().unwrap().len(), 420);
    assert!(kept <= IN_FLIGHT + 1, "{kept} deliveries");
    assert_eq!(all - attempts, kept, "each arrives at the first try");
}

#[test]
fn sequences_that_failed_once_hold() {
    for (why, operations) in regressions::all() {
        run(&operations, Flaw::None).unwrap_or_else(|broken| panic!("{why}: {broken}"));
    }
}

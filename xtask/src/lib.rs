//! Builds, runs, tests, measures and checks Hearback.

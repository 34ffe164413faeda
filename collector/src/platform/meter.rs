//! What Cloudflare bills, counted for `cargo xtask bench cost`: requests, alarms, and the rows that SQLite says each
//! statement read and wrote. It exists only in a build with the feature `bench`; in every other one what stands here
//! is nothing.

#[cfg(not(feature = "bench"))]
mod counting {
    use worker::SqlCursor;

    pub(in super::super) fn request() {}
    pub(in super::super) fn object_request() {}
    pub(in super::super) fn alarm_set() {}
    pub(in super::super) fn statement(_statement: &str, _cursor: &SqlCursor) {}

    pub(in super::super) struct Alarm;

    pub(in super::super) fn alarm() -> Alarm {
        Alarm
    }
}

#[cfg(feature = "bench")]
mod counting {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use hearback_shared::UnixMillis;
    use serde::Serialize;
    use worker::SqlCursor;

    use super::super::clock;

    /// Everything since the start of the process: on one machine all objects share one instance of this module.
    #[derive(Clone, Default, Serialize)]
    pub(in super::super) struct Counts {
        requests: u64,
        object_requests: u64,
        alarms: u64,
        /// How long alarms took, added up.
        alarm_ms: UnixMillis,
        alarms_set: u64,
        /// Runs, rows read and rows written by statement.
        statements: BTreeMap<String, [u64; 3]>,
    }

    thread_local! {
        static COUNTS: RefCell<Counts> = RefCell::default();
    }

    pub(in super::super) fn counts() -> Counts {
        COUNTS.with_borrow(Clone::clone)
    }

    pub(in super::super) fn request() {
        COUNTS.with_borrow_mut(|counts| counts.requests += 1);
    }

    pub(in super::super) fn object_request() {
        COUNTS.with_borrow_mut(|counts| counts.object_requests += 1);
    }

    pub(in super::super) fn alarm_set() {
        COUNTS.with_borrow_mut(|counts| counts.alarms_set += 1);
    }

    /// After all rows of the answer were taken.
    pub(in super::super) fn statement(statement: &str, cursor: &SqlCursor) {
        COUNTS.with_borrow_mut(|counts| {
            let sums = counts.statements.entry(statement.to_owned()).or_default();
            sums[0] += 1;
            sums[1] += cursor.rows_read() as u64;
            sums[2] += cursor.rows_written() as u64;
        });
    }

    /// An alarm that runs until this is dropped.
    pub(in super::super) struct Alarm(UnixMillis);

    pub(in super::super) fn alarm() -> Alarm {
        COUNTS.with_borrow_mut(|counts| counts.alarms += 1);
        Alarm(clock::now())
    }

    impl Drop for Alarm {
        fn drop(&mut self) {
            let took = clock::now().saturating_sub(self.0);
            COUNTS.with_borrow_mut(|counts| counts.alarm_ms += took);
        }
    }
}

pub(super) use counting::*;

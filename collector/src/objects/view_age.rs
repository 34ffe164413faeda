//! How long the edge may go by what it knows of a project. Revoking a key is promised to work within 60 s.

use hearback_shared::UnixMillis;

/// From this age on it is asked for again, while the old one is still used.
const REFRESH_MS: UnixMillis = 30_000;

/// From this age on a request waits for the new one: five seconds before the promise, since the answer takes time.
const BLOCK_MS: UnixMillis = 55_000;

/// Where the project object does not answer, the old one is better than none for this long.
const STALE_MS: UnixMillis = 10 * 60 * 1000;

/// What to do with a view of some age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewUse {
    /// Use it.
    Fresh,
    /// Use it and ask for a new one behind the answer.
    RefreshBehind,
    /// Ask first; use the old one only where nothing is answered.
    AskFirst,
    /// It is too old to be used at all.
    Useless,
}

/// What to do with a view that was made at `made_at`. One from the future (a clock that stepped back) is not trusted.
pub fn view_use(made_at: UnixMillis, now: UnixMillis) -> ViewUse {
    match now.checked_sub(made_at) {
        Some(age) if age < REFRESH_MS => ViewUse::Fresh,
        Some(age) if age < BLOCK_MS => ViewUse::RefreshBehind,
        None => ViewUse::AskFirst,
        Some(age) if age < STALE_MS => ViewUse::AskFirst,
        Some(_) => ViewUse::Useless,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_view_older_than_a_minute_is_used_while_the_project_answers() {
        assert_eq!(view_use(1_000, 1_000), ViewUse::Fresh);
        assert_eq!(view_use(1_000, 32_000), ViewUse::RefreshBehind);
        for age in 55_000..61_000 {
            assert_eq!(view_use(1_000, 1_000 + age), ViewUse::AskFirst);
        }
        assert_eq!(view_use(1_000, 601_000), ViewUse::Useless);
        assert_eq!(view_use(1_000, 999), ViewUse::AskFirst);
    }
}

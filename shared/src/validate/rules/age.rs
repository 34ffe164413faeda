//! No item outlives the window that recognises its repeats.

use crate::UnixMillis;
use crate::producer::Producer;
use crate::rejection::{Rejection, RejectionCode};

pub(in crate::validate) fn age(producer: Option<&Producer>, now: UnixMillis) -> Result<(), Rejection> {
    match producer {
        Some(producer) if producer.is_too_old(now) => Err(Rejection::item(
            RejectionCode::TooOld,
            "The page that made this item was loaded over 29 days ago",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_be_29_days_old_and_a_server_has_no_age() {
        const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;
        let now = 1_795_000_000_000;
        let born = |days| Producer::new(now - days * DAY_MS, [0; 12]);
        assert!(age(Some(&born(29)), now).is_ok());
        assert!(age(Some(&born(30)), now).is_err());
        assert!(age(None, now).is_ok());
    }
}

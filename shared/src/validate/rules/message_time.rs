//! A page says with its producer how old its items can be, a server with each item's `at`: no repeat comes after the
//! item's id was forgotten.

use crate::UnixMillis;
use crate::item::Item;
use crate::limits::{MESSAGE_AGE_DAYS, MESSAGE_AHEAD_DAYS};
use crate::rejection::{Rejection, RejectionCode};

const DAY_MS: UnixMillis = 24 * 60 * 60 * 1000;

/// By the sender's own clock, corrected by nothing: a batch that is sent again as it was says what it said before.
pub(in crate::validate) fn message_time(item: &Item, now: UnixMillis) -> Result<(), Rejection> {
    if item.key.message().is_none() {
        return Ok(());
    }
    if now.saturating_sub(item.at) > UnixMillis::from(MESSAGE_AGE_DAYS) * DAY_MS {
        return Err(Rejection::field(
            RejectionCode::TooOld,
            "at",
            "at is when it happened, in milliseconds since 1970, and at most 29 days ago: an older repeat would not be recognised",
        ));
    }
    if item.at.saturating_sub(now) > UnixMillis::from(MESSAGE_AHEAD_DAYS) * DAY_MS {
        return Err(Rejection::field(
            RejectionCode::InTheFuture,
            "at",
            "at is when it happened, in milliseconds since 1970, and at most a day ahead of our clock",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Event, ItemBody, ItemKey, Props};

    const NOW: UnixMillis = 1_795_000_000_000;

    fn judged(key: ItemKey, at: UnixMillis) -> Option<RejectionCode> {
        let body = ItemBody::Event(Event {
            name: "a".into(),
            props: Props::new(),
        });
        let item = Item {
            key,
            at,
            url: None,
            body,
        };
        message_time(&item, NOW).err().map(|rejection| rejection.code)
    }

    #[test]
    fn a_message_is_taken_from_29_days_ago_to_a_day_from_now() {
        let id = || ItemKey::Message("a".parse().expect("an id"));
        for (at, code) in [
            (0, Some(RejectionCode::TooOld)),
            (NOW - 29 * DAY_MS - 1, Some(RejectionCode::TooOld)),
            (NOW - 29 * DAY_MS, None),
            (NOW, None),
            (NOW + DAY_MS, None),
            (NOW + DAY_MS + 1, Some(RejectionCode::InTheFuture)),
        ] {
            assert_eq!(judged(id(), at), code, "{at}");
        }
    }

    #[test]
    fn a_pages_item_is_as_old_as_its_page() {
        assert_eq!(judged(ItemKey::Seq(1), 0), None);
    }
}

//! The time and whether somebody is looking, as state.

use hearback_shared::UnixMillis;
use yew::prelude::*;

use crate::browser::{dates, page, timer};

/// How often "3 min ago" is looked at again.
const TICK_MS: u32 = 20_000;

/// The time, to about twenty seconds.
#[hook]
pub(crate) fn use_now() -> UnixMillis {
    let now = use_state(dates::now);
    use_effect_with((), {
        let set = now.setter();
        move |()| {
            let ticks = timer::every(TICK_MS, move || set.set(dates::now()));
            move || drop(ticks)
        }
    });
    *now
}

/// Whether somebody can see the page.
#[hook]
pub(crate) fn use_visible() -> bool {
    let visible = use_state(page::is_visible);
    use_effect_with((), {
        let set = visible.setter();
        move |()| {
            let listeners = page::on_visibility(move |visible| set.set(visible));
            move || drop(listeners)
        }
    });
    *visible
}

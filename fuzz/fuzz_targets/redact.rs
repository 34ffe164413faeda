//! Any text: redaction never panics, a second pass changes nothing, and the look whether it is worth it is right.
#![no_main]

use hearback_shared::redact;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = redact::text(text).into_owned();
    assert_eq!(redact::text(&once), once, "{text:?}");
    if !redact::may_hold_secret(text) {
        assert_eq!(once, text);
    }
    let address = redact::address(text);
    assert_eq!(redact::address(&address), address, "{text:?}");
});

//! Any text as a key, token or receipt: reading it never panics, and nobody guesses one.
#![no_main]

use hearback_collector::signing::SigningKeys;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let keys = SigningKeys::parse("a:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE").expect("a key");
    assert!(keys.project_of_key(text).is_none(), "{text:?}");
    assert!(keys.project_of_token(text).is_none(), "{text:?}");
    assert!(keys.project_of_attachment(text).is_none(), "{text:?}");
    assert!(keys.verify_receipt(text).is_none(), "{text:?}");
    let _ = SigningKeys::parse(text);
});

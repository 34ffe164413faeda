//! Any JSON as a question: reading it never panics, and what is taken for one can be split, aligned and written.
#![no_main]

use hearback_shared::query::Question;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = serde_json::from_slice(bytes) else {
        return;
    };
    if let Ok(question) = Question::parse(&body, 1_795_000_000_000) {
        let aligned = question.aligned();
        assert_eq!(aligned.aligned(), aligned);
        let _ = (aligned.parts(), aligned.spans(), aligned.bodies());
        let json = serde_json::to_value(&question).expect("JSON");
        serde_json::from_value::<Question>(json).expect("a question reads back");
    }
});

//! A delivery as one HTTP request, signed by Standard Webhooks
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearback_shared::UnixMillis;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long a sink may take to answer.
pub const TIMEOUT_MS: u64 = 30_000;

/// The headers of a delivery. The time is the attempt's: receivers refuse old ones as replays.
pub fn headers(secret: &[u8], id: &str, now: UnixMillis, body: &str) -> [(&'static str, String); 4] {
    let seconds = now / 1000;
    [
        ("content-type", "application/x-ndjson".to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signature(secret, id, seconds, body)),
    ]
}

fn signature(secret: &[u8], id: &str, seconds: u64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Whether an answer means that the sink has the delivery.
pub fn is_delivered(status: u16) -> bool {
    (200..300).contains(&status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_of_the_specifications_example() {
        // From the reference implementations' tests.
        let secret = STANDARD
            .decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .expect("base64");
        let signed = signature(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn only_a_2xx_counts_as_delivered() {
        assert!(is_delivered(200) && is_delivered(204));
        assert!(!is_delivered(302) && !is_delivered(404) && !is_delivered(503) && !is_delivered(101));
    }
}

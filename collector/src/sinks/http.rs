//! A delivery as one HTTP request, signed by Standard Webhooks
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearback_shared::UnixMillis;
use hearback_shared::guard::{self, Leads, Reach, Refusal};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Outlet, Parcel, SinkRequest};

/// A receiver of webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSink {
    /// `https://…`
    pub url: String,
    /// Signs each delivery.
    pub secret: Vec<u8>,
    /// How far it may reach.
    pub reach: Reach,
}

impl HttpSink {
    /// Whether a text is a web address with a host.
    pub fn is_address(url: &str) -> bool {
        let has_host = ["https://", "http://"].iter().any(|scheme| {
            url.strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        });
        has_host && !url.contains(char::is_whitespace)
    }

    /// Reads `whsec_` and 24 to 64 bytes in base64.
    pub fn read_secret(text: &str) -> Option<Vec<u8>> {
        text.strip_prefix("whsec_")
            .and_then(|rest| STANDARD.decode(rest).ok())
            .filter(|bytes| (24..=64).contains(&bytes.len()))
    }

    /// The request that hands over a delivery. Its address is judged each time: what was kept may be older than the
    /// guard.
    pub fn request(&self, parcel: &Parcel, now: UnixMillis) -> Result<SinkRequest, Refusal> {
        let outlet = match guard::webhook(&self.url, self.reach)? {
            Leads::Out => Outlet::Public,
            Leads::Home => Outlet::Opened,
        };
        Ok(SinkRequest {
            method: "POST",
            url: self.url.clone(),
            outlet,
            headers: headers(&self.secret, &parcel.id, now, &parcel.body).into(),
            body: parcel.body.clone().into_bytes(),
        })
    }
}

/// The headers of a delivery. The time is the attempt's: receivers refuse old ones as replays.
fn headers(secret: &[u8], id: &str, now: UnixMillis, body: &str) -> [(&'static str, String); 4] {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_leaves_by_the_public_outlet_or_not_at_all() {
        let parcel = Parcel {
            id: "dlv_x".into(),
            project: "shop".parse().expect("a project"),
            received_at: 0,
            body: "{}\n".into(),
        };
        let outlet = |url: &str, reach| {
            let sink = HttpSink {
                url: url.into(),
                secret: vec![1; 24],
                reach,
            };
            sink.request(&parcel, 0).map(|request| request.outlet)
        };
        assert_eq!(outlet("https://a.example/in", Reach::Public), Ok(Outlet::Public));
        assert_eq!(
            outlet("https://127.0.0.1/in", Reach::Public),
            Err(Refusal::Loopback)
        );
        assert_eq!(outlet("http://127.0.0.1/in", Reach::Loopback), Ok(Outlet::Opened));
        assert_eq!(
            outlet("https://a.example/in", Reach::Loopback),
            Ok(Outlet::Public)
        );
        assert_eq!(
            outlet("https://10.0.0.1/in", Reach::Loopback),
            Err(Refusal::Private)
        );
    }

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
}

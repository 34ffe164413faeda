//! Any store that speaks S3: one gzipped object a delivery, put with a presigned address (AWS Signature Version 4).

use std::time::Duration;

use hearback_shared::UnixMillis;
use jiff::Timestamp;
use rusty_s3::actions::S3Action;
use rusty_s3::{Bucket, Credentials, UrlStyle};

use super::{Parcel, SinkRequest};

/// How long a presigned address is valid: an attempt ends long before.
const VALID: Duration = Duration::from_secs(5 * 60);

/// A bucket and who may write to it.
#[derive(Clone, Debug)]
pub struct S3Sink {
    bucket: Bucket,
    credentials: Credentials,
    /// Before every object's name; empty or ending in `/`.
    prefix: String,
}

impl PartialEq for S3Sink {
    fn eq(&self, other: &Self) -> bool {
        self.bucket == other.bucket && self.prefix == other.prefix
    }
}

impl Eq for S3Sink {}

impl S3Sink {
    /// A bucket at `endpoint`. Its name goes into the path, which every store understands.
    pub fn new(
        endpoint: &str,
        bucket: String,
        region: String,
        key: String,
        secret: String,
        prefix: &str,
    ) -> Option<Self> {
        let bucket = Bucket::new(endpoint.parse().ok()?, UrlStyle::Path, bucket, region).ok()?;
        let prefix = match prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        Some(Self {
            bucket,
            credentials: Credentials::new(key, secret),
            prefix,
        })
    }

    /// The request that puts a delivery's object.
    pub fn request(&self, parcel: &Parcel, now: UnixMillis) -> SinkRequest {
        let object = format!("{}{}", self.prefix, parcel.object_name());
        let at = i64::try_from(now)
            .ok()
            .and_then(|ms| Timestamp::from_millisecond(ms).ok())
            .unwrap_or_default();
        let url = self
            .bucket
            .put_object(Some(&self.credentials), &object)
            .sign_with_time(VALID, &at);
        SinkRequest {
            method: "PUT",
            url: url.into(),
            headers: vec![("content-type", "application/gzip".to_owned())],
            body: parcel.gzipped(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_put_under_its_own_name_with_a_signature_of_the_hour() {
        let sink = S3Sink::new(
            "https://s3.example",
            "lake".into(),
            "eu-1".into(),
            "AK".into(),
            "SK".into(),
            "/raw/",
        )
        .expect("a sink");
        let parcel = Parcel {
            id: "dlv_x".into(),
            project: "shop".parse().expect("a project"),
            received_at: 0,
            body: "{}\n".into(),
        };
        let request = sink.request(&parcel, 1_795_003_600_000);
        assert!(
            request
                .url
                .starts_with("https://s3.example/lake/raw/shop/1970-01-01/00/dlv_x.ndjson.gz?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20261118%2Feu-1%2Fs3%2Faws4_request&"),
            "{}",
            request.url
        );
        assert!(!request.url.contains("SK"));
        // Sent again it has the same place and the same bytes.
        let again = sink.request(&parcel, 1_795_003_700_000);
        assert_eq!(request.url.split('?').next(), again.url.split('?').next());
        assert_eq!(request.body, again.body);
    }

    #[test]
    fn an_endpoint_that_is_no_web_address_is_none() {
        for bad in ["s3.example", "ftp://s3.example", ""] {
            assert_eq!(
                S3Sink::new(bad, "b".into(), "r".into(), "k".into(), "s".into(), ""),
                None,
                "{bad}"
            );
        }
    }
}

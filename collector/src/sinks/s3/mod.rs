//! Any store that speaks S3: one gzipped object a delivery, put with AWS Signature Version 4. The same delivery has the
//! same key and the same bytes, so a repeat overwrites itself.

mod answer;
mod setting;
mod sigv4;

use hearback_shared::UnixMillis;

pub use answer::judge;
pub use setting::S3Setting;

use self::sigv4::{Signer, Unsigned, sha256};
use super::date::Utc;
use super::{OBJECT_TYPE, Outlet, Parcel, SinkRequest};

/// A bucket and who may write to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Sink {
    /// `https` or `http`.
    scheme: &'static str,
    /// As the header `host` has it.
    host: String,
    /// What stands before an object's name: begins and ends with `/`.
    base: String,
    region: String,
    access_key: String,
    secret_key: String,
}

impl S3Sink {
    /// The request that puts a delivery's object.
    pub fn request(&self, parcel: &Parcel, now: UnixMillis) -> SinkRequest {
        let body = parcel.gzipped();
        let body_hash = sha256(&body);
        let path = format!("{}{}", self.base, parcel.object_name());
        let time = Utc::at(now).basic();
        let signer = Signer {
            access_key: &self.access_key,
            secret_key: &self.secret_key,
            region: &self.region,
            service: "s3",
        };
        let authorization = signer.authorization(
            &Unsigned {
                method: "PUT",
                path: &path,
                headers: &[
                    ("content-type", OBJECT_TYPE),
                    ("host", &self.host),
                    ("x-amz-content-sha256", &body_hash),
                    ("x-amz-date", &time),
                ],
                body_hash: &body_hash,
            },
            &time,
        );
        SinkRequest {
            method: "PUT",
            url: format!("{}://{}{path}", self.scheme, self.host),
            outlet: Outlet::Opened,
            headers: vec![
                ("authorization", authorization),
                ("content-type", OBJECT_TYPE.to_owned()),
                ("x-amz-content-sha256", body_hash),
                ("x-amz-date", time),
            ],
            body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn setting() -> S3Setting {
        S3Setting {
            endpoint: "https://s3.example".into(),
            bucket: "lake".into(),
            region: "eu-1".into(),
            access_key: "AK".into(),
            secret_key: "SK".into(),
            prefix: "/raw/".into(),
            path_style: true,
        }
    }

    fn request(setting: S3Setting, now: UnixMillis) -> SinkRequest {
        let parcel = Parcel {
            id: "dlv_x".into(),
            project: "shop".parse().expect("a project"),
            received_at: 0,
            body: "{}\n".into(),
        };
        S3Sink::read(setting).expect("a sink").request(&parcel, now)
    }

    fn url(change: impl FnOnce(&mut S3Setting)) -> String {
        let mut setting = setting();
        change(&mut setting);
        request(setting, 0).url
    }

    #[test]
    fn an_object_is_put_under_its_own_name_with_a_signature_of_the_second() {
        let first = request(setting(), 1_795_003_600_000);
        assert_eq!(
            first.url,
            "https://s3.example/lake/raw/shop/1970-01-01/00/dlv_x.ndjson.gz"
        );
        let (name, value) = &first.headers[0];
        assert_eq!(*name, "authorization");
        assert!(
            value.starts_with("AWS4-HMAC-SHA256 Credential=AK/20261118/eu-1/s3/aws4_request,SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date,Signature="),
            "{value}"
        );
        assert!(!format!("{:?}", first.headers).contains("SK"));
        // Sent again it has the same place and the same bytes.
        let again = request(setting(), 1_795_003_700_000);
        assert_eq!((&first.url, &first.body), (&again.url, &again.body));
        assert_ne!(first.headers, again.headers);
    }

    #[test]
    fn the_bucket_stands_in_the_path_or_in_the_host() {
        let object = "shop/1970-01-01/00/dlv_x.ndjson.gz";
        let check = |url: String, place: &str| assert_eq!(url, format!("{place}{object}"));
        check(url(|s| s.path_style = false), "https://lake.s3.example/raw/");
        check(url(|s| s.prefix.clear()), "https://s3.example/lake/");
        check(
            url(|s| s.endpoint = "http://127.0.0.1:9000/".into()),
            "http://127.0.0.1:9000/lake/raw/",
        );
        check(
            url(|s| s.endpoint = "https://A.example:443/storage/v1/s3".into()),
            "https://a.example/storage/v1/s3/lake/raw/",
        );
    }
}

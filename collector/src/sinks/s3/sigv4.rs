//! AWS Signature Version 4
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>), as far as a request
//! without a query needs it. `rusty-s3` does more and weighs more: see *Where this differs* in ARCHITECTURE.md.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Who signs, and for which service.
#[derive(Clone, Copy)]
pub(super) struct Signer<'a> {
    pub access_key: &'a str,
    pub secret_key: &'a str,
    pub region: &'a str,
    pub service: &'a str,
}

/// A request as it is signed.
#[derive(Clone, Copy)]
pub(super) struct Unsigned<'a> {
    pub method: &'a str,
    /// Encoded as it is sent.
    pub path: &'a str,
    /// What is signed besides: names in lower case and in order, `host` among them, values
    /// without space around them.
    pub headers: &'a [(&'a str, &'a str)],
    /// SHA-256 of the body in hexadecimal.
    pub body_hash: &'a str,
}

impl Signer<'_> {
    /// The value of `authorization`. `time` is `20130524T000000Z`.
    pub(super) fn authorization(&self, request: &Unsigned<'_>, time: &str) -> String {
        let date = &time[..8];
        let Self { region, service, .. } = self;
        let scope = format!("{date}/{region}/{service}/aws4_request");
        let names: Vec<&str> = request.headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let canonical = canonical(request, &names);
        let to_sign = format!(
            "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
            sha256(canonical.as_bytes())
        );

        let first = format!("AWS4{}", self.secret_key);
        let key = [date, region, service, "aws4_request"]
            .iter()
            .fold(first.into_bytes(), |key, part| mac(&key, part));
        let signature = hex(&mac(&key, &to_sign));
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}",
            self.access_key
        )
    }
}

fn canonical(request: &Unsigned<'_>, names: &str) -> String {
    let headers = request.headers.iter().fold(String::new(), |text, (name, value)| {
        text + name + ":" + value + "\n"
    });
    let Unsigned {
        method,
        path,
        body_hash,
        ..
    } = request;
    format!("{method}\n{path}\n\n{headers}\n{names}\n{body_hash}")
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String does not fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(signer: Signer<'_>, request: &Unsigned<'_>, time: &str, signature: &str) {
        let header = signer.authorization(request, time);
        let found = header.split("Signature=").nth(1).expect("a signature");
        assert_eq!(found, signature, "{header}");
    }

    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>
    #[test]
    fn the_signatures_are_those_of_the_examples_for_s3() {
        let signer = Signer {
            access_key: "AKIAIOSFODNN7EXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "s3",
        };
        let host = ("host", "examplebucket.s3.amazonaws.com");
        let date = ("x-amz-date", "20130524T000000Z");
        let body_hash = sha256(b"Welcome to Amazon S3.");
        let put = Unsigned {
            method: "PUT",
            path: "/test%24file.text",
            headers: &[
                ("date", "Fri, 24 May 2013 00:00:00 GMT"),
                host,
                ("x-amz-content-sha256", &body_hash),
                date,
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            body_hash: &body_hash,
        };
        let expect = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd";
        check(signer, &put, date.1, expect);

        let empty = sha256(b"");
        let get = Unsigned {
            method: "GET",
            path: "/test.txt",
            headers: &[
                host,
                ("range", "bytes=0-9"),
                ("x-amz-content-sha256", &empty),
                date,
            ],
            body_hash: &empty,
        };
        let expect = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
        check(signer, &get, date.1, expect);
    }

    /// From AWS's test suite for the signature: `get-vanilla`, `post-vanilla`, `post-header-key-sort`.
    #[test]
    fn the_signatures_are_those_of_the_test_suite() {
        let signer = Signer {
            access_key: "AKIDEXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
            service: "service",
        };
        let time = "20150830T123600Z";
        let (host, date) = (("host", "example.amazonaws.com"), ("x-amz-date", time));
        let empty = sha256(b"");
        let request = |method: &str, headers: &[(&str, &str)], expect: &str| {
            let request = Unsigned {
                method,
                path: "/",
                headers,
                body_hash: &empty,
            };
            check(signer, &request, time, expect);
        };
        request(
            "GET",
            &[host, date],
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        );
        request(
            "POST",
            &[host, date],
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        );
        request(
            "POST",
            &[host, ("my-header1", "value1"), date],
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
        );
    }
}

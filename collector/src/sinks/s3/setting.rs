//! The sink as an operator writes it down.

use super::S3Sink;
use crate::sinks::HttpSink;
use crate::sinks::fields::Fields;

/// Characters of a prefix; a key may have 1,024 bytes and ours needs 100.
const PREFIX_CHARS: usize = 256;

/// The sink as it stands in the setting `SINKS`.
#[derive(Clone, Debug)]
pub struct S3Setting {
    pub(super) endpoint: String,
    pub(super) bucket: String,
    pub(super) region: String,
    pub(super) access_key: String,
    pub(super) secret_key: String,
    pub(super) prefix: String,
    /// Every store understands it; some of AWS's own features want the bucket in the host.
    pub(super) path_style: bool,
}

impl S3Setting {
    /// Takes it out of what is written down.
    pub fn of(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            endpoint: fields.needed("endpoint")?,
            bucket: fields.needed("bucket")?,
            region: fields.needed("region")?,
            access_key: fields.needed("access_key")?,
            secret_key: fields.needed("secret_key")?,
            prefix: fields.text("prefix")?.unwrap_or_default(),
            path_style: fields.switch("path_style")?.unwrap_or(true),
        })
    }
}

impl S3Sink {
    /// Reads the setting; the mistake names the field.
    pub fn read(setting: S3Setting) -> Result<Self, &'static str> {
        const ENDPOINT: &str = "endpoint is https://host, without a query: the bucket has a field of its own";
        let (scheme, rest) = match setting.endpoint.split_once("://") {
            Some(("https", rest)) => ("https", rest),
            Some(("http", rest)) => ("http", rest),
            _ => return Err("endpoint starts with https:// or http://"),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        // The runtime drops a scheme's own port, and what is signed is what is sent.
        let port = if scheme == "https" { ":443" } else { ":80" };
        let authority = authority
            .strip_suffix(port)
            .unwrap_or(authority)
            .to_ascii_lowercase();
        if !HttpSink::is_address(&setting.endpoint)
            || !authority.bytes().all(is_of_host)
            || !is_path(path.trim_matches('/'))
        {
            return Err(ENDPOINT);
        }
        if !is_bucket(&setting.bucket) {
            return Err("bucket is 3 to 63 of a-z, 0-9, - and .");
        }
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        if !is_word(&setting.region) || setting.region.contains('/') {
            return Err(
                "region is a name such as eu-central-1; stores without regions take us-east-1 or auto",
            );
        }
        if !is_word(&setting.access_key) || !is_word(&setting.secret_key) {
            return Err("access_key and secret_key are needed, without spaces");
        }
        let prefix = setting.prefix.trim_matches('/');
        if prefix.len() > PREFIX_CHARS || !is_path(prefix) {
            return Err("prefix is folders of letters, digits, `.`, `_` and `-`, separated by /");
        }
        let bucket = setting.bucket;
        let (host, in_path) = if setting.path_style {
            (authority, bucket.as_str())
        } else {
            (format!("{bucket}.{authority}"), "")
        };
        let folders = [path.trim_matches('/'), in_path, prefix];
        let base = folders.iter().filter(|folder| !folder.is_empty());
        Ok(Self {
            scheme,
            host,
            base: base.fold("/".to_owned(), |base, folder| base + folder + "/"),
            region: setting.region,
            access_key: setting.access_key,
            secret_key: setting.secret_key,
        })
    }
}

fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte)
}

/// Whether a path needs no encoding and stays where it is: nothing that is empty, `.` or `..`.
fn is_path(path: &str) -> bool {
    let is_folder = |folder: &str| {
        !matches!(folder, "" | "." | "..")
            && folder
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    path.is_empty() || path.split('/').all(is_folder)
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn is_bucket(name: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let is_end = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().copied().all(is_inner)
        && is_end(bytes.first())
        && is_end(bytes.last())
        && !name.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sinks::s3::tests::setting;

    #[test]
    fn a_mistake_is_named_by_its_field() {
        #[track_caller]
        fn check(change: impl FnOnce(&mut S3Setting), field: &str) {
            let mut setting = setting();
            change(&mut setting);
            let wrong = S3Sink::read(setting).expect_err(field);
            assert!(wrong.contains(field), "{wrong}");
        }
        for bad in [
            "s3.example",
            "ftp://s3.example",
            "https://",
            "https://a b",
            "https://user@s3.example",
            "https://s3.example/a?b",
            "https://s3.example/../b",
        ] {
            check(|s| s.endpoint = bad.into(), "endpoint");
        }
        for bad in ["", "ab", "Lake", "a/b", "-lake", "la..ke"] {
            check(|s| s.bucket = bad.into(), "bucket");
        }
        check(|s| s.region.clear(), "region");
        check(|s| s.secret_key.clear(), "secret_key");
        for bad in ["a//b", "../a", "a b", "ä"] {
            check(|s| s.prefix = bad.into(), "prefix");
        }
    }
}

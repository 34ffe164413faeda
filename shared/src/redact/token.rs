//! Tokens and keys in running text, and values that a word before them calls secret.

use super::secret::{begins_dotted_key, is_base64, is_key, is_token_byte, looks_secret};
use super::span::{Span, follows_word};

/// Bytes by which a value that something calls secret is judged.
const VALUE_BYTES: usize = 4_096;
/// Bytes of the longest key with dots in it.
const KEY_BYTES: usize = 512;

/// What people and programs call a secret, in lower case and without `_` and `-`.
const LABELS: [&str; 26] = [
    "password",
    "passwd",
    "passwort",
    "kennwort",
    "passphrase",
    "pwd",
    "secret",
    "clientsecret",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "sessiontoken",
    "apikey",
    "xapikey",
    "apisecret",
    "secretkey",
    "accesskey",
    "privatekey",
    "sessionid",
    "jsessionid",
    "phpsessid",
    "otp",
    "cvv",
    "cvc",
];

/// Those of them that also name a property whose value is a secret.
const PROPS: [&str; 22] = [
    "password",
    "passwd",
    "passwort",
    "kennwort",
    "passphrase",
    "pwd",
    "secret",
    "clientsecret",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "apikey",
    "xapikey",
    "apisecret",
    "secretkey",
    "privatekey",
    "authorization",
    "cookie",
    "cvv",
    "cvc",
];

/// Whether a property of this name holds a secret whatever it looks like. Asked for every property, so nothing is
/// written down for it.
pub(super) fn names_secret(prop: &str) -> bool {
    let mut name = prop
        .bytes()
        .filter(|byte| !matches!(byte, b'_' | b'-' | b' ' | b'.'))
        .map(|byte| byte.to_ascii_lowercase());
    let start = [name.next(), name.next()].map(Option::unwrap_or_default);
    PROPS
        .iter()
        .map(|label| label.as_bytes())
        .any(|label| label[..2] == start && name.clone().eq(label[2..].iter().copied()))
}

fn plain(label: &str) -> String {
    label
        .chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '.'))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

pub(super) fn tokens(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    let mut before = Before::Nothing;
    let mut at = 0;
    while at < bytes.len() {
        if !is_token_byte(bytes[at]) {
            before = before.sign(bytes[at]);
            at += 1;
            continue;
        }
        let end = run_end(bytes, at, is_token_byte);
        let found = private_key(text, at)
            .or_else(|| before.value(text, at))
            .or_else(|| jwt(text, at, end))
            .or_else(|| secret(text, at, end));
        if let Some(span) = found {
            spans.push(span);
            at = span.end;
            before = Before::Nothing;
        } else {
            before = before.word(&text[at..end]);
            at = end;
        }
    }
    spans
}

fn run_end(bytes: &[u8], at: usize, fits: impl Fn(u8) -> bool) -> usize {
    bytes[at..]
        .iter()
        .position(|byte| !fits(*byte))
        .map_or(bytes.len(), |length| at + length)
}

/// What stands before a word and may say that it is a secret.
#[derive(Clone, Copy, Default)]
enum Before {
    #[default]
    Nothing,
    /// `password`
    Label,
    /// `password=`
    Value { sign: u8, is_quoted: bool },
    /// `Authorization`
    Header,
    /// `Bearer`, or after the header also `Basic`.
    Scheme { has_header: bool },
}

impl Before {
    fn word(self, word: &str) -> Self {
        let has_header = matches!(self, Self::Header);
        if word.eq_ignore_ascii_case("bearer") || (has_header && word.eq_ignore_ascii_case("basic")) {
            Self::Scheme { has_header }
        } else if word.eq_ignore_ascii_case("authorization") {
            Self::Header
        } else if LABELS.contains(&plain(word).as_str()) {
            Self::Label
        } else {
            Self::Nothing
        }
    }

    fn sign(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Label, b':' | b'=') => Self::Value {
                sign: byte,
                is_quoted: false,
            },
            (Self::Value { sign, .. }, b'"' | b'\'') => Self::Value {
                sign,
                is_quoted: true,
            },
            // A space may be written `%20`.
            (Self::Scheme { .. }, b'%') | (_, b' ' | b':' | b'=' | b'"' | b'\'') => self,
            _ => Self::Nothing,
        }
    }

    /// The value at `at`, where what stands before says that it is a secret and it looks the part.
    fn value(self, text: &str, at: usize) -> Option<Span> {
        if !matches!(self, Self::Value { .. } | Self::Scheme { .. }) {
            return None;
        }
        let bytes = text.as_bytes();
        // Decided by its beginning, so that many labels in one long word cost no more than one.
        let near = (at + VALUE_BYTES).min(bytes.len());
        let value = &bytes[at..run_end(&bytes[..near], at, is_inner)];
        let (name, fits) = match self {
            Self::Scheme { has_header } => ("[token]", is_credential(value, has_header)),
            Self::Value { sign: b'=', .. } | Self::Value { is_quoted: true, .. } => ("[secret]", true),
            _ => (
                "[secret]",
                value.len() >= 6 && value.iter().any(u8::is_ascii_digit),
            ),
        };
        let trimmed = || {
            text[at..run_end(bytes, at, is_inner)]
                .trim_end_matches(['.', '!', '?', ')', ':'])
                .len()
        };
        fits.then(trimmed)
            .filter(|length| *length >= 3)
            .map(|length| Span {
                start: at,
                end: at + length,
                name,
            })
    }
}

/// Whether what stands behind `Bearer` is one, and not a word: the bearer may also be a person.
fn is_credential(value: &[u8], has_header: bool) -> bool {
    match value.len() {
        0..8 => false,
        8..12 => is_unlike_words(value),
        length => value.is_ascii() && (is_unlike_words(value) || has_header || length >= 24),
    }
}

fn is_inner(byte: u8) -> bool {
    let ends = b"\"'<>,;&`[]{}|";
    !byte.is_ascii_whitespace() && !ends.contains(&byte)
}

/// Whether there is a digit, or a capital that begins nothing.
fn is_unlike_words(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit) || value.iter().skip(1).any(u8::is_ascii_uppercase)
}

/// A JSON web token, signed, encrypted or cut off: base64url of `{"` and what follows over dots.
fn jwt(text: &str, start: usize, end: usize) -> Option<Span> {
    let offset = text[start..end].find("eyJ")?;
    let start = start + offset;
    if text[..start].ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let is_part = |byte: u8| is_token_byte(byte) || matches!(byte, b'.' | b'=');
    let end = run_end(text.as_bytes(), start, is_part);
    let token = text[start..end].trim_end_matches('.');
    let dots = token.bytes().filter(|byte| *byte == b'.').count();
    (token.len() >= 24 || (dots >= 2 && token.len() >= 12)).then_some(Span {
        start,
        end: start + token.len(),
        name: "[token]",
    })
}

fn secret(text: &str, start: usize, end: usize) -> Option<Span> {
    let span = |end| Span {
        start,
        end,
        name: "[secret]",
    };
    let bytes = text.as_bytes();
    let run = &text[start..end];
    if looks_secret(run) {
        return Some(span(end));
    }
    // Keys of several parts, such as SendGrid's and our own, have dots in them.
    if begins_dotted_key(run) {
        let near = (start + KEY_BYTES).min(bytes.len());
        let key = text[start..run_end(&bytes[..near], start, |byte| is_token_byte(byte) || byte == b'.')]
            .trim_end_matches('.');
        return is_key(key).then(|| span(start + key.len()));
    }
    // Looked at once for all of its parts.
    let is_first = !follows_word(text, start) && !text[..start].ends_with('/');
    if !is_first || bytes.get(end) != Some(&b'/') {
        return None;
    }
    let wide = run_end(bytes, start, |byte| is_token_byte(byte) || byte == b'/');
    is_base64(&text[start..wide]).then(|| span(run_end(bytes, wide, |byte| byte == b'=')))
}

/// A private key as files hold it.
fn private_key(text: &str, at: usize) -> Option<Span> {
    let rest = text[at..].strip_prefix("-----BEGIN ")?;
    // The longest names are those of encrypted and of SSH keys.
    if !rest
        .bytes()
        .take(24)
        .collect::<Vec<_>>()
        .windows(11)
        .any(|word| word == b"PRIVATE KEY")
    {
        return None;
    }
    let end = text[at..].find("-----END ").map_or(text.len(), |offset| {
        let tail = at + offset + "-----END ".len();
        text[tail..]
            .find("-----")
            .map_or(text.len(), |length| tail + length + "-----".len())
    });
    Some(Span {
        start: at,
        end,
        name: "[secret]",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<_> = tokens(text)
            .iter()
            .map(|span| &text[span.start..span.end])
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn tokens_are_found() {
        check("Authorization: Bearer abcdefghijklmnop", &["abcdefghijklmnop"]);
        check("bearer aZ8.k2/x=", &["aZ8.k2/x="]);
        check("Authorization: Basic dXNlcjpwYXNz", &["dXNlcjpwYXNz"]);
        check(
            "jwt eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl end",
            &["eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl"],
        );
        check(
            "state=eyJyZXR1cm5UbyI6Ii9jYXJ0In0=",
            &["eyJyZXR1cm5UbyI6Ii9jYXJ0In0="],
        );
    }

    #[test]
    fn keys_are_found_whatever_stands_around_them() {
        check(
            "key:sk_live_4eC39HqLyjWDarjtT1zdp7dc.",
            &["sk_live_4eC39HqLyjWDarjtT1zdp7dc"],
        );
        check(
            "SG.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc",
            &["SG.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf09kqeF8tAmbihYzrnopKc"],
        );
        check(
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
        );
        check(
            "a -----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY----- b",
            &["-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"],
        );
    }

    #[test]
    fn values_that_are_called_secret_are_found() {
        check("password=hunter2&x", &["hunter2"]);
        check(r#"{"api_key": "short"}"#, &["short"]);
        check("Passwort: geheim12!", &["geheim12"]);
    }

    #[test]
    fn words_about_secrets_stay() {
        for text in [
            "Password: it does not accept umlauts",
            "the bearer certificates are lost",
            "My token is gone, and the secret: nobody knows",
            "Basic authorization",
        ] {
            check(text, &[]);
        }
    }
}

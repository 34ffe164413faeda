//! Words that no person chose: tokens, keys and ids that open something.

/// Shortest word without a known beginning that is taken for a secret, in letters and digits.
const WORD_CHARS: usize = 20;
/// The same for a part of an address, where words are seldom long and mixed.
const ADDRESS_CHARS: usize = 16;
/// Characters of 128 bits in hexadecimal.
const HEX_CHARS: usize = 32;
/// Shortest rest after a known beginning.
const KEY_REST: usize = 12;

/// Beginnings that issuers give their keys and tokens, and that begin nothing else.
const KEYS: [&str; 52] = [
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "pk_live_",
    "pk_test_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glrt-",
    "glptt-",
    "xoxa-",
    "xoxb-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "whsec_",
    "npm_",
    "pypi-",
    "dop_v1_",
    "doo_v1_",
    "shpat_",
    "shpss_",
    "shpca_",
    "shppa_",
    "sq0atp-",
    "sq0csp-",
    "lin_api_",
    "figd_",
    "rubygems_",
    "tskey-",
    "sntrys_",
    "glsa_",
    "glc_",
    "PMAK-",
    "ATATT3",
    "sbp_",
    "gsk_",
    "xai-",
    "AGE-SECRET-KEY-",
    "EAACEdEose0cBA",
    "SG.",
];
/// Shorter ones, which only begin a key where digits or capitals follow. `tk_` and `rcp_` are our own.
const KEYS_IF_MIXED: [&str; 14] = [
    "sk-", "sk_", "rk_", "pk-", "hf_", "r8_", "key-", "tk_", "rcp_", "api-", "api_", "pat_", "secret_",
    "token_",
];

pub(super) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'~')
}

/// Whether a word has the form of a key, token, UUID or hash rather than of a word.
pub(super) fn looks_secret(word: &str) -> bool {
    is_key(word) || is_mixed(word, WORD_CHARS) || ends_in_hex(word)
}

/// Whether it ends in 128 bits written in hexadecimal, however tidy: `AC` and `SK` begin ids and keys of that form.
fn ends_in_hex(word: &str) -> bool {
    let Some(tail) = word
        .len()
        .checked_sub(HEX_CHARS)
        .and_then(|at| word.as_bytes().get(at..))
    else {
        return false;
    };
    tail.iter().all(u8::is_ascii_hexdigit)
        && tail.iter().any(u8::is_ascii_digit)
        && tail.iter().any(u8::is_ascii_alphabetic)
}

/// The same for a part of an address.
pub(super) fn looks_secret_in_address(part: &str) -> bool {
    part.bytes()
        .all(|byte| is_token_byte(byte) || matches!(byte, b'.' | b'=' | b':'))
        && (is_key(part)
            || part
                .split(['.', '=', ':'])
                .any(|part| is_mixed(part, ADDRESS_CHARS)))
}

/// Whether what stands before the first dot begins a key that has dots in it.
pub(super) fn begins_dotted_key(word: &str) -> bool {
    matches!(word, "SG" | "ya29") || word.starts_with("tk_") || word.starts_with("rcp_")
}

pub(super) fn is_key(word: &str) -> bool {
    let begins = |prefix: &&str| {
        word.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= KEY_REST)
    };
    let begins_mixed = |prefix: &&str| {
        let rest = word.strip_prefix(prefix).unwrap_or_default();
        let mix = Mix::of(rest);
        rest.len() >= KEY_REST && mix.changes >= 2 && mix.digits > 0
    };
    KEYS.iter().any(begins) || KEYS_IF_MIXED.iter().any(begins_mixed)
}

/// Whether letters and digits are well mixed: `top-10-tips-for-2026` and `getUserById2` are not, a hash or a UUID is.
fn is_mixed(word: &str, shortest: usize) -> bool {
    if word.len() < shortest || !word.bytes().all(is_token_byte) {
        return false;
    }
    let mix = Mix::of(word);
    let length = mix.letters + mix.digits;
    let by_digits = mix.digit_changes >= 4 && mix.digit_changes * 6 >= length;
    // camelCase is made of words; in addresses even that is rare.
    let is_wordy = shortest == WORD_CHARS && mix.in_words * 2 >= length;
    let by_all = mix.digit_changes >= 1 && !is_wordy && mix.changes * 4 >= length;
    length >= shortest && mix.letters > 0 && (by_digits || by_all)
}

/// Of what a word is made.
#[derive(Default)]
struct Mix {
    letters: usize,
    digits: usize,
    /// How often one kind of character follows another within a part between `-` and `_`. A capital that begins a
    /// word is no change.
    changes: usize,
    /// How many of those lead from or to a digit.
    digit_changes: usize,
    /// Small letters that stand by threes and more.
    in_words: usize,
}

impl Mix {
    fn of(word: &str) -> Self {
        #[derive(Clone, Copy, PartialEq)]
        enum Kind {
            Break,
            Digit,
            Upper,
            Lower,
        }
        let mut mix = Self::default();
        let (mut last, mut small) = (Kind::Break, 0);
        for byte in word.bytes() {
            let kind = match byte {
                b'0'..=b'9' => Kind::Digit,
                b'A'..=b'Z' => Kind::Upper,
                b'a'..=b'z' => Kind::Lower,
                _ => Kind::Break,
            };
            mix.letters += usize::from(matches!(kind, Kind::Upper | Kind::Lower));
            mix.digits += usize::from(kind == Kind::Digit);
            if last != kind && last != Kind::Break && kind != Kind::Break {
                mix.changes += usize::from((last, kind) != (Kind::Upper, Kind::Lower));
                mix.digit_changes += usize::from(last == Kind::Digit || kind == Kind::Digit);
            }
            small = if kind == Kind::Lower { small + 1 } else { 0 };
            mix.in_words += match small {
                0..3 => 0,
                3 => 3,
                _ => 1,
            };
            last = kind;
        }
        mix
    }
}

/// Whether several parts between slashes are one piece of base64, such as a cloud's secret key, and not a path: a
/// path has a part that is a word or a number.
pub(super) fn is_base64(word: &str) -> bool {
    let mix = Mix::of(word);
    let length = mix.letters + mix.digits;
    let is_wordy = |part: &str| {
        let rest = part
            .strip_prefix(|c: char| c.is_ascii_uppercase())
            .unwrap_or(part);
        part.len() >= 3
            && (rest.bytes().all(|b| b.is_ascii_lowercase()) || part.bytes().all(|b| b.is_ascii_digit()))
    };
    word.contains('/')
        && length >= 32
        && mix.digits > 0
        && mix.changes * 5 >= length
        && !word.split(['/', '-', '_', '.']).any(is_wordy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tokens_and_hashes_look_secret() {
        for word in [
            "f47ac10b-58cc-4372-a567-0e02b2c3d479",
            "d41d8cd98f00b204e9800998ecf8427e",
            "AC0123456789abcdef0123456789abcdef",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "kJ8s0dFq3LmZx7Rt2Wv9Yb4N",
            "VK7JG-NPHTM-C97JM-9MPGT-3V66T",
            "tk_demo_a.AQEBAQEB5QEBAQEBAQEBAQ",
        ] {
            assert!(looks_secret(word), "{word}");
        }
    }

    #[test]
    fn words_names_and_codes_do_not() {
        for word in [
            "Donaudampfschifffahrtsgesellschaftskapitän",
            "top-10-tips-for-2026-q3-and-h2-part-1-of-2",
            "IMG_20260412_184523_HDR",
            "SM-S928BZKHEUE",
            "getUserByIdAndNameOrEmailAddress2",
            "Step2Form3ValidateUserInputAgain",
            "sk-learn-contrib-package",
            "a-rather-long-title-of-an-article-about-tea",
            "12345678901234567890",
            "1Z999AA10123456784",
        ] {
            assert!(!looks_secret(word), "{word}");
        }
    }

    /// The share of random words that is recognised; by chance some have hardly a digit.
    fn recall(alphabet: &[u8], length: usize) -> usize {
        let mut state = 7_u64;
        let mut word = || -> String {
            let mut next = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                usize::try_from(state >> 40).expect("24 bits")
            };
            (0..length)
                .map(|_| char::from(alphabet[next() % alphabet.len()]))
                .collect()
        };
        (0..1_000).filter(|_| looks_secret(&word())).count()
    }

    #[test]
    fn random_words_are_nearly_all_recognised() {
        let base62 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for (alphabet, length, least) in [
            (&b"0123456789abcdef"[..], 32, 999),
            (&base62[..], 24, 900),
            (&base62[..], 32, 940),
            (&base62[..], 43, 960),
            (&base62[26..], 32, 950),
        ] {
            let found = recall(alphabet, length);
            assert!(
                found >= least,
                "{found} of 1000 words of {length} from {} characters",
                alphabet.len()
            );
        }
    }

    #[test]
    fn base64_is_told_from_a_path() {
        assert!(is_base64("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
        assert!(!is_base64("src/components/Button2/index3/Very4Long5Name6"));
        assert!(!is_base64("Docs/2026/Q3/Report_v2/Final-Draft-No-7-For-Review"));
    }
}

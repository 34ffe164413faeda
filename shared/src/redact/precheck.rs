//! Whether a text is worth scanning: most names, plans and labels are not. One look at each byte.
//!
//! It errs on one side only: where it says no, every scanner finds nothing (a property test holds it to that).

/// Digits that the shortest telephone number has.
const DIGITS: usize = 7;
/// The shortest word that a scanner takes for a key or token by itself.
const RUN: usize = 12;

/// Whether a text may hold anything that `text` takes out.
pub fn may_hold_secret(text: &str) -> bool {
    let (mut digits, mut run, mut last) = (0, 0, 0_u8);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            // E-mail addresses, parameters, labels with values; an address needs `://`.
            b'@' | b'%' | b'=' => return true,
            b':' if !last.is_ascii_digit() || text.as_bytes().get(at + 1) == Some(&b'/') => return true,
            // A private key.
            b'-' if text.as_bytes()[at..].starts_with(b"-----B") => return true,
            // A word before a token.
            b'b' | b'B'
                if text.as_bytes()[at..]
                    .get(..6)
                    .is_some_and(|word| word.eq_ignore_ascii_case(b"bearer")) =>
            {
                return true;
            }
            b'0'..=b'9' => digits += 1,
            _ => {}
        }
        run = if super::secret::is_token_byte(byte) || matches!(byte, b'.' | b'/') {
            run + 1
        } else {
            0
        };
        if run >= RUN || digits >= DIGITS {
            return true;
        }
        last = byte;
    }
    false
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::text::scanned;
    use super::*;

    #[test]
    fn ordinary_values_are_not_worth_scanning() {
        for value in [
            "pro",
            "Large, blue",
            "3 of 10",
            "12:30",
            "checkout",
            "v1.4.2",
            "Größe XL",
            "お茶",
        ] {
            assert!(!may_hold_secret(value), "{value}");
        }
    }

    /// Pieces of which secrets are made, so that chance makes some.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = proptest::sample::select(vec![
            "a",
            "B",
            "7",
            "42",
            "0171",
            "+49",
            " ",
            "-",
            ".",
            "/",
            ":",
            "=",
            "@",
            "%40",
            "?",
            "#",
            "\n",
            "\"",
            "é",
            "eyJ",
            "sk_",
            "AKIA",
            "bearer ",
            "basic ",
            "authorization ",
            "password",
            "tel ",
            "DE89",
            "x.de",
            "-----BEGIN ",
            "PRIVATE KEY",
            "://",
            "s3",
            "[",
            "]",
            "4242 4242",
            "(030)",
            "00",
            "_",
            "~",
            "token",
        ]);
        proptest::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn where_it_says_no_nothing_is_found(given in pieces()) {
            if !may_hold_secret(&given) {
                prop_assert_eq!(scanned(&given, &BTreeSet::new()), given.as_str());
            }
        }
    }

    proptest! {
        #[test]
        fn where_it_says_no_nothing_is_found_in_any_text(given in ".{0,40}") {
            if !may_hold_secret(&given) {
                prop_assert_eq!(scanned(&given, &BTreeSet::new()), given.as_str());
            }
        }
    }
}

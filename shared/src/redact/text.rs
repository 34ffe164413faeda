//! Running text: e-mail addresses, tokens, keys and card numbers, found by hand-written scanners (no `regex`: the
//! panel carries this code too).

/// Shortest run of digits that may be a card number, and longest (ISO/IEC 7812-1).
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Shortest word without a known prefix that is taken for a secret.
const SECRET_CHARS: usize = 24;

/// Beginnings that issuers give their keys and tokens.
const KEY_PREFIXES: [&str; 14] = [
    "sk_",
    "sk-",
    "rk_",
    "pk_live_",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "AIza",
    "whsec_",
];

/// The text with each secret replaced by its kind in brackets.
pub fn text(text: &str) -> String {
    let without_cards = cards(&without_queries(text));
    let mut out = String::with_capacity(without_cards.len());
    let mut after_bearer = false;
    for piece in pieces(&without_cards) {
        let core = piece.trim_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?'));
        match replacement(core, after_bearer) {
            Some(name) => out.push_str(&piece.replacen(core, name, 1)),
            None => out.push_str(piece),
        }
        if !core.is_empty() && !core.chars().all(is_boundary) {
            after_bearer = core.eq_ignore_ascii_case("bearer");
        }
    }
    out
}

/// Cuts what follows `?` or `#` from every web address in the text: that is where pages carry secrets.
fn without_queries(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '`' | ')'))
            .unwrap_or(from.len());
        let (url, after) = from.split_at(end);
        out.push_str(before);
        out.push_str(&url[..url.find(['?', '#']).unwrap_or(url.len())]);
        rest = after;
    }
    out + rest
}

/// Splits into words and the boundaries between them; joined, the pieces are the text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest
            .find(|c| is_boundary(c) != is_boundary(first))
            .unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

fn is_boundary(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '<' | '>'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '"'
                | '\''
                | '`'
                | '|'
                | '='
                | '&'
                | '?'
                | '#'
                | '/'
        )
}

fn replacement(word: &str, after_bearer: bool) -> Option<&'static str> {
    if is_email(word) {
        Some("[email]")
    } else if is_jwt(word) || (after_bearer && word.len() >= 12 && word.is_ascii()) {
        Some("[token]")
    } else if looks_secret(word) {
        Some("[secret]")
    } else {
        None
    }
}

fn is_email(word: &str) -> bool {
    // `mailto:` and labels such as `E-mail:` may stand before the address without a space.
    let address = word.rsplit(':').next().unwrap_or(word);
    crate::validate::email_is_plausible(address)
}

fn is_jwt(word: &str) -> bool {
    let mut parts = word.split('.');
    let is_part = |part: Option<&str>| part.is_some_and(|p| p.len() >= 4 && p.bytes().all(is_token_byte));
    word.starts_with("eyJ") && is_part(parts.next()) && is_part(parts.next()) && parts.next().is_some()
}

fn is_token_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'~')
}

/// Whether a word has the form of a key, token, UUID or hash rather than of a word: a known beginning, or long
/// with digits and letters well mixed.
pub(super) fn looks_secret(word: &str) -> bool {
    if !word.bytes().all(is_token_byte) {
        return false;
    }
    if KEY_PREFIXES
        .iter()
        .any(|prefix| word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= 12))
    {
        return true;
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    digits + letters >= SECRET_CHARS && digits >= 4 && letters >= 4 && changes(word) >= 6
}

/// How often a digit follows a letter or the other way round: `item-4711` does once, a hash all the time.
fn changes(word: &str) -> usize {
    let kinds: Vec<bool> = word
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|b| b.is_ascii_digit())
        .collect();
    kinds.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// Replaces card numbers: 13 to 19 digits, single spaces or hyphens between them, with a valid Luhn check digit.
fn cards(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while at < bytes.len() {
        let starts_number = bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric());
        if !starts_number {
            at += 1;
            continue;
        }
        let end = number_end(bytes, at);
        if is_card(&bytes[at..end]) && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            out.push_str(&text[copied..at]);
            out.push_str("[card]");
            copied = end;
        }
        at = end;
    }
    out.push_str(&text[copied..]);
    out
}

/// End of the digits that start at `at`, over single separators.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < bytes.len() {
        let separated =
            matches!(bytes[end], b' ' | b'-') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !bytes[end].is_ascii_digit() && !separated {
            break;
        }
        end += 1;
    }
    end
}

fn is_card(number: &[u8]) -> bool {
    let digits: Vec<u32> = number
        .iter()
        .filter(|b| b.is_ascii_digit())
        .map(|b| u32::from(b - b'0'))
        .collect();
    let all_alike = digits.iter().all(|digit| Some(digit) == digits.first());
    CARD_DIGITS.contains(&digits.len()) && !all_alike && luhn(&digits)
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, &d)| if n % 2 == 1 { doubled(d) } else { d })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(given: &str, expect: &str) {
        assert_eq!(text(given), expect, "{given}");
    }

    #[test]
    fn addresses_of_people_are_replaced() {
        check(
            "Write to ann.lee+tea@mail.example, please.",
            "Write to [email], please.",
        );
        check("<ann@b.example>", "<[email]>");
        check("mailto:ann@b.example!", "[email]!");
    }

    #[test]
    fn tokens_and_keys_are_replaced() {
        check(
            "Authorization: Bearer abcdefghijklmnop",
            "Authorization: Bearer [token]",
        );
        check("jwt eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl end", "jwt [token] end");
        check("key sk_live_4eC39HqLyjWDarjtT1zdp7dc", "key [secret]");
        check("AKIAIOSFODNN7EXAMPLE", "[secret]");
        check("id f47ac10b-58cc-4372-a567-0e02b2c3d479.", "id [secret].");
        check(
            "https://a.example/?t=f47ac10b58cc4372a5670e02b2c3d479",
            "https://a.example/",
        );
    }

    #[test]
    fn addresses_lose_what_follows_the_question_mark() {
        check(
            "See https://a.example/reset?token=hunter2 and (http://b.example/#k=1) please",
            "See https://a.example/reset and (http://b.example/) please",
        );
    }

    #[test]
    fn card_numbers_are_replaced_and_other_numbers_stay() {
        check(
            "My card 4242 4242 4242 4242 was charged",
            "My card [card] was charged",
        );
        check("5555-5555-5555-4444", "[card]");
        check("Order 4242424242424241", "Order 4242424242424241");
        check("0000 0000 0000 0000", "0000 0000 0000 0000");
        check("from 2026-11-23 to 2026-12-24", "from 2026-11-23 to 2026-12-24");
    }

    #[test]
    fn ordinary_sentences_stay_as_they_are() {
        for sentence in [
            "The checkout is slow on Fridays; 3 of 10 orders fail.",
            "I'd love a dark theme (and bigger buttons)!",
            "Donaudampfschifffahrtsgesellschaftskapitän in v1.4.2-beta.3 @home",
            "Preis 1.299,00 € statt 1.499,00 €? Telefon 12-34",
            "お茶がとても美味しいです。",
        ] {
            check(sentence, sentence);
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_a_second_pass_changes_nothing(given in ".{0,200}") {
            let once = text(&given);
            prop_assert_eq!(text(&once), once.clone());
        }
    }
}

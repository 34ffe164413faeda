//! International bank account numbers: country, length and check digits (ISO 13616-1).

use super::span::{Span, follows_word, precedes_word};

/// Countries and the length of their numbers, from the IBAN registry.
const LENGTHS: &str = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29\
ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27\
MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28\
TL23TN24TR26UA29VA22VG24XK20YE30";

/// Fewest digits of one, so that a word with few digits need not be looked at.
const DIGITS: usize = 7;

pub(super) fn ibans(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    let mut at = 0;
    while at + 4 <= bytes.len() {
        let begins = bytes[at].is_ascii_alphabetic()
            && bytes[at + 1].is_ascii_alphabetic()
            && bytes[at + 2].is_ascii_digit()
            && bytes[at + 3].is_ascii_digit()
            && !follows_word(text, at);
        match begins.then(|| end(text, at)).flatten() {
            Some(end) => {
                spans.push(Span {
                    start: at,
                    end,
                    name: "[iban]",
                });
                at = end;
            }
            None => at += 1,
        }
    }
    spans
}

/// Where the number that begins at `start` ends, if it is one.
fn end(text: &str, start: usize) -> Option<usize> {
    let country = text[start..start + 2].to_ascii_uppercase();
    let known = LENGTHS
        .as_bytes()
        .chunks_exact(4)
        .find(|entry| entry[..2] == *country.as_bytes())?;
    let length = usize::from(known[2] - b'0') * 10 + usize::from(known[3] - b'0');
    let mut number = Vec::with_capacity(length);
    let mut chars = text[start..].char_indices().peekable();
    let mut end = start;
    while number.len() < length {
        let (offset, c) = chars.next()?;
        if c.is_ascii_alphanumeric() {
            number.push(c.to_ascii_uppercase());
            end = start + offset + 1;
        } else {
            let is_gap = matches!(c, ' ' | '-' | '\u{a0}' | '\u{202f}');
            let goes_on = chars.peek().is_some_and(|(_, next)| next.is_ascii_alphanumeric());
            if !is_gap || !goes_on {
                return None;
            }
        }
    }
    let digits = number.iter().filter(|c| c.is_ascii_digit()).count();
    (!precedes_word(text, end) && digits >= DIGITS && remainder(&number) == 1).then_some(end)
}

/// ISO 7064 MOD 97-10, the first four characters moved behind the rest.
fn remainder(number: &[char]) -> u32 {
    let (head, rest) = number.split_at(4);
    rest.iter().chain(head).fold(0, |sum, c| {
        let value = c.to_digit(36).unwrap_or(0);
        (if value > 9 { sum * 100 } else { sum * 10 } + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<_> = ibans(text)
            .iter()
            .map(|span| &text[span.start..span.end])
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn account_numbers_are_found_with_and_without_gaps() {
        check(
            "IBAN DE89 3704 0044 0532 0130 00 bitte",
            &["DE89 3704 0044 0532 0130 00"],
        );
        check("de89370400440532013000", &["de89370400440532013000"]);
        check("GB82-WEST-1234-5698-7654-32.", &["GB82-WEST-1234-5698-7654-32"]);
        check("(FR1420041010050500013M02606)", &["FR1420041010050500013M02606"]);
        check("NO93 8601 1117 947 12", &["NO93 8601 1117 947"]);
    }

    #[test]
    fn a_wrong_check_digit_an_unknown_country_and_words_stay() {
        for text in [
            "DE89 3704 0044 0532 0130 01",
            "XX82WEST12345698765432",
            "UE55AU7172UXXH ist gut",
            "at12 und mehr",
        ] {
            check(text, &[]);
        }
    }
}

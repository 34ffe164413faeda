//! Payment card numbers: issuer, length and check digit (ISO/IEC 7812-1).

use super::digits::{Gap, Group, digits_in, runs, words_before};
use super::span::Span;

/// Words before numbers that are long and have check digits, and are no cards.
const OTHER_NUMBERS: [&str; 6] = ["isbn", "ean", "gtin", "imei", "upc", "issn"];

pub(super) fn cards(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for run in runs(text) {
        let mut at = 0;
        while at < run.len() {
            match longest(text, &run, at) {
                Some(end) => {
                    spans.push(Span {
                        start: run[at].start,
                        end: run[end - 1].end,
                        name: "[card]",
                    });
                    at = end;
                }
                None => at += 1,
            }
        }
    }
    spans
}

/// The end of the longest card number that begins with the group at `at`: dates and codes often stand behind one.
fn longest(text: &str, run: &[Group], at: usize) -> Option<usize> {
    let is_other = || {
        words_before(text, run[at].start)
            .next()
            .is_some_and(|word| OTHER_NUMBERS.contains(&&*word))
    };
    let ends = (at + 1..=run.len()).take_while(|end| digits_in(&run[at..*end]) <= 19);
    let mut fitting = ends.filter(|end| is_written_as_card(run, at, *end) && is_card(text, &run[at..*end]));
    let mut longest = fitting.next()?;
    for end in fitting {
        longest = end;
    }
    (!is_other()).then_some(longest)
}

/// Groups of four and more with one kind of gap, and not the digits behind a decimal point.
fn is_written_as_card(run: &[Group], at: usize, end: usize) -> bool {
    let groups = &run[at..end];
    let (last, init) = groups.split_last().expect("at least one group");
    let gap = groups.get(1).map_or(Gap::Space, |group| group.gap);
    let is_fraction = |group: Option<&Group>| group.is_some_and(|group| group.gap == Gap::Dot);
    matches!(gap, Gap::Space | Gap::Hyphen | Gap::Dot)
        && groups.iter().skip(1).all(|group| group.gap == gap)
        && init.iter().all(|group| group.len() >= 4)
        && (last.len() >= 4 || groups.len() >= 4)
        && !is_fraction(run.get(at))
        && !is_fraction(run.get(end))
}

fn is_card(text: &str, groups: &[Group]) -> bool {
    let digits: Vec<u32> = groups
        .iter()
        .flat_map(|group| text[group.start..group.end].bytes())
        .map(|byte| u32::from(byte - b'0'))
        .collect();
    let in_fours = groups.len() == 4 && groups.iter().all(|group| group.len() == 4);
    has_issuer(&digits, in_fours) && digits.iter().any(|digit| *digit != digits[0]) && luhn(&digits)
}

/// Whether cards of this length begin like this. Written in fours, a number of sixteen is a card whoever issues it.
fn has_issuer(digits: &[u32], in_fours: bool) -> bool {
    match digits.len() {
        13 => digits[0] == 4,
        14 => digits[0] == 3,
        15 => matches!(digits[..2], [3, 4 | 7] | [1 | 2, _]),
        16..=19 => in_fours || (2..=6).contains(&digits[0]),
        _ => false,
    }
}

/// Whether a whole number, as a property may hold one, is a card number.
pub(super) fn is_card_number(number: f64) -> bool {
    // 2^53 has sixteen digits: what is longer was refused before.
    if number.fract() != 0.0 || !(1e12..9.1e15).contains(&number) {
        return false;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole positive number within 2^63; floats in words would bring 14 KB of code to the page"
    )]
    let whole = number as u64;
    cards(&whole.to_string()).len() == 1
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, &digit)| if n % 2 == 1 { doubled(digit) } else { digit })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<_> = cards(text)
            .iter()
            .map(|span| &text[span.start..span.end])
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn cards_are_found_however_they_are_grouped_and_whatever_follows() {
        check(
            "My card 4242 4242 4242 4242 was charged",
            &["4242 4242 4242 4242"],
        );
        check("5555-5555-5555-4444", &["5555-5555-5555-4444"]);
        check(
            "378282246310005, 3782 822463 10005",
            &["378282246310005", "3782 822463 10005"],
        );
        check("4242 4242 4242 4242 12/27 123", &["4242 4242 4242 4242"]);
        check("order 12 4242424242424242", &["4242424242424242"]);
        check(
            "4242\u{a0}4242\u{a0}4242\u{a0}4242",
            &["4242\u{a0}4242\u{a0}4242\u{a0}4242"],
        );
        check("6304000000000000", &["6304000000000000"]);
    }

    #[test]
    fn other_long_numbers_stay() {
        for text in [
            "Order 4242424242424241",
            "0000 0000 0000 0000",
            "from 2026-11-23 to 2026-12-24",
            "3.1415926535897932",
            "ISBN 9783161484100",
            "at 1795000000008",
            "x4242424242424242",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn numbers_in_properties_are_cards_too() {
        assert!(is_card_number(4_242_424_242_424_242.0));
        assert!(!is_card_number(4_242_424_242_424_241.0));
        assert!(!is_card_number(12.5));
    }
}

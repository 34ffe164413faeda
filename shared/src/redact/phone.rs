//! Telephone numbers, as carefully as prices, dates and order numbers deserve: with a country code, in the national
//! forms that are written with gaps, or after a word that says it is one.

use super::digits::{Gap, Group, digits_in, runs, words_before};
use super::span::{Span, before, follows_name, follows_word};

/// Words that announce a telephone number.
const CUES: [&str; 36] = [
    "tel",
    "telefon",
    "telephone",
    "phone",
    "cell",
    "mobile",
    "mobil",
    "mobilnummer",
    "handy",
    "handynummer",
    "fax",
    "call",
    "ring",
    "dial",
    "sms",
    "whatsapp",
    "signal",
    "rufnummer",
    "telefonnummer",
    "durchwahl",
    "anrufen",
    "rufen",
    "téléphone",
    "tél",
    "portable",
    "appeler",
    "appelez",
    "teléfono",
    "telefono",
    "móvil",
    "movil",
    "llame",
    "llamar",
    "llámeme",
    "hotline",
    "landline",
];

/// Words that announce another number.
const OTHER: [&str; 29] = [
    "order",
    "bestellung",
    "bestellnummer",
    "auftrag",
    "auftragsnummer",
    "rechnung",
    "rechnungsnummer",
    "invoice",
    "commande",
    "facture",
    "pedido",
    "factura",
    "ref",
    "reference",
    "artikel",
    "artikelnummer",
    "art",
    "article",
    "artículo",
    "sku",
    "ean",
    "isbn",
    "issn",
    "ticket",
    "serial",
    "version",
    "kundennummer",
    "tracking",
    "id",
];

/// What the words before a number say that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Announced {
    Phone,
    Other,
    Nothing,
}

fn announced(text: &str, at: usize) -> Announced {
    let mut is_some = false;
    for word in words_before(text, at).take(3) {
        if CUES.contains(&word.as_str()) {
            return Announced::Phone;
        }
        if OTHER.contains(&word.as_str()) {
            return Announced::Other;
        }
        is_some |= matches!(
            word.as_str(),
            "nr" | "no" | "nº" | "nummer" | "number" | "numéro" | "número" | "code"
        );
    }
    if is_some {
        Announced::Other
    } else {
        Announced::Nothing
    }
}

/// Single groups that are taken for a number with 00 and a country code.
const COUNTRIES: [&str; 9] = [
    "0049", "0043", "0041", "0033", "0034", "0044", "0039", "0031", "0032",
];

pub(super) fn phones(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for run in runs(text) {
        let mut at = 0;
        while at < run.len() {
            match count(text, &run[at..]) {
                Some(groups) => {
                    spans.push(Span {
                        start: start(text, run[at].start),
                        end: run[at + groups - 1].end,
                        name: "[phone]",
                    });
                    at += groups;
                }
                None => at += 1,
            }
        }
    }
    spans
}

/// A plus before the number belongs to it, and so does a bracket before that.
fn start(text: &str, number: usize) -> usize {
    match before(text, number) {
        Some('+') => number - 1,
        _ => number,
    }
}

/// How many of the groups are a telephone number that begins with the first.
fn count(text: &str, groups: &[Group]) -> Option<usize> {
    let first = groups.first()?;
    let digits = &text[first.start..first.end];
    let has_plus = before(text, first.start) == Some('+')
        && !follows_word(text, first.start - 1)
        && !follows_name(text, first.start - 1);
    if is_date(text, groups) {
        return None;
    }
    if has_plus && !digits.starts_with('0') {
        return up_to(groups, 9..=15);
    }
    match announced(text, first.start) {
        Announced::Phone => return up_to(groups, 7..=15),
        Announced::Other => return None,
        // Behind a decimal point nothing begins.
        Announced::Nothing if first.gap == Gap::Dot => return None,
        Announced::Nothing => {}
    }
    international(digits, groups)
        .or_else(|| national(digits, groups))
        .or_else(|| mobile(digits, groups))
        .or_else(|| american(text, groups))
}

/// The most groups whose digits are within a range.
fn up_to(groups: &[Group], range: std::ops::RangeInclusive<usize>) -> Option<usize> {
    (1..=groups.len())
        .take_while(|count| digits_in(&groups[..*count]) <= *range.end())
        .last()
        .filter(|count| range.contains(&digits_in(&groups[..*count])))
}

/// `0049 171 2345678`
fn international(digits: &str, groups: &[Group]) -> Option<usize> {
    let code = digits.strip_prefix("00")?;
    let is_known = COUNTRIES.iter().any(|country| digits.starts_with(country));
    let begins = code.starts_with(|c: char| c != '0');
    let count = up_to(groups, 11..=17)?;
    (begins && (count > 1 || is_known)).then_some(count)
}

/// `030 123456`, `0171/234 56 78`, `06 12 34 56 78`: an area code, a gap, and then one kind of gap.
fn national(digits: &str, groups: &[Group]) -> Option<usize> {
    let mut chars = digits.chars();
    let begins = chars.next() == Some('0') && chars.next().is_some_and(|c| c != '0');
    if !begins || !(2..=6).contains(&digits.len()) || groups.len() < 2 {
        return None;
    }
    let gap = groups.get(2).map_or(Gap::Space, |group| group.gap);
    let same = 2 + groups
        .iter()
        .take(12)
        .skip(2)
        .take_while(|group| group.gap == gap)
        .count();
    let own = &groups[..same];
    let is_plain = matches!(gap, Gap::Space | Gap::Hyphen | Gap::Dot) && own[1].gap != Gap::Mixed;
    let count = up_to(own, 9..=12)?;
    // A decimal fraction has one dot, a telephone number many.
    let is_fraction = if own[1].gap == Gap::Dot {
        gap != Gap::Dot || count < 4
    } else {
        ends_in_fraction(&groups[count..])
    };
    let are_groups = own[1..count].iter().all(|group| group.len() >= 2);
    // French numbers are five pairs; more or fewer are drawn in a lottery.
    let are_pairs = groups[..count].iter().all(|group| group.len() == 2);
    if are_pairs && (count != 5 || groups.get(5).is_some_and(|next| next.gap == gap)) {
        return None;
    }
    (is_plain && !is_fraction && count > 1 && are_groups).then_some(count)
}

/// Whether the last digit before these belongs to a decimal fraction.
fn ends_in_fraction(rest: &[Group]) -> bool {
    rest.first().is_some_and(|next| next.gap == Gap::Dot)
}

/// `01711234567`, `07911123456`, `0612345678`: prefixes of mobile networks in Germany, Britain and France.
fn mobile(digits: &str, groups: &[Group]) -> Option<usize> {
    let of = |prefixes: &[&str], lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&digits.len()) && prefixes.iter().any(|prefix| digits.starts_with(prefix))
    };
    let is_mobile = of(&["015", "016", "017"], 11..=12)
        || of(&["074", "075", "077", "078", "079"], 11..=11)
        || of(&["06", "07"], 10..=10);
    let stands_alone = groups.get(1).is_none_or(|next| next.gap == Gap::Space);
    (is_mobile && stands_alone).then_some(1)
}

/// `(555) 234-5678`, `555-234-5678`, `1-800-234-5678`
fn american(text: &str, groups: &[Group]) -> Option<usize> {
    let skip = usize::from(&text[groups[0].start..groups[0].end] == "1");
    let own = groups.get(skip..skip + 3)?;
    let [area, exchange, line] = own else {
        return None;
    };
    let begins = |group: &Group| matches!(text.as_bytes()[group.start], b'2'..=b'9');
    let lengths = (area.len(), exchange.len(), line.len()) == (3, 3, 4);
    let gaps = matches!(
        (exchange.gap, line.gap),
        (Gap::Bracket | Gap::Hyphen | Gap::Space, Gap::Hyphen)
            | (Gap::Bracket | Gap::Space, Gap::Space)
            | (Gap::Dot, Gap::Dot)
    );
    let ends = groups.get(skip + 3).is_none_or(|next| next.gap == Gap::Space);
    (lengths && gaps && ends && begins(area) && begins(exchange)).then_some(skip + 3)
}

/// `2026-11-24`, `24.11.2026`, `11/24/2026`, whatever stands behind.
fn is_date(text: &str, groups: &[Group]) -> bool {
    let is_year = |group: &Group| {
        let year = &text[group.start..group.end];
        year.len() == 4 && (year.starts_with("19") || year.starts_with("20"))
    };
    let [a, b, c, ..] = groups else {
        return false;
    };
    let is_small = |group: &Group| group.len() <= 2;
    b.gap == c.gap && is_small(b) && ((is_year(a) && is_small(c)) || (is_small(a) && is_year(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<_> = phones(text)
            .iter()
            .map(|span| &text[span.start..span.end])
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn numbers_with_a_country_code_are_found() {
        check("Call +49 30 1234567 now", &["+49 30 1234567"]);
        check("(+33) 6 12 34 56 78", &["+33) 6 12 34 56 78"]);
        check("+1 (555) 234-5678", &["+1 (555) 234-5678"]);
        check("+49(0)171/2345678", &["+49(0)171/2345678"]);
        check("+447911123456", &["+447911123456"]);
        check(
            "0049 171 2345678 und 00491712345678",
            &["0049 171 2345678", "00491712345678"],
        );
    }

    #[test]
    fn national_forms_are_found() {
        check("030 1234567", &["030 1234567"]);
        check("0171/234 56 78", &["0171/234 56 78"]);
        check(
            "06 12 34 56 78, 01.23.45.67.89",
            &["06 12 34 56 78", "01.23.45.67.89"],
        );
        check("020 7946 0958", &["020 7946 0958"]);
        check("01711234567", &["01711234567"]);
        check(
            "(555) 234-5678 or 555-234-5678 or 1-800-234-5678",
            &["555) 234-5678", "555-234-5678", "1-800-234-5678"],
        );
    }

    #[test]
    fn a_word_before_tells() {
        check(
            "Telefon-Nr. 1234567, Mobile number: 612 345 678",
            &["1234567", "612 345 678"],
        );
        check("call the order 2026-7073479", &[]);
        check("Móvil: 612 345 678", &["612 345 678"]);
        check("call me at 2345678", &["2345678"]);
        check("Tel.: 1234-5678", &["1234-5678"]);
    }

    #[test]
    fn dates_prices_and_other_numbers_stay() {
        for text in [
            "2026-11-24 10:15",
            "am 01.02.2026 10 Uhr",
            "01 02 2026 12",
            "order 0612345678",
            "ISBN 0-306-40615-2",
            "612 345 678 habitants",
            "1 234 567,89",
            "+12 345 678 views",
            "0.1234567890",
            "048.137 011.575",
            "Bestellnummer 030 1234567",
            "call before 2026-11-24",
            "04 12 23 31 38 45",
        ] {
            check(text, &[]);
        }
    }
}

//! Numbers with their units.

/// Digits in groups of three: 12,345.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and its unit: "1 event", "1,204 events".
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// "128 pieces of feedback".
pub fn pieces(number: u64) -> String {
    counted(number, "piece of feedback", "pieces of feedback")
}

/// What screen readers are told about new feedback. The total makes two such sentences differ, so that both are
/// spoken.
pub fn arrived(number: u64, total: u64) -> String {
    let new = counted(number, "new piece of feedback", "new pieces of feedback");
    format!("{new}, {} in all.", grouped(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345, "12,345"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn one_is_singular_and_none_is_plural() {
        assert_eq!(pieces(0), "0 pieces of feedback");
        assert_eq!(pieces(1), "1 piece of feedback");
        assert_eq!(pieces(1_280), "1,280 pieces of feedback");
        assert_eq!(arrived(1, 130), "1 new piece of feedback, 130 in all.");
    }
}

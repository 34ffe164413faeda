//! Whole numbers as text, without the machinery of `write!`.

/// Digits of the largest number.
const DIGITS: usize = 20;

/// Adds a number to a text.
pub fn push_number(text: &mut String, number: u64) {
    let mut digits = [0; DIGITS];
    let (mut at, mut rest) = (DIGITS, number);
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_everybody_writes_them() {
        for number in [0, 7, 10, 1_795_000_000_000, u64::MAX] {
            let mut text = "n".to_owned();
            push_number(&mut text, number);
            assert_eq!(text, format!("n{number}"));
        }
    }
}

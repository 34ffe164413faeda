//! Steps over JSON. `None` everywhere means *unusual*: not necessarily wrong, but for the careful decoder to say.

use super::text;

/// Digits that a number surely counts exactly with: 10^15 is below 2^53.
const DIGITS: usize = 15;

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A JSON text without escapes.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// What stands between the quotation marks.
    pub value: &'a str,
    /// Whether all of it is ASCII.
    pub is_ascii: bool,
}

impl<'a> Cursor<'a> {
    /// At the beginning.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// What was not stepped over yet.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Steps over as many bytes.
    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// What lies between an earlier place and this one.
    pub fn since(&self, earlier: Self) -> &'a str {
        self.text.get(earlier.at..self.at).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Steps over that byte, if it is next.
    pub fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Steps over that byte, which has to be next.
    pub fn expect(&mut self, byte: u8) -> Option<()> {
        self.take(byte).then_some(())
    }

    /// A text without escapes.
    pub fn text(&mut self) -> Option<Text<'a>> {
        self.expect(b'"')?;
        let plain = text::plain(self.rest().as_bytes());
        let value = self.text.get(self.at..self.at + plain.len)?;
        self.at += plain.len;
        if self.byte()? != b'"' {
            return None;
        }
        self.at += 1;
        Some(Text {
            value,
            is_ascii: plain.is_ascii,
        })
    }

    /// A field's name and the colon after it.
    pub fn field(&mut self) -> Option<&'a str> {
        let name = self.text()?;
        self.expect(b':')?;
        Some(name.value)
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    /// A whole number of few digits.
    pub fn whole(&mut self) -> Option<u64> {
        self.peek()?;
        let from = self.at;
        let count = self.digits();
        let digits = self.text.as_bytes().get(from..self.at)?;
        if count == 0 || count > DIGITS || (count > 1 && digits[0] == b'0') || self.continues_number() {
            return None;
        }
        Some(
            digits
                .iter()
                .fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')),
        )
    }

    /// A number of few digits without an exponent, as it stands there.
    pub fn number(&mut self) -> Option<&'a str> {
        self.peek()?;
        let from = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let first = self.byte();
        let whole = self.digits();
        let mut fraction = 0;
        if self.byte() == Some(b'.') {
            self.at += 1;
            fraction = self.digits();
            if fraction == 0 {
                return None;
            }
        }
        let fits = whole > 0 && whole + fraction <= DIGITS && !(whole > 1 && first == Some(b'0'));
        if !fits || self.continues_number() {
            return None;
        }
        self.text.get(from..self.at)
    }

    fn continues_number(&self) -> bool {
        matches!(self.byte(), Some(b'.' | b'e' | b'E' | b'+' | b'-' | b'0'..=b'9'))
    }

    /// One of JSON's words.
    pub fn word(&mut self, word: &'static str) -> Option<&'static str> {
        self.peek()?;
        self.rest().starts_with(word).then(|| {
            self.at += word.len();
            word
        })
    }
}

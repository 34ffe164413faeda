//! Finds the end of a JSON text, sixteen bytes at a time where the processor can.

/// How far a text is plain: no quotation mark, no backslash, no control character, no DEL. Whether a byte in it is
/// beyond ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    pub(super) len: usize,
    pub(super) is_ascii: bool,
}

/// How long the plain part at the beginning of `bytes` is.
pub(super) fn plain(bytes: &[u8]) -> Plain {
    let mut len = 0;
    let mut is_ascii = true;
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    while let Some(block) = bytes.get(len..).and_then(<[u8]>::first_chunk::<16>) {
        let masks = wasm::masks(block);
        if masks.special != 0 {
            let at = masks.special.trailing_zeros();
            is_ascii &= masks.high & ((1 << at) - 1) == 0;
            len += at as usize;
            return Plain { len, is_ascii };
        }
        is_ascii &= masks.high == 0;
        len += 16;
    }
    for byte in bytes.iter().skip(len) {
        if is_special(*byte) {
            break;
        }
        is_ascii &= byte.is_ascii();
        len += 1;
    }
    Plain { len, is_ascii }
}

fn is_special(byte: u8) -> bool {
    byte < b' ' || matches!(byte, b'"' | b'\\' | 0x7f)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use core::arch::wasm32::{i64x2, u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, v128_or};

    /// One bit a byte.
    pub(super) struct Masks {
        pub(super) special: u32,
        pub(super) high: u32,
    }

    pub(super) fn masks(block: &[u8; 16]) -> Masks {
        let half = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&block[at..at + 8]);
            i64::from_le_bytes(bytes)
        };
        let block = i64x2(half(0), half(8));
        let control = u8x16_lt(block, u8x16_splat(b' '));
        let quote = u8x16_eq(block, u8x16_splat(b'"'));
        let escape = u8x16_eq(block, u8x16_splat(b'\\'));
        let delete = u8x16_eq(block, u8x16_splat(0x7f));
        let special = v128_or(v128_or(control, quote), v128_or(escape, delete));
        Masks {
            special: u32::from(u8x16_bitmask(special)),
            high: u32::from(u8x16_bitmask(block)),
        }
    }
}

/// Whether a text beyond ASCII holds none of the characters that some rule has a word about: the controls U+0080 to
/// U+009F, line and paragraph separators, and those that turn the direction of writing.
pub(super) fn is_ordinary(bytes: &[u8]) -> bool {
    bytes.windows(2).enumerate().all(|(at, pair)| match pair {
        [0xc2, 0x80..=0x9f] => false,
        [0xe2, 0x80] => !matches!(bytes.get(at + 2), Some(0xa8..=0xae)),
        [0xe2, 0x81] => !matches!(bytes.get(at + 2), Some(0xa6..=0xa9)),
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_ends_where_a_search_for_each_character_says(text in "[ -~ü\"\\\\\n\u{7f}]{0,60}") {
            let bytes = text.as_bytes();
            let len = bytes.iter().position(|byte| is_special(*byte)).unwrap_or(bytes.len());
            prop_assert_eq!(plain(bytes), Plain { len, is_ascii: bytes[..len].is_ascii() });
        }

        #[test]
        fn what_is_ordinary_holds_no_such_character(text in "[a\u{80}-\u{a5}\u{2020}-\u{2070}]{0,4}") {
            let odd = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert_eq!(is_ordinary(text.as_bytes()), !text.contains(odd));
        }
    }
}

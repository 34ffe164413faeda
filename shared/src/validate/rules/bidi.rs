//! Names and addresses are shown as they are stored: characters that turn the direction of writing around can make
//! `moc.live` look like `evil.com` (Unicode Technical Report 36, 2.11; CVE-2021-42574). What people write is not refused for
//! them, but made safe by `legible`.

use super::piece::{Piece, Role};
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn bidi(piece: &Piece<'_>) -> Result<(), Rejection> {
    if piece.role != Role::Words && piece.value.chars().any(is_bidi_control) {
        let message = "Characters that change the direction of writing have no place here";
        return Err(piece.rejection(RejectionCode::BidiControl, message));
    }
    Ok(())
}

/// Embeddings, overrides and isolates, and their ends (UAX #9, 2.1 to 2.5). Marks such as U+200F only sway
/// neutral characters and stay.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_hold_none_and_words_may() {
        assert!(bidi(&Piece::name("a\u{202e}b")).is_err());
        assert!(bidi(&Piece::line("url", 9, "\u{2066}")).is_err());
        assert!(bidi(&Piece::words("text", 9, "a\u{2066}b\u{2069}")).is_ok());
        assert!(bidi(&Piece::name("שלום\u{200f}")).is_ok());
    }
}

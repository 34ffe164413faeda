//! Names and addresses are one line of visible characters.

use super::piece::{Piece, Role};
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn control(piece: &Piece<'_>) -> Result<(), Rejection> {
    let is_control = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if piece.role != Role::Words && piece.value.chars().any(is_control) {
        return Err(piece.rejection(
            RejectionCode::ControlCharacter,
            "Control characters have no place here",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_line_ends_and_words_have() {
        assert!(control(&Piece::line("url", 9, "a\nb")).is_err());
        assert!(control(&Piece::name("a\u{2028}b")).is_err());
        assert!(control(&Piece::words("text", 9, "a\nb")).is_ok());
    }
}

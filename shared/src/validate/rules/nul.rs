//! U+0000 ends a text for Postgres and for everything written in C: no sink could keep what was acknowledged.

use super::piece::Piece;
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn nul(piece: &Piece<'_>) -> Result<(), Rejection> {
    if piece.value.contains('\0') {
        return Err(piece.rejection(RejectionCode::NulCharacter, "U+0000 cannot be stored"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_refused_everywhere() {
        assert!(nul(&Piece::words("text", 9, "a\0b")).is_err());
        assert!(nul(&Piece::name("\0")).is_err());
        assert!(nul(&Piece::words("text", 9, "a0b")).is_ok());
    }
}

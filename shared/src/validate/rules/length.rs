//! No text is longer than its limit.

use super::piece::{Piece, Role};
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn length(piece: &Piece<'_>) -> Result<(), Rejection> {
    // Bytes bound characters from above, so most texts need no count. Names have a rule of their own.
    if piece.role == Role::Name || piece.value.len() <= piece.limit {
        return Ok(());
    }
    if piece.value.chars().count() > piece.limit {
        let mut rejection = piece.rejection(RejectionCode::TextTooLong, "");
        rejection.message = format!("At most {} characters", piece.limit).into();
        return Err(rejection);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert!(length(&Piece::words("text", 3, "üüü")).is_ok());
        assert!(length(&Piece::words("text", 3, "üüüü")).is_err());
    }
}

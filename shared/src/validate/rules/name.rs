//! A name can be seen, and is short enough for a list.

use super::piece::{Piece, Role};
use crate::rejection::{Rejection, RejectionCode};

pub(super) fn name(piece: &Piece<'_>) -> Result<(), Rejection> {
    if piece.role != Role::Name {
        return Ok(());
    }
    let is_long = piece.value.len() > piece.limit && piece.value.chars().count() > piece.limit;
    if is_long || piece.value.trim().is_empty() {
        return Err(piece.rejection(
            RejectionCode::NameInvalid,
            "A name has 1 to 64 characters, not all spaces",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_64_characters() {
        for (value, fits) in [
            ("", false),
            ("  ", false),
            ("a", true),
            (&"ü".repeat(64), true),
            (&"a".repeat(65), false),
        ] {
            assert_eq!(name(&Piece::name(value)).is_ok(), fits, "{value}");
        }
        assert!(name(&Piece::words("text", 1, "")).is_ok());
    }
}

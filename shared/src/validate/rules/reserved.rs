//! Names that mean something to JavaScript objects: whoever reads a line into one and writes by name would change
//! every object of their program.

use super::piece::{Piece, Role};
use crate::rejection::{Rejection, RejectionCode};

const RESERVED: [&str; 3] = ["__proto__", "constructor", "prototype"];

pub(super) fn reserved(piece: &Piece<'_>) -> Result<(), Rejection> {
    if piece.role == Role::Name && RESERVED.contains(&piece.value) {
        return Err(piece.rejection(RejectionCode::ReservedName, "This name is reserved by JavaScript"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_reserved() {
        assert!(reserved(&Piece::name("__proto__")).is_err());
        assert!(reserved(&Piece::name("constructors")).is_ok());
        assert!(reserved(&Piece::words("text", 99, "constructor")).is_ok());
    }
}

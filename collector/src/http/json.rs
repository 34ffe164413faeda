//! Reads bodies that are JSON, all in one way: each kind of reader would be compiled anew for every type it reads.

use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The body as text.
pub fn text(body: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(body).map_err(|error| Problem::BrokenUtf8 {
        at_byte: error.valid_up_to(),
    })
}

/// What the body says.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_str(text(body)?).map_err(|error| Problem::of_json(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        assert!(matches!(
            read::<u8>(b"1\xff"),
            Err(Problem::BrokenUtf8 { at_byte: 1 })
        ));
        assert_eq!(read::<u8>(b"7"), Ok(7));
    }
}

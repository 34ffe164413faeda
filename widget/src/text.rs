//! Texts as they go to the page's side and come back: records of units. See `browser/page.js`.

/// Ends a unit.
pub const UNIT: char = '\x1f';
/// Ends a record.
pub const RECORD: char = '\x1e';

/// The records of a text, each by its units.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    text.split(RECORD)
        .map(|record| record.split(UNIT).map(str::to_owned).collect())
        .collect()
}

/// Adds a record to a text that holds some already or none yet.
pub fn add(text: &mut String, units: &[&str]) {
    if !text.is_empty() {
        text.push(RECORD);
    }
    for (at, unit) in units.iter().enumerate() {
        if at > 0 {
            text.push(UNIT);
        }
        text.push_str(unit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_read() {
        let mut text = String::new();
        add(&mut text, &["a", "1"]);
        add(&mut text, &["b", ""]);
        assert_eq!(rows(&text), [["a", "1"], ["b", ""]]);
    }
}

//! Why items and requests were refused, and what to do. Of items, the words are those of `docs/rejections.md` itself, so
//! that the page and the documentation never differ.

use super::counted;

/// The documentation of every code.
const DOCS: &str = include_str!("../../../docs/rejections.md");

/// A code as the documentation explains it; parts between backquotes are code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with such an item.
    pub wrong: &'static str,
    /// What to do about it.
    pub todo: &'static str,
}

/// What the documentation says of a code; nothing where a newer collector has one that this page does not know.
pub fn refusal(code: &str) -> Option<Refusal> {
    DOCS.lines().find_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let is_it = cells.next()?.strip_suffix('`')? == code;
        let (wrong, todo) = (cells.next()?, cells.next()?);
        let todo = todo.trim_end_matches(['|', ' ']);
        is_it.then_some(Refusal { wrong, todo })
    })
}

/// A text of the documentation in parts: whether each is code, and its words.
pub fn marked(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split('`')
        .enumerate()
        .map(|(place, part)| (place % 2 == 1, part))
        .filter(|(_, part)| !part.is_empty())
}

/// What was counted apart from the balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// How many of what: "3 requests with a revoked key".
    pub what: String,
    /// What that means.
    pub meaning: &'static str,
}

/// What a reason for counting apart means.
pub fn apart(reason: &str, count: u64) -> Apart {
    let items = counted(count, "item", "items");
    let requests = counted(count, "request", "requests");
    let (what, meaning) = match reason {
        "retry" => (
            format!("{items} answered “retry”"),
            "Storage did not answer in time. The page keeps such items and sends them again by itself.",
        ),
        "quota" => (
            format!("{items} over the quota"),
            "The project’s items per hour were used up. Senders wait and try again; raise the quota in the settings if this is wanted traffic.",
        ),
        "unknown-key" => (
            format!("{requests} with a revoked key"),
            "Some pages still carry a key that was revoked. Put the current one into them.",
        ),
        "origin-not-allowed" => (
            format!("{requests} from an origin that is not allowed"),
            "If these are your pages, add their origin to the project’s settings.",
        ),
        "too-many-requests" => (
            format!("{requests} too fast"),
            "One address or key sent more a minute than the settings allow. Senders wait and try again.",
        ),
        _ => (
            format!("{requests} refused: {reason}"),
            "The whole request was refused before its items were read; its sender was told why.",
        ),
    };
    Apart { what, meaning }
}

/// What gaps in the numbers of items mean.
pub fn lost(count: u64) -> Apart {
    Apart {
        what: format!(
            "{} never arrived",
            counted(count, "numbered item", "numbered items")
        ),
        meaning: "Pages number what they send. These numbers are still missing a month later: mostly pages that were closed offline and never opened again.",
    }
}

#[cfg(test)]
mod tests {
    use hearback_shared::rejection::RejectionCode;

    use super::*;

    #[test]
    fn every_code_of_an_item_is_explained_with_what_to_do() {
        for code in RejectionCode::ALL {
            let refusal = refusal(code.as_str()).unwrap_or_else(|| panic!("{}", code.as_str()));
            assert!(!refusal.wrong.is_empty() && !refusal.todo.is_empty());
            assert!(!refusal.todo.contains('|'), "{refusal:?}");
        }
        assert_eq!(refusal("weather"), None);
        assert_eq!(refusal("code"), None);
    }

    #[test]
    fn code_in_the_documentation_is_told_from_words() {
        let parts: Vec<_> = marked("`seq` is not a number; send `1`").collect();
        assert_eq!(
            parts,
            [(true, "seq"), (false, " is not a number; send "), (true, "1")]
        );
    }

    #[test]
    fn what_is_counted_apart_says_whether_anybody_has_to_act() {
        assert_eq!(apart("retry", 1).what, "1 item answered “retry”");
        assert!(apart("retry", 2).meaning.contains("by itself"));
        assert!(apart("unknown-key", 2).meaning.contains("current one"));
        assert_eq!(apart("new-reason", 2).what, "2 requests refused: new-reason");
        assert_eq!(lost(12).what, "12 numbered items never arrived");
    }
}

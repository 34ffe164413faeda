//! A project is a tenant: what one team collects. It is always named by a credential, never by a body.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits;

/// A project's name: 1 to 32 of `a-z`, `0-9` and `-`, not starting or ending with `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectId(String);

/// The text is not a project's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidProject;

impl fmt::Display for InvalidProject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a project's name is 1 to 32 of a-z, 0-9 and -, not starting or ending with -")
    }
}

impl std::error::Error for InvalidProject {}

impl ProjectId {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProjectId {
    type Err = InvalidProject;

    fn from_str(text: &str) -> Result<Self, InvalidProject> {
        let allowed = text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let fits = (1..=limits::PROJECT_CHARS).contains(&text.len());
        if allowed && fits && !text.starts_with('-') && !text.ends_with('-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidProject)
        }
    }
}

impl TryFrom<String> for ProjectId {
    type Error = InvalidProject;

    fn try_from(text: String) -> Result<Self, InvalidProject> {
        text.parse()
    }
}

impl From<ProjectId> for String {
    fn from(project: ProjectId) -> Self {
        project.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_lower_case_and_free_of_separators() {
        for good in ["demo", "a", "shop-2", "0"] {
            assert!(good.parse::<ProjectId>().is_ok(), "{good}");
        }
        for bad in ["", "Demo", "a_b", "-a", "a-", "a/b", "ü", "a.b", &"a".repeat(33)] {
            assert_eq!(bad.parse::<ProjectId>(), Err(InvalidProject), "{bad}");
        }
    }
}

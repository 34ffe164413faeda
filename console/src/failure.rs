//! Why a question got no answer, and how that is said to a person.

use hearback_shared::wire::Problem;
use serde::de::DeserializeOwned;

/// Why a request to the collector came to nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No answer came: offline, a refused connection, or a wait that was given up.
    Unreachable,
    /// The token is not, or no longer, accepted.
    Unauthorized,
    /// The collector said no, and why.
    Refused(Problem),
    /// An answer came that is not what this version of the console reads.
    Unreadable,
}

impl Failure {
    /// What happened and what to do, in a sentence or two.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unreachable => {
                "The collector can’t be reached. Check the connection; nothing is lost in the meantime."
                    .to_owned()
            }
            Self::Unauthorized => "The token is no longer accepted. Sign in again.".to_owned(),
            Self::Refused(problem) if problem.detail.is_empty() => format!("{}.", problem.title),
            Self::Refused(problem) => problem.detail.clone(),
            Self::Unreadable => {
                "The answer can’t be read. The collector may have been updated: reload this page.".to_owned()
            }
        }
    }
}

/// An HTTP answer as the value it carries.
pub fn decode<T: DeserializeOwned>(status: u16, body: &str) -> Result<T, Failure> {
    match status {
        200..=299 => serde_json::from_str(body).map_err(|_| Failure::Unreadable),
        401 => Err(Failure::Unauthorized),
        _ => Err(Failure::Refused(
            serde_json::from_str(body).unwrap_or_else(|_| unexplained(status)),
        )),
    }
}

/// A refusal that came without a problem document: from a proxy in between, for instance.
fn unexplained(status: u16) -> Problem {
    Problem {
        kind: "about:blank".to_owned(),
        title: format!("The collector answered with status {status}"),
        status,
        detail: String::new(),
        mistakes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_and_another_shape_is_called_unreadable() {
        assert_eq!(decode::<u8>(200, "7"), Ok(7));
        assert_eq!(decode::<u8>(200, "<html>"), Err(Failure::Unreadable));
    }

    #[test]
    fn a_wrong_token_is_told_apart_from_other_refusals() {
        assert_eq!(decode::<u8>(401, "anything"), Err(Failure::Unauthorized));
        let body = r#"{"type":"urn:hearback:problem:setting","title":"Not set up","status":503,"detail":"SIGNING_KEYS is missing."}"#;
        let refused = decode::<u8>(503, body).expect_err("a refusal");
        assert_eq!(refused.sentence(), "SIGNING_KEYS is missing.");
    }

    #[test]
    fn a_refusal_without_a_reason_still_names_its_status() {
        let refused = decode::<u8>(502, "Bad Gateway").expect_err("a refusal");
        assert_eq!(refused.sentence(), "The collector answered with status 502.");
    }
}

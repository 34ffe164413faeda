//! The name of an item from a client that keeps no seqs, such as a server that sends now and then.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::limits;
use crate::project::ProjectId;

/// 1 to 64 printable ASCII characters without spaces, unique within its project for 30 days.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

/// The text is not a message id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidMessageId;

impl fmt::Display for InvalidMessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 1 to 64 printable ASCII characters without spaces")
    }
}

impl std::error::Error for InvalidMessageId {}

impl MessageId {
    /// The id as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 16 bytes that stand for this message in this project: what it is deduplicated, routed and stored by.
    pub fn digest(&self, project: &ProjectId) -> [u8; 16] {
        // A project's name holds no NUL, so no two pairs are the same bytes.
        let mut hash = Sha256::new();
        hash.update(project.as_str());
        hash.update([0]);
        hash.update(&self.0);
        let mut digest = [0; 16];
        digest.copy_from_slice(&hash.finalize()[..16]);
        digest
    }

    /// The id of the stored item: the same however often the message was sent.
    pub fn item_id(&self, project: &ProjectId) -> String {
        item_id_of(self.digest(project))
    }
}

/// The id of the stored item with this digest.
pub fn item_id_of(digest: [u8; 16]) -> String {
    format!("msg-{}", URL_SAFE_NO_PAD.encode(digest))
}

impl FromStr for MessageId {
    type Err = InvalidMessageId;

    fn from_str(text: &str) -> Result<Self, InvalidMessageId> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for MessageId {
    type Error = InvalidMessageId;

    fn try_from(text: String) -> Result<Self, InvalidMessageId> {
        let fits = (1..=limits::MESSAGE_ID_CHARS).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err(InvalidMessageId)
        }
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_ascii_is_an_id_and_anything_else_is_not() {
        for text in ["a", "order-4711/paid", &"x".repeat(64)] {
            assert!(text.parse::<MessageId>().is_ok(), "{text}");
        }
        for text in ["", "a b", "ä", "a\n", "\u{7f}", &"x".repeat(65)] {
            assert_eq!(text.parse::<MessageId>(), Err(InvalidMessageId), "{text}");
        }
    }

    #[test]
    fn the_stored_id_follows_from_project_and_message_and_from_nothing_else() {
        let id: MessageId = "order-4711".parse().expect("an id");
        let of = |project: &str| id.item_id(&project.parse().expect("a project"));
        assert_eq!(of("shop"), of("shop"));
        assert_ne!(of("shop"), of("blog"));
        assert_eq!(of("shop").len(), "msg-".len() + 22);
        assert_eq!(of("demo"), "msg-ajXw3Q9jhYtE7vrr8kIkmA");
    }
}

//! Whole-request errors, as RFC 9457 problem documents. The one place where errors become HTTP.

use hearback_shared::settings::Mistake;
use hearback_shared::{limits, wire};

use super::reply::Reply;

/// Why a request as a whole was refused. Errors of single items are rejections instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The key is none of ours, or was revoked.
    UnknownKey,
    /// The project has a list of origins, and the sender's is not on it.
    OriginNotAllowed,
    /// More than the sender, or the project, may send now.
    TooManyRequests {
        /// Seconds after which it may be tried again.
        wait_s: u64,
    },
    /// No such generation of the project's key.
    UnknownGeneration,
    /// The key that pages carry now cannot be revoked.
    KeyInUse,
    /// The bearer token is absent or none of ours.
    UnknownToken,
    /// The receipt is none of ours.
    UnknownReceipt,
    /// There is no feedback under this id.
    FeedbackNotFound,
    /// More bytes than an attachment may have.
    AttachmentTooLarge,
    /// The body is none of the pictures that are taken, or not a whole one.
    NotAPicture,
    /// There is no attachment of this project under this name.
    AttachmentNotFound,
    /// The receipt is ours, but what it speaks of is not there (yet).
    ReceiptNotFound,
    /// More bytes than a body may have, before or after decompression.
    BodyTooLarge,
    /// More items than a batch may have.
    TooManyItems,
    /// A content type other than those of the route.
    UnsupportedType,
    /// A content encoding other than gzip.
    UnsupportedEncoding,
    /// The body ends early or is not gzip.
    BrokenGzip,
    /// The body is not UTF-8.
    BrokenUtf8 {
        /// Offset of the first byte that is not.
        at_byte: usize,
    },
    /// The body is not JSON.
    BrokenJson {
        /// What the decoder says, with line and column.
        detail: String,
    },
    /// The body is JSON but not a batch.
    BadBatch {
        /// What the decoder says, with line and column.
        detail: String,
    },
    /// `producer` cannot be one.
    BadProducer,
    /// A query parameter cannot be read.
    BadParameter {
        /// Its name.
        name: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// A question about events cannot be answered.
    BadQuestion {
        /// The field that is wrong.
        field: String,
        /// What it has to be.
        expected: String,
    },
    /// Settings that cannot be kept.
    BadSettings {
        /// What is wrong, by path.
        mistakes: Vec<Mistake>,
    },
    /// A change that does not say which version it changes.
    IfMatchMissing,
    /// Somebody else changed it since it was read.
    ChangedMeanwhile,
    /// No such address.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed {
        /// The methods that do.
        allow: &'static str,
    },
    /// `/api/v1/live` without a WebSocket handshake.
    UpgradeRequired,
    /// Settings or bindings are missing or malformed.
    NotConfigured {
        /// One sentence for each.
        mistakes: Vec<String>,
    },
    /// A part behind the edge did not answer.
    Unavailable,
}

impl Problem {
    /// A decoding error: syntax is one thing, a batch of the wrong shape another.
    pub fn of_json(error: &serde_json::Error) -> Self {
        // The words of the error repeat values of the body.
        let detail = hearback_shared::redact::text(&error.to_string()).into_owned();
        if error.is_data() {
            Self::BadBatch { detail }
        } else {
            Self::BrokenJson { detail }
        }
    }

    /// The stable name, the last part of `type`.
    pub fn name(&self) -> &'static str {
        self.parts().1
    }

    /// Status, stable name, title and detail.
    fn parts(&self) -> (u16, &'static str, &'static str, String) {
        match self {
            Self::UnknownKey => (401, "unknown-key", "This key is not known", "Copy the key that the console's overview or `cargo xtask token` shows into data-key.".into()),
            Self::OriginNotAllowed => (403, "origin-not-allowed", "This origin may not send to this project", "Add the page's origin to `origins` in the project's settings; a server sends authorization: Bearer tk_… with its batch.".into()),
            Self::TooManyRequests { wait_s } => (429, "too-many-requests", "Too much was sent at once", format!("Nothing was lost: send it again in {wait_s} seconds.")),
            Self::UnknownGeneration => (404, "unknown-generation", "This key has no such generation", "GET /api/v1/keys lists them.".into()),
            Self::KeyInUse => (409, "key-in-use", "This is the key that pages carry now", "Rotate first (POST /api/v1/keys), put the new key into your pages, then revoke this one.".into()),
            Self::UnknownToken => (401, "unknown-token", "This token is not known", "Send authorization: Bearer tk_…, as `cargo xtask token` prints it.".into()),
            Self::UnknownReceipt => (404, "unknown-receipt", "This receipt is not known", "Use the receipt exactly as it was given.".into()),
            Self::FeedbackNotFound => (404, "feedback-not-found", "There is no feedback under this id", "GET /api/v1/feedback lists ids.".into()),
            Self::AttachmentTooLarge => (413, "attachment-too-large", "The attachment is too large", format!("At most {} bytes.", limits::ATTACHMENT_BYTES)),
            Self::NotAPicture => (415, "not-a-picture", "This is no picture that is taken here", "Send a whole PNG, JPEG or WebP; what it is, its first bytes say.".into()),
            Self::AttachmentNotFound => (404, "attachment-not-found", "There is no such attachment", "Use the name as the feedback has it.".into()),
            Self::ReceiptNotFound => (404, "receipt-not-found", "Nothing is kept under this receipt", "If it was given a moment ago, ask again shortly.".into()),
            Self::BodyTooLarge => (413, "body-too-large", "The body is too large", format!("At most {} bytes after decoding; send smaller batches.", limits::BODY_BYTES)),
            Self::TooManyItems => (413, "too-many-items", "The batch has too many items", format!("At most {} items; send smaller batches.", limits::BATCH_ITEMS)),
            Self::UnsupportedType => (415, "unsupported-content-type", "This content type is not read here", "Send application/json or text/plain in UTF-8; the form sends application/x-www-form-urlencoded.".into()),
            Self::UnsupportedEncoding => (415, "unsupported-content-encoding", "This content encoding is not read here", "Send the body plain or as gzip.".into()),
            Self::BrokenGzip => (400, "broken-gzip", "The body cannot be decompressed", "content-encoding says gzip, but the body is not complete gzip.".into()),
            Self::BrokenUtf8 { at_byte } => (400, "broken-utf8", "The body is not UTF-8", format!("Byte {at_byte} is not UTF-8.")),
            Self::BrokenJson { detail } => (400, "broken-json", "The body is not JSON", detail.clone()),
            Self::BadBatch { detail } => (400, "bad-batch", "The body is not a batch", detail.clone()),
            Self::BadProducer => (400, "bad-producer", "The producer is malformed", "A producer is 16 bytes in base64url (22 characters): the minute since 1970 in 4 bytes, at most a day ahead, then 12 random ones.".into()),
            Self::BadParameter { name, expected } => (400, "bad-parameter", "A query parameter cannot be read", format!("{name} has to be {expected}.")),
            Self::BadQuestion { field, expected } => (400, "bad-question", "This question cannot be answered", format!("{field} has to be {expected}.")),
            Self::BadSettings { mistakes } => (422, "bad-settings", "These settings cannot be kept", said(mistakes)),
            Self::IfMatchMissing => (428, "if-match-missing", "This change does not say what it changes", "Send if-match with the etag of what you read, or * to save over anything.".into()),
            Self::ChangedMeanwhile => (412, "changed-meanwhile", "Somebody else changed this since you read it", "Read it again, make your change there, and send it with the new etag.".into()),
            Self::NotFound => (404, "not-found", "There is nothing at this address", "ARCHITECTURE.md lists the addresses.".into()),
            Self::MethodNotAllowed { allow } => (405, "method-not-allowed", "This method is not answered here", format!("Use {allow}.")),
            Self::UpgradeRequired => (426, "upgrade-required", "This address speaks WebSocket", "Open it as a WebSocket with the subprotocols hearback.v1 and the token.".into()),
            Self::NotConfigured { mistakes } => (503, "not-configured", "The collector is not configured", mistakes.join("; ")),
            Self::Unavailable => (503, "unavailable", "This could not be done now", "Nothing was lost: send it again in a few seconds.".into()),
        }
    }

    /// The problem as an answer that any origin may read.
    pub fn reply(&self) -> Reply {
        let (status, name, title, detail) = self.parts();
        let body = wire::Problem {
            kind: format!("urn:hearback:problem:{name}"),
            title: title.into(),
            status,
            detail,
            mistakes: match self {
                Self::BadSettings { mistakes } => mistakes.clone(),
                _ => Vec::new(),
            },
        };
        let reply = Reply::json(status, &body)
            .header("content-type", "application/problem+json")
            .header("access-control-allow-origin", "*")
            // Without this a page of another origin could not see how long to wait.
            .header("access-control-expose-headers", "retry-after");
        match self {
            Self::MethodNotAllowed { allow } => reply.header("allow", *allow),
            Self::TooManyRequests { wait_s } => reply.header("retry-after", wait_s.to_string()),
            Self::UnknownToken => reply.header("www-authenticate", "Bearer"),
            Self::Unavailable | Self::NotConfigured { .. } => reply.header("retry-after", "5"),
            Self::UpgradeRequired => reply.header("upgrade", "websocket"),
            _ => reply,
        }
    }
}

/// Mistakes as one line of text.
fn said(mistakes: &[Mistake]) -> String {
    let lines: Vec<_> = mistakes
        .iter()
        .map(|mistake| match mistake.path.as_str() {
            "" => mistake.message.clone(),
            path => format!("{path}: {}", mistake.message),
        })
        .collect();
    lines.join("; ")
}

//! What an item is held to besides the pipeline of `shared::validate`: what only the edge can know.

use hearback_shared::item::{ItemBody, ItemKey};
use hearback_shared::limits;
use hearback_shared::project::ProjectId;
use hearback_shared::rejection::{Rejection, RejectionCode};
use hearback_shared::validate::{Judged, JudgedItem};

use crate::signing::SigningKeys;

/// With Global Privacy Control on, usage events are refused, and said to be; what a person chose to say is not.
pub(super) fn without_usage(item: &mut Judged) {
    let key = match item {
        Judged::Written { seq, .. } => ItemKey::Seq(*seq),
        Judged::Item(JudgedItem::Valid { key, item }) if matches!(item.body, ItemBody::Event(_)) => {
            key.clone()
        }
        Judged::Item(_) => return,
    };
    *item = Judged::Item(JudgedItem::Refused {
        key: Some(key),
        rejection: Rejection::item(
            RejectionCode::Gpc,
            "The visitor's browser asks not to be counted (Sec-GPC: 1)",
        ),
    });
}

/// An attachment's name proves by its HMAC that it was given to this project: no look into storage.
pub(super) fn hold_to_own_attachments(item: &mut JudgedItem, project: &ProjectId, signing: &SigningKeys) {
    let JudgedItem::Valid { key, item: valid } = item else {
        return;
    };
    let ItemBody::Feedback(feedback) = &valid.body else {
        return;
    };
    let is_own = |name: &String| signing.project_of_attachment(name).as_ref() == Some(project);
    if feedback.attachments.len() > limits::ATTACHMENTS || !feedback.attachments.iter().all(is_own) {
        *item = JudgedItem::Refused {
            key: Some(key.clone()),
            rejection: Rejection::field(
                RejectionCode::AttachmentInvalid,
                "attachments",
                "At most 5 names, each as POST /v1/attachments gave it",
            ),
        };
    }
}

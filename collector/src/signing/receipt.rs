//! Receipts: with one the sender of feedback sees what became of it, or has it erased. It names the item itself, so
//! that it is the same for every repeat and no table of receipts is needed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_shared::item::{MessageId, item_id};
use hearback_shared::message_id;
use hearback_shared::producer::Producer;
use hearback_shared::project::ProjectId;

use super::{SHORT_MAC_BYTES, SigningKeys};

/// Bytes before the MAC of what a page numbered: producer and seq.
const PAGE_BYTES: usize = 24;

/// Bytes before the MAC of what has an id of its own: its digest. The length tells the two apart.
const MESSAGE_BYTES: usize = 16;

/// What a receipt speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The project it was given by.
    pub project: ProjectId,
    /// The id of the stored item.
    pub item_id: String,
}

impl SigningKeys {
    /// The receipt of an item that its page numbered: always the same under the same signing key.
    pub fn receipt(&self, project: &ProjectId, producer: &Producer, seq: u64) -> String {
        let mut body = [0; PAGE_BYTES];
        body[..16].copy_from_slice(producer.as_bytes());
        body[16..].copy_from_slice(&seq.to_be_bytes());
        self.receipt_of(project, &body)
    }

    /// The receipt of an item that has an id of its own.
    pub fn message_receipt(&self, project: &ProjectId, id: &MessageId) -> String {
        self.receipt_of(project, &id.digest(project))
    }

    fn receipt_of(&self, project: &ProjectId, body: &[u8]) -> String {
        let signer = self.signer();
        let mac = signer.sign(&["rcp", project.as_str()], body);
        let bytes = [body, &mac[..SHORT_MAC_BYTES]].concat();
        format!("rcp_{project}_{}.{}", signer.id, URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What a receipt speaks of, if it is ours.
    pub fn verify_receipt(&self, receipt: &str) -> Option<Receipt> {
        let (project, signer, bytes) = self.split("rcp", receipt)?;
        let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(SHORT_MAC_BYTES)?)?;
        if !signer.verifies(&["rcp", project.as_str()], body, mac) {
            return None;
        }
        let item_id = match body.len() {
            PAGE_BYTES => {
                let producer = Producer::from_bytes(body[..16].try_into().ok()?);
                item_id(&producer, u64::from_be_bytes(body[16..].try_into().ok()?))
            }
            MESSAGE_BYTES => message_id::item_id_of(body.try_into().ok()?),
            _ => return None,
        };
        Some(Receipt { project, item_id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> SigningKeys {
        SigningKeys::parse(&format!("a:{}", URL_SAFE_NO_PAD.encode([1; 32]))).expect("keys")
    }

    fn demo() -> ProjectId {
        "demo".parse().expect("a project")
    }

    #[track_caller]
    fn check(receipt: &str, item_id: &str) {
        let expected = Receipt {
            project: demo(),
            item_id: item_id.to_owned(),
        };
        assert_eq!(keys().verify_receipt(receipt), Some(expected));
        for (at, _) in receipt.char_indices() {
            let mut forged = receipt.to_owned().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).expect("ASCII");
            assert_eq!(keys().verify_receipt(&forged), None, "changed at {at}");
        }
    }

    #[test]
    fn a_receipt_reads_back_and_does_not_bear_a_change() {
        let producer = Producer::from_bytes([9; 16]);
        let receipt = keys().receipt(&demo(), &producer, 18);
        assert_eq!(receipt, keys().receipt(&demo(), &producer, 18));
        check(&receipt, &item_id(&producer, 18));
    }

    #[test]
    fn what_has_an_id_of_its_own_has_a_receipt_of_its_own() {
        let id: MessageId = "order-4711".parse().expect("an id");
        let receipt = keys().message_receipt(&demo(), &id);
        assert_eq!(receipt, keys().message_receipt(&demo(), &id));
        check(&receipt, &id.item_id(&demo()));
        let other = "shop".parse().expect("a project");
        assert_ne!(receipt, keys().message_receipt(&other, &id));
    }

    #[test]
    fn a_mac_alone_is_no_receipt() {
        let keys = keys();
        for body in [&b""[..], &[7; 15], &[7; 17], &[7; 25]] {
            assert_eq!(keys.verify_receipt(&keys.receipt_of(&demo(), body)), None);
        }
    }
}

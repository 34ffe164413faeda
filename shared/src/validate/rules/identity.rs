//! Pages number their items, servers name them: a batch does one of the two, so that a repeat has one place where it
//! is recognised.

use crate::item::ItemKey;
use crate::limits::SEQ_MAX;
use crate::producer::Producer;
use crate::rejection::{Rejection, RejectionCode};
use crate::validate::explain::seq_invalid;

pub(super) fn identity(key: &ItemKey, producer: Option<&Producer>) -> Result<(), Rejection> {
    match (key, producer) {
        (ItemKey::Seq(seq), _) if !(1..=SEQ_MAX).contains(seq) => Err(seq_invalid()),
        (ItemKey::Seq(_), Some(_)) | (ItemKey::Message(_), None) => Ok(()),
        (ItemKey::Seq(_), None) => Err(Rejection::field(
            RejectionCode::IdentityMismatch,
            "seq",
            "A seq needs the batch's producer; without one an item has an id",
        )),
        (ItemKey::Message(_), Some(_)) => Err(Rejection::field(
            RejectionCode::IdentityMismatch,
            "id",
            "In a batch with a producer an item has a seq",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seq_has_a_producer_and_an_id_has_none() {
        let producer = Producer::from_bytes([1; 16]);
        let id = ItemKey::Message("a".parse().expect("an id"));
        assert!(identity(&ItemKey::Seq(1), Some(&producer)).is_ok());
        assert!(identity(&id, None).is_ok());
        assert!(identity(&ItemKey::Seq(1), None).is_err());
        assert!(identity(&id, Some(&producer)).is_err());
    }

    #[test]
    fn seqs_run_from_1_to_what_javascript_counts() {
        let producer = Producer::from_bytes([1; 16]);
        for (seq, fits) in [(0, false), (1, true), (SEQ_MAX, true), (SEQ_MAX + 1, false)] {
            assert_eq!(
                identity(&ItemKey::Seq(seq), Some(&producer)).is_ok(),
                fits,
                "{seq}"
            );
        }
    }
}

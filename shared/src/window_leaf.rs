//! Windows of many producers in one row of storage.
//!
//! Cloudflare bills rows written, whatever their size, and a project has a producer for every loaded page: a row for
//! each would cost more than all else. So the windows' table is the bottom level of a B+tree: a leaf holds the windows
//! of all producers from its own key up to the next leaf's. A producer begins with the minute of its birth, so the
//! pages that are open now lie side by side, and a checkpoint rewrites a few leaves, not a row a page. A leaf that has
//! grown too large is split.

use std::collections::BTreeMap;

use crate::codec::{Malformed, Reader, Writer};
use crate::producer::Producer;
use crate::window::SeqWindow;

/// Bytes of a leaf at most, but for one with a single window: about 3,000 windows of pages that sent in order. Larger
/// ones would save few rows, and every page's first request reads one.
pub const LEAF_BYTES: usize = 64 * 1024;

/// The key of the leaf that holds whatever lies before all others.
pub const FIRST_LEAF: [u8; 0] = [];

/// A leaf, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaf(BTreeMap<Producer, SeqWindow>);

/// One producer's window in a leaf's bytes, without reading the others.
pub fn find(bytes: &[u8], producer: &Producer) -> Result<Option<SeqWindow>, Malformed> {
    let mut entries = Entries::of(bytes);
    while let Some((found, body)) = entries.next()? {
        if found == *producer {
            return SeqWindow::from_bytes(body).map(Some);
        }
        if found > *producer {
            break;
        }
    }
    Ok(None)
}

impl Leaf {
    /// Reads a leaf's bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut entries = Entries::of(bytes);
        let mut windows = BTreeMap::new();
        while let Some((producer, body)) = entries.next()? {
            windows.insert(producer, SeqWindow::from_bytes(body)?);
        }
        Ok(Self(windows))
    }

    /// Puts a producer's window in place of what was there.
    pub fn put(&mut self, producer: Producer, window: SeqWindow) {
        self.0.insert(producer, window);
    }

    /// Forgets producers that were born before a minute; says how many of their items never came.
    pub fn forget_born_before(&mut self, minute: u32) -> u64 {
        let mut earliest = [0; 16];
        earliest[..4].copy_from_slice(&minute.to_be_bytes());
        let kept = self.0.split_off(&Producer::from_bytes(earliest));
        let gone = std::mem::replace(&mut self.0, kept);
        gone.values().map(SeqWindow::missing).sum()
    }

    /// The rows that take this leaf's place: keys and bytes, the first under the leaf's own key.
    pub fn rows(&self, key: &[u8], limit: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        let size: usize = self.0.values().map(|window| window.to_bytes().len() + 16).sum();
        // Even parts of two thirds at most: one that was cut off at the limit would be split again at once.
        let parts = size.saturating_add(size / 2).div_ceil(limit).max(1);
        let part = size.div_ceil(parts);
        let mut rows = vec![(key.to_vec(), Part::default())];
        for (producer, window) in &self.0 {
            let is_full = rows.last().is_some_and(|(_, last)| last.size >= part);
            if size > limit && is_full {
                rows.push((producer.as_bytes().to_vec(), Part::default()));
            }
            if let Some((_, last)) = rows.last_mut() {
                last.push(producer, window);
            }
        }
        rows.into_iter().map(|(key, part)| (key, part.writer.0)).collect()
    }
}

/// A leaf while it is written.
#[derive(Default)]
struct Part {
    writer: Writer,
    before: [u8; 16],
    /// What the windows would take without sharing.
    size: usize,
}

impl Part {
    /// Neighbours were born in the same minutes: a producer is written as what differs from the one before.
    fn push(&mut self, producer: &Producer, window: &SeqWindow) {
        let bytes = producer.as_bytes();
        let same = bytes.iter().zip(&self.before).take_while(|(a, b)| a == b).count();
        self.before = *bytes;
        let body = window.to_bytes();
        self.size += body.len() + 16;
        self.writer.length(same);
        self.writer.0.extend_from_slice(&bytes[same..]);
        self.writer.length(body.len());
        self.writer.0.extend_from_slice(&body);
    }
}

/// The entries of a leaf's bytes.
struct Entries<'a> {
    reader: Reader<'a>,
    before: [u8; 16],
}

impl<'a> Entries<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader(bytes),
            before: [0; 16],
        }
    }

    fn next(&mut self) -> Result<Option<(Producer, &'a [u8])>, Malformed> {
        if self.reader.0.is_empty() {
            return Ok(None);
        }
        // Not the length of what follows: a page may choose a producer that shares nearly all with its neighbour.
        let same = usize::try_from(self.reader.number()?).map_err(|_| Malformed)?;
        let rest = self.before.get_mut(same..).ok_or(Malformed)?;
        rest.copy_from_slice(self.reader.bytes(rest.len())?);
        let length = self.reader.length()?;
        Ok(Some((
            Producer::from_bytes(self.before),
            self.reader.bytes(length)?,
        )))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The table, and the shell's way through it.
    #[derive(Default)]
    struct Table(BTreeMap<Vec<u8>, Vec<u8>>);

    const LIMIT: usize = 120;

    impl Table {
        fn leaf(&self, producer: &Producer) -> (Vec<u8>, &[u8]) {
            let found = self.0.range(..=producer.as_bytes().to_vec()).next_back();
            found.map_or((FIRST_LEAF.to_vec(), &[][..]), |(key, bytes)| {
                (key.clone(), bytes.as_slice())
            })
        }

        fn put(&mut self, windows: &BTreeMap<Producer, SeqWindow>) {
            for (producer, window) in windows {
                let (key, bytes) = self.leaf(producer);
                let mut leaf = Leaf::from_bytes(bytes).expect("a leaf");
                leaf.put(*producer, window.clone());
                self.0.extend(leaf.rows(&key, LIMIT));
            }
        }
    }

    fn producer(minute: u8, name: u8) -> Producer {
        Producer::new(u64::from(minute) * 60_000, [name; 12])
    }

    fn window(seqs: &[u64]) -> SeqWindow {
        let mut window = SeqWindow::default();
        for seq in seqs {
            window.admit(*seq);
        }
        window
    }

    proptest! {
        #[test]
        fn the_table_knows_what_a_map_knows(
            puts in prop::collection::vec(
                prop::collection::btree_map((0_u8..6, 0_u8..20), prop::collection::vec(1_u64..40, 0..6), 1..4), 0..40)
        ) {
            let (mut table, mut map) = (Table::default(), BTreeMap::new());
            for put in puts {
                let put: BTreeMap<_, _> = put
                    .into_iter()
                    .map(|((minute, name), seqs)| (producer(minute, name), window(&seqs)))
                    .collect();
                table.put(&put);
                map.extend(put);
            }
            for minute in 0..6 {
                for name in 0..20 {
                    let producer = producer(minute, name);
                    let found = find(table.leaf(&producer).1, &producer);
                    prop_assert_eq!(found, Ok(map.get(&producer).cloned()));
                }
            }
            prop_assert!(table.0.values().all(|bytes| bytes.len() <= LIMIT), "a leaf is too large");
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            if let Ok(leaf) = Leaf::from_bytes(&bytes) {
                let again = leaf.rows(&FIRST_LEAF, usize::MAX);
                prop_assert_eq!(Leaf::from_bytes(&again[0].1), Ok(leaf));
            }
        }
    }

    #[test]
    fn a_leaf_that_is_too_large_becomes_several_of_about_one_size() {
        let mut leaf = Leaf::default();
        for name in 0..100 {
            leaf.put(producer(1, name), window(&[1, 2, 3]));
        }
        let rows = leaf.rows(&FIRST_LEAF, 1_000);
        let sizes: Vec<_> = rows.iter().map(|(_, bytes)| bytes.len()).collect();
        assert!(sizes.iter().all(|size| (300..1_000).contains(size)), "{sizes:?}");
        assert!(rows.is_sorted() && rows[0].0.is_empty(), "keys are not in order");
    }

    #[test]
    fn what_is_forgotten_is_counted() {
        let mut leaf = Leaf::default();
        leaf.put(producer(1, 1), window(&[1, 2, 5]));
        leaf.put(producer(2, 1), window(&[7]));
        leaf.put(producer(3, 1), window(&[9]));
        assert_eq!(leaf.forget_born_before(3), 2 + 6);
        let mut rest = Leaf::default();
        rest.put(producer(3, 1), window(&[9]));
        assert_eq!(leaf, rest);
    }

    #[test]
    fn a_page_that_sent_in_order_takes_less_than_twenty_bytes() {
        let mut leaf = Leaf::default();
        for name in 0..100 {
            leaf.put(producer(1, name), window(&[1, 2, 3, 4, 5, 6, 7]));
        }
        assert!(leaf.rows(&FIRST_LEAF, LEAF_BYTES)[0].1.len() < 2_000);
    }
}

//! The senders' own books: what was sent, and which answer was read for which item. An item counts as acknowledged
//! only when its own result stood in an answer that was read to its end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hearback_shared::item::item_id;
use hearback_shared::producer::Producer;

/// One sender's book, written as it goes.
pub struct Book(BufWriter<File>);

/// All books, read back.
#[derive(Debug, Default)]
pub struct Books {
    /// Every item that was sent, however it ended.
    pub sent: BTreeSet<String>,
    /// Times that each item was answered with each status.
    pub answers: BTreeMap<(String, String), u64>,
    /// Results that were read, by status.
    pub results: BTreeMap<String, u64>,
}

impl Book {
    /// Opens the book of sender `number`.
    pub fn open(folder: &Path, number: usize) -> Result<Self> {
        let path = folder.join(format!("sender-{number}.log"));
        let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(BufWriter::new(file)))
    }

    /// Notes what is about to be sent.
    pub fn sent(&mut self, producer: &Producer, seqs: &[u64]) -> Result<()> {
        seqs.iter()
            .try_for_each(|seq| writeln!(self.0, "sent {}", item_id(producer, *seq)))?;
        Ok(self.0.flush()?)
    }

    /// Notes the status that was read for an item.
    pub fn answered(&mut self, producer: &Producer, seq: u64, status: &str) -> Result<()> {
        Ok(writeln!(self.0, "{status} {}", item_id(producer, seq))?)
    }

    /// What was noted is in the file.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
}

impl Books {
    /// Reads all books in a folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut books = Self::default();
        let paths: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        for path in paths {
            for line in fs::read_to_string(&path)?.lines() {
                let (word, id) = line.split_once(' ').with_context(|| format!("a line `{line}`"))?;
                if word == "sent" {
                    books.sent.insert(id.to_owned());
                } else {
                    *books.answers.entry((id.to_owned(), word.to_owned())).or_default() += 1;
                    *books.results.entry(word.to_owned()).or_default() += 1;
                }
            }
        }
        Ok(books)
    }

    /// The items that were acknowledged as stored.
    pub fn acknowledged(&self) -> BTreeSet<&str> {
        let is_stored = |status: &str| status == "accepted" || status == "duplicate";
        self.answers
            .keys()
            .filter(|(_, status)| is_stored(status))
            .map(|(id, _)| id.as_str())
            .collect()
    }

    /// How many items were answered `accepted` more than once: each such answer says that it was stored anew.
    pub fn accepted_twice(&self) -> u64 {
        self.answers
            .iter()
            .filter(|((_, status), count)| status == "accepted" && **count > 1)
            .count() as u64
    }

    /// How many results with this status were read.
    pub fn results(&self, status: &str) -> u64 {
        self.results.get(status).copied().unwrap_or(0)
    }
}

//! Attachments as the project object keeps them: what is known of each, and its bytes in parts where no R2 is bound.

use hearback_shared::UnixMillis;
use worker::Result;

use super::store::{Store, number};

pub(super) const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS attachments (name TEXT PRIMARY KEY, at INTEGER NOT NULL, is_used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS attachment_parts (name TEXT NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (name, part))",
];

/// Bytes of a part: a stored value may have 2 MB.
const PART_BYTES: usize = 1024 * 1024;

/// How long a picture waits for the feedback that names it: as long as a page's items may.
const UNUSED_MS: UnixMillis = 30 * 24 * 60 * 60 * 1000;

/// The attachments of a project, in its object's database.
#[derive(Clone, Copy)]
pub(super) struct AttachmentStore<'a>(pub(super) &'a Store);

impl AttachmentStore<'_> {
    /// Notes an attachment, with its bytes unless they are kept elsewhere.
    pub(super) fn keep(self, name: &str, bytes: &[u8], now: UnixMillis) -> Result<()> {
        self.0.transaction(|| {
            self.0.run(
                "INSERT OR IGNORE INTO attachments (name, at) VALUES (?, ?)",
                vec![name.into(), number(now)],
            )?;
            for (part, data) in bytes.chunks(PART_BYTES).enumerate() {
                self.0.run(
                    "INSERT OR REPLACE INTO attachment_parts (name, part, data) VALUES (?, ?, ?)",
                    vec![name.into(), number(part as u64), data.to_vec().into()],
                )?;
            }
            Ok(())
        })
    }

    /// The bytes that are kept here.
    pub(super) fn bytes(self, name: &str) -> Result<Vec<u8>> {
        let rows = self.0.rows(
            "SELECT data FROM attachment_parts WHERE name = ? ORDER BY part",
            vec![name.into()],
        )?;
        Ok(rows.iter().flat_map(|row| row.bytes(0).iter().copied()).collect())
    }

    /// Notes that feedback names them.
    pub(super) fn mark_used(self, names: &[String]) -> Result<()> {
        names.iter().try_for_each(|name| {
            self.0.run(
                "UPDATE attachments SET is_used = 1 WHERE name = ?",
                vec![name.as_str().into()],
            )
        })
    }

    pub(super) fn forget(self, names: &[String]) -> Result<()> {
        for name in names {
            for table in ["attachments", "attachment_parts"] {
                self.0.run(
                    &format!("DELETE FROM {table} WHERE name = ?"),
                    vec![name.as_str().into()],
                )?;
            }
        }
        Ok(())
    }

    /// Those that no feedback came to name.
    pub(super) fn unused(self, now: UnixMillis) -> Result<Vec<String>> {
        let rows = self.0.rows(
            "SELECT name FROM attachments WHERE is_used = 0 AND at < ? LIMIT 1000",
            vec![number(now.saturating_sub(UNUSED_MS))],
        )?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }
}

//! What a million events cost on Cloudflare.

use anyhow::Result;

use super::Row;

pub(super) fn measure(_quick: bool) -> Result<Vec<Row>> {
    Ok(Vec::new())
}

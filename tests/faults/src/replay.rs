//! What a person does when the sink is mended: has every dead letter sent again.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xtask::runtime::Server;

/// Asks for all of them; says how many there were.
pub fn all(server: &Server) -> Result<u64> {
    let token = format!("Bearer {}", server.token());
    let mut list = ureq::get(format!("{}/api/v1/dead-letters", server.url()))
        .header("authorization", &token)
        .call()
        .context("asking for the dead letters")?;
    let list: Value = serde_json::from_str(&list.body_mut().read_to_string()?)?;
    let letters = list["letters"].as_array().context("a list of letters")?;
    for letter in letters {
        let id = letter["id"].as_str().context("a letter has an id")?;
        let answer = ureq::post(format!("{}/api/v1/dead-letters/{id}/replay", server.url()))
            .header("authorization", &token)
            .send_empty()
            .with_context(|| format!("sending letter {id} again"))?;
        ensure!(answer.status() == 202, "letter {id}: {}", answer.status());
    }
    Ok(letters.len() as u64)
}

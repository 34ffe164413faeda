//! `wrangler deploy --dry-run`: bundles the Worker and checks wrangler.toml, and sends nothing.

use anyhow::Result;

use crate::build::{self, Mode};
use crate::{paths, shell, tools};

/// Builds for release and lets wrangler judge it.
pub(super) fn check() -> Result<()> {
    build::all(Mode::Release)?;
    let out = paths::work().join("wrangler");
    let mut wrangler = tools::npx("wrangler");
    wrangler
        .args(["deploy", "--dry-run", "--outdir"])
        .arg(out)
        // It would otherwise ask for an account and tell its maker that it ran.
        .env("WRANGLER_SEND_METRICS", "false")
        .env("CI", "true");
    shell::step("wrangler", "Deploying, as a trial", &mut wrangler)
}

//! From a request's body to what shards are asked to append, and from their answers to the client's.

mod judged;
mod open;
mod rules;
mod spread;
#[cfg(test)]
mod tests;

use hearback_shared::project::ProjectId;

pub use judged::JudgedBatch;
pub use open::{OpenedBatch, decoded, open};
pub use spread::{Gathered, Part, Spread};

use crate::config::Config;
use crate::http::problem::Problem;

/// The key that exists only where `DEMO` is set.
const DEMO_KEY: &str = "pk_demo";

/// The project it belongs to.
const DEMO_PROJECT: &str = "demo";

/// The project that a public key belongs to, and its generation.
pub fn project_of_key(key: &str, config: &Config) -> Result<(ProjectId, u32), Problem> {
    if key == DEMO_KEY && config.demo {
        return Ok((DEMO_PROJECT.parse().expect("demo is a project's name"), 0));
    }
    config.signing.project_of_key(key).ok_or(Problem::UnknownKey)
}

/// The public key that a project's pages carry.
pub fn key_of_project(project: &ProjectId, generation: u32, config: &Config) -> String {
    if config.demo && generation == 0 && project.as_str() == DEMO_PROJECT {
        DEMO_KEY.to_owned()
    } else {
        config.signing.key(project, generation)
    }
}

//! `cargo xtask check`: everything about the code that can be judged without running it.

mod dependencies;
mod edges;
mod lints;
mod text;
mod worker;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::shell;

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> Result<()>,
}

/// Cheap ones first.
const STEPS: [Step; 8] = [
    Step {
        name: "text",
        about: "rooms, lengths, names of machines",
        run: text::check,
    },
    Step {
        name: "format",
        about: "rustfmt",
        run: lints::format,
    },
    Step {
        name: "edges",
        about: "which crate may depend on which",
        run: edges::check,
    },
    Step {
        name: "types",
        about: "TypeScript",
        run: lints::types,
    },
    Step {
        name: "clippy",
        about: "lints, for this machine",
        run: lints::clippy,
    },
    Step {
        name: "clippy-wasm",
        about: "lints, for page and edge",
        run: lints::clippy_wasm,
    },
    Step {
        name: "deny",
        about: "licences, sources, advisories",
        run: dependencies::check,
    },
    Step {
        name: "wrangler",
        about: "the Worker can be deployed",
        run: worker::check,
    },
];

/// Prints the names of the steps.
pub fn list() {
    for step in &STEPS {
        println!("{:<12} {}", step.name, step.about);
    }
}

/// Runs the steps with these names, or all. A failed one does not keep the others from running.
pub fn run(names: &[String]) -> Result<()> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !STEPS.iter().any(|step| step.name == **name))
    {
        bail!("`{unknown}` is not a step: `cargo xtask check --list` names them");
    }
    let mut failed = Vec::new();
    for step in STEPS
        .iter()
        .filter(|step| names.is_empty() || names.iter().any(|name| name == step.name))
    {
        let started = Instant::now();
        match (step.run)() {
            Ok(()) => shell::say(
                step.name,
                &format!("ok ({:.1} s)", started.elapsed().as_secs_f64()),
            ),
            Err(error) => {
                shell::say(
                    step.name,
                    &format!("FAILED ({:.1} s)\n{error:#}", started.elapsed().as_secs_f64()),
                );
                failed.push(step.name);
            }
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

//! `cargo xtask bundle`: `dist/hearback/`, which runs on one machine without the source tree, Rust or Node.
//!
//! The folder holds what an upgrade replaces and nothing that it must not: settings, secrets and storage lie
//! elsewhere (docs/self-host.md).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use hearback_collector::config::SETTINGS;

use crate::build::{self, Mode};
use crate::runtime;
use crate::{paths, shell, tools};

/// The profile of the program `hearback`, in Cargo.toml.
const PROFILE: &str = "tool";

/// Texts that are part of the bundle as they are, and their places in it.
const TEXTS: [(&str, &str); 8] = [
    ("operator/files/start", "start"),
    ("operator/files/hearback.env.example", "hearback.env.example"),
    ("operator/files/hearback.service", "systemd/hearback.service"),
    (
        "operator/files/hearback-sweep.service",
        "systemd/hearback-sweep.service",
    ),
    (
        "operator/files/hearback-sweep.timer",
        "systemd/hearback-sweep.timer",
    ),
    ("docs/self-host.md", "README.md"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
];

/// Where the bundle lies.
pub fn folder() -> PathBuf {
    paths::root().join("dist/hearback")
}

/// Builds everything and puts the bundle together; an earlier one is replaced at once.
pub fn run() -> Result<()> {
    build::all(Mode::Release)?;
    let program = build_program()?;
    let unfinished = folder().with_extension("new");
    let _ = fs::remove_dir_all(&unfinished);
    assemble(&unfinished, &program)?;
    let _ = fs::remove_dir_all(folder());
    fs::rename(&unfinished, folder()).context("naming the bundle")?;
    shell::say(
        "bundle",
        &format!(
            "{} is complete; its README.md says how to start",
            paths::shown(&folder())
        ),
    );
    Ok(())
}

fn build_program() -> Result<PathBuf> {
    let mut cargo = Command::new(paths::cargo());
    cargo
        .args([
            "build",
            "--package",
            "hearback-operator",
            "--bin",
            "hearback",
            "--profile",
            PROFILE,
        ])
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(paths::root());
    shell::step("bundle", "Compiling hearback-operator", &mut cargo)?;
    Ok(paths::root().join("target").join(PROFILE).join("hearback"))
}

fn assemble(to: &Path, program: &Path) -> Result<()> {
    for part in ["bin", "worker", "systemd"] {
        fs::create_dir_all(to.join(part))?;
    }
    copy(program, &to.join("bin/hearback"))?;
    copy(&tools::workerd()?, &to.join("bin/workerd"))?;
    for name in runtime::MODULES {
        copy(
            &paths::collector_build().join(name),
            &to.join("worker").join(name),
        )?;
    }
    copy_all(&paths::assets(), &to.join("assets"))?;
    for (from, name) in TEXTS {
        copy(&paths::root().join(from), &to.join(name))?;
    }
    fs::set_permissions(to.join("start"), fs::Permissions::from_mode(0o755))?;
    fs::write(to.join("hearback.capnp"), config(&runtime::compatibility_date()?))?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("copying {}", paths::shown(from)))?;
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", paths::shown(from)))? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_all(&path, &to)?;
        } else {
            copy(&path, &to)?;
        }
    }
    Ok(())
}

/// The configuration. The folders of assets and storage, and the address, are given at the start.
fn config(date: &str) -> String {
    format!(
        r#"# Made by `cargo xtask bundle`; an upgrade replaces it. `bin/hearback start` runs it.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "collector", worker = .collector),
    (name = "storage", disk = (writable = true)),
    (name = "assets", disk = (writable = false)),
    # Stores that the operator configured may be neighbours.
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
    (name = "public", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", http = (), service = "collector")],
);

{}"#,
        runtime::collector(date, "worker", "", &SETTINGS)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhooks_leave_by_the_public_network() {
        let config = config("2026-10-01");
        assert!(config.contains(r#"(name = "PUBLIC", service = "public")"#));
        assert!(config.contains(r#"(name = "public", network = (allow = ["public"],"#));
    }

    #[test]
    fn every_setting_is_bound_and_none_is_written() {
        let config = config("2026-10-01");
        for name in SETTINGS {
            assert!(
                config.contains(&format!(r#"(name = "{name}", fromEnvironment = "{name}")"#)),
                "{name}"
            );
        }
    }

    #[test]
    fn every_text_is_there() {
        for (from, _) in TEXTS {
            assert!(paths::root().join(from).is_file(), "{from}");
        }
    }
}

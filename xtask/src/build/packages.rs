//! The npm packages, `dist/npm/*.tgz`: compiled, put together with their texts, judged by `publint`, packed by npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::esbuild;
use crate::stamp::{self, Inputs};
use crate::{paths, shell, tools};

/// Folders below `packages/`, each after those that it depends on.
const PACKAGES: [&str; 2] = ["web", "react"];
const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Builds and packs the packages, unless nothing changed.
pub(super) fn build() -> Result<()> {
    let inputs = Inputs::new().text(env!("CARGO_PKG_VERSION")).paths(&[
        "packages",
        "tsconfig.base.json",
        "package-lock.json",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "xtask/src/build/packages.rs",
    ])?;
    stamp::unless_made("packages", inputs, make)?;
    Ok(())
}

/// What an application's bundle grows by that uses all of a package; React is the application's own.
pub fn bundled(package: &str) -> Result<Vec<u8>> {
    let out = paths::work().join(format!("npm-{package}.js"));
    let entry = |package: &str| workshop(package).join("dist/index.js");
    let options = [
        "--format=esm".to_owned(),
        "--external:react".to_owned(),
        format!("--alias:@hearback/web={}", entry("web").display()),
    ];
    esbuild::bundle(
        "packages",
        &entry(package),
        &out,
        esbuild::MODULE_TARGET,
        &options,
    )?;
    Ok(fs::read(out)?)
}

/// Where a package is put together.
fn workshop(package: &str) -> PathBuf {
    paths::root().join("target/npm").join(package)
}

/// Where the packed ones lie.
fn out() -> PathBuf {
    paths::root().join("dist/npm")
}

fn make() -> Result<Vec<PathBuf>> {
    let _ = fs::remove_dir_all(paths::root().join("target/npm"));
    let _ = fs::remove_dir_all(out());
    fs::create_dir_all(out())?;
    let last = PACKAGES[PACKAGES.len() - 1];
    shell::step(
        "packages",
        "Compiling the npm packages",
        tools::tsc().args(["--build", &format!("packages/{last}")]),
    )?;
    let mut made = Vec::new();
    for package in PACKAGES {
        made.push(pack(package)?);
        made.push(workshop(package).join("dist/index.js"));
    }
    Ok(made)
}

fn pack(package: &str) -> Result<PathBuf> {
    let source = paths::root().join("packages").join(package);
    let folder = workshop(package);
    for text in ["package.json", "README.md"] {
        copy(&source.join(text), &folder.join(text))?;
    }
    for licence in LICENCES {
        copy(&paths::root().join(licence), &folder.join(licence))?;
    }
    let manifest = fs::read_to_string(folder.join("package.json"))?;
    check_versions(package, &manifest)?;
    shell::step(
        "packages",
        &format!("Judging @hearback/{package}"),
        tools::npx("publint").arg("--strict").arg(&folder),
    )?;
    let mut npm = Command::new("npm");
    npm.args(["pack", "--pack-destination"])
        .arg(out())
        .current_dir(&folder);
    shell::step("packages", &format!("Packing @hearback/{package}"), &mut npm)?;
    let packed = out().join(format!("hearback-{package}-{}.tgz", env!("CARGO_PKG_VERSION")));
    ensure!(packed.is_file(), "npm packed no {}", paths::shown(&packed));
    Ok(packed)
}

/// Everything of one release bears one version, what a package wants of the other too.
fn check_versions(package: &str, manifest: &str) -> Result<()> {
    let manifest: serde_json::Value =
        serde_json::from_str(manifest).with_context(|| format!("reading packages/{package}/package.json"))?;
    let dependencies = manifest["dependencies"].as_object();
    let ours = dependencies.into_iter().flatten();
    let ours = ours.filter(|(name, _)| name.starts_with("@hearback/"));
    for (name, version) in ours
        .map(|(name, version)| (name.as_str(), version))
        .chain([("version", &manifest["version"])])
    {
        ensure!(
            version == env!("CARGO_PKG_VERSION"),
            "packages/{package}/package.json: {name} is {version}, and Cargo.toml's version is {}",
            env!("CARGO_PKG_VERSION")
        );
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("copying {}", paths::shown(from)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_another_version_is_not_packed() {
        let manifest = |own: &str, other: &str| {
            format!(r#"{{"version":"{own}","dependencies":{{"@hearback/web":"{other}","left":"9"}}}}"#)
        };
        let ours = env!("CARGO_PKG_VERSION");
        assert!(check_versions("react", &manifest(ours, ours)).is_ok());
        assert!(check_versions("react", &manifest("9.9.9", ours)).is_err());
        let error = check_versions("react", &manifest(ours, "^9.9.9")).expect_err("another version");
        assert!(error.to_string().contains("@hearback/web is"), "{error}");
    }
}

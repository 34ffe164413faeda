//! The configuration that `workerd` reads: one worker for the collector, one for the demo shop.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::paths;

/// The parts of the configuration that are not settings of the collector.
pub(super) struct Layout<'a> {
    /// The collector's port; the shop's is the next one.
    pub port: u16,
    /// The public key that the shop puts into its pages.
    pub key: &'a str,
    /// Whether addresses of this machine can be reached from inside.
    pub private_network: bool,
    /// The certificate of an authority that is trusted beside the browsers', in PEM.
    pub certificate: Option<&'a str>,
    /// The database behind the binding `HYPERDRIVE`.
    pub hyperdrive: Option<&'a Hyperdrive>,
}

/// A PostgreSQL database as `workerd`'s own Hyperdrive binding reaches it.
#[derive(Clone, Debug)]
pub struct Hyperdrive {
    /// `host:port`
    pub address: String,
    /// The database.
    pub database: String,
    /// The user.
    pub user: String,
    /// Their password, which stands in the configuration: for tests.
    pub password: String,
}

/// The files of the Worker, copied beside the configuration: a build during a run changes nothing for it.
pub const MODULES: [&str; 2] = ["index.js", "index_bg.wasm"];

/// Copies the Workers' code into the state folder, from where the configuration embeds it.
pub(super) fn copy_modules(collector: &Path, state: &Path) -> Result<()> {
    super::check_built()?;
    let folder = state.join("modules");
    fs::create_dir_all(&folder)?;
    for name in MODULES {
        let from = collector.join(name);
        fs::copy(&from, folder.join(name)).with_context(|| format!("copying {}", paths::shown(&from)))?;
    }
    let shop = paths::root().join("examples/shop/serve.js");
    fs::copy(&shop, folder.join("shop.js")).with_context(|| format!("copying {}", paths::shown(&shop)))?;
    fs::create_dir_all(state.join("storage"))?;
    Ok(())
}

/// Writes `workerd.capnp`. Values of settings come from the environment: some are secrets, and this file is not.
pub(super) fn write(state: &Path, layout: &Layout<'_>, bindings: &[(String, String)]) -> Result<()> {
    let names: Vec<_> = bindings.iter().map(|(name, _)| name.as_str()).collect();
    let text = text(state, &paths::assets(), &compatibility_date()?, layout, &names);
    fs::write(state.join("workerd.capnp"), text).with_context(|| format!("writing to {}", state.display()))
}

/// The date that fixes the runtime's behaviour, the same as on Cloudflare.
pub fn compatibility_date() -> Result<String> {
    let text = fs::read_to_string(paths::root().join("wrangler.toml")).context("reading wrangler.toml")?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("compatibility_date = \""));
    let date = line
        .and_then(|rest| rest.strip_suffix('"'))
        .context("wrangler.toml has no compatibility_date")?;
    Ok(date.to_owned())
}

fn text(state: &Path, assets: &Path, date: &str, layout: &Layout<'_>, settings: &[&str]) -> String {
    let Layout {
        port,
        key,
        private_network,
        certificate,
        hyperdrive,
    } = *layout;
    let trusted = certificate.map_or_else(String::new, |pem| {
        let pem = quoted(pem).replace('\n', "\\n");
        format!(", trustedCertificates = [{pem}]")
    });
    let (database, drive) = hyperdrive.map_or_else(Default::default, Hyperdrive::parts);
    let shop_port = port + 1;
    let collector = collector(date, "modules", &drive, settings);
    let allow = if private_network {
        r#"["public", "private"]"#
    } else {
        r#"["public"]"#
    };
    let date = quoted(date);
    let key = quoted(key);
    let storage = quoted(&state.join("storage").to_string_lossy());
    let assets = quoted(&assets.to_string_lossy());
    let shop_files = quoted(&paths::root().join("examples/shop/public").to_string_lossy());
    format!(
        r#"# Written by xtask at each start.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "collector", worker = .collector),
    (name = "shop", worker = .shop),
    (name = "storage", disk = (path = {storage}, writable = true)),
    (name = "assets", disk = (path = {assets})),
    (name = "shop-files", disk = (path = {shop_files})),
    (name = "internet", network = (allow = {allow}, tlsOptions = (trustBrowserCas = true{trusted}))),
    (name = "public", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
{database}  ],
  sockets = [
    (name = "collector", address = "127.0.0.1:{port}", http = (), service = "collector"),
    (name = "shop", address = "127.0.0.1:{shop_port}", http = (), service = "shop"),
  ],
);

{collector}
const shop :Workerd.Worker = (
  compatibilityDate = {date},
  modules = [(name = "shop.js", esModule = embed "modules/shop.js")],
  bindings = [
    (name = "FILES", service = "shop-files"),
    (name = "COLLECTOR", text = "http://127.0.0.1:{port}"),
    (name = "KEY", text = {key}),
  ],
);
"#
    )
}

/// The collector's worker, on this machine and in the bundle alike, with `more` bindings. It expects the services
/// `assets`, `storage` and `public`; without another network of its own it reaches the service `internet`.
pub fn collector(date: &str, modules: &str, more: &str, settings: &[&str]) -> String {
    let date = quoted(date);
    let settings = settings.iter().fold(String::new(), |mut lines, name| {
        let name = quoted(name);
        writeln!(lines, "    (name = {name}, fromEnvironment = {name}),")
            .expect("writing to a String does not fail");
        lines
    });
    format!(
        r#"const collector :Workerd.Worker = (
  compatibilityDate = {date},
  modules = [
    (name = "index.js", esModule = embed "{modules}/index.js"),
    (name = "index_bg.wasm", wasm = embed "{modules}/index_bg.wasm"),
  ],
  bindings = [
    (name = "ASSETS", service = "assets"),
    (name = "SHARD", durableObjectNamespace = "ShardObject"),
    (name = "PROJECT", durableObjectNamespace = "ProjectObject"),
    # Webhooks leave by it: whatever a name resolves to, it reaches no private address.
    (name = "PUBLIC", service = "public"),
{more}{settings}  ],
  durableObjectNamespaces = [
    (className = "ShardObject", uniqueKey = "hearback-shard", enableSql = true),
    (className = "ProjectObject", uniqueKey = "hearback-project", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "storage"),
);
"#
    )
}

impl Hyperdrive {
    /// Its service, and its binding.
    fn parts(&self) -> (String, String) {
        let [address, database, user, password] =
            [&self.address, &self.database, &self.user, &self.password].map(|text| quoted(text));
        (
            format!("    (name = \"database\", external = (address = {address}, tcp = ())),\n"),
            format!(
                "    (name = \"HYPERDRIVE\", hyperdrive = (designator = \"database\", scheme = \"postgresql\", database = {database}, user = {user}, password = {password})),\n"
            ),
        )
    }
}

/// A text in Cap'n Proto's notation.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(private_network: bool) -> String {
        let layout = Layout {
            port: 8787,
            key: "pk_demo",
            private_network,
            certificate: None,
            hyperdrive: None,
        };
        text(
            Path::new("/state"),
            Path::new("/a \"b\""),
            "2026-10-01",
            &layout,
            &["SIGNING_KEYS", "DEMO"],
        )
    }

    #[test]
    fn secrets_are_named_and_not_written() {
        assert!(config(true).contains(r#"(name = "SIGNING_KEYS", fromEnvironment = "SIGNING_KEYS"),"#));
    }

    #[test]
    fn private_addresses_are_out_of_reach_unless_asked_for() {
        assert!(config(false).contains(r#"(name = "internet", network = (allow = ["public"],"#));
        assert!(config(true).contains(r#"(name = "internet", network = (allow = ["public", "private"],"#));
        // Webhooks never reach them.
        assert!(config(true).contains(r#"(name = "public", network = (allow = ["public"],"#));
    }

    #[test]
    fn paths_may_hold_quotes() {
        assert!(config(true).contains(r#"path = "/a \"b\"""#));
    }
}

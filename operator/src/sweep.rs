//! `hearback sweep`: has the server mend the alarms of every project's shards. A timer runs it, as a cron does on
//! Cloudflare.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use ureq::Agent;

use crate::layout::State;
use crate::settings::Settings;
use crate::{objects, start};

/// How long the server may take for one project: its shards are asked at once.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sweeps all projects; fails after all where one failed.
pub fn run(state: Option<PathBuf>, settings: Option<PathBuf>) -> Result<()> {
    let state = State::existing(state)?;
    let settings = Settings::read(&settings.unwrap_or_else(|| state.settings()))?;
    let keys = start::signing(&state, &settings)?.keys;
    let address = reachable(settings.listen()?);
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    let mut failed = Vec::new();
    for project in objects::projects(&state.storage())? {
        let token = format!("Bearer {}", keys.token(&project));
        let asked = agent
            .post(format!("http://{address}/api/v1/sweep"))
            .header("authorization", token)
            .send_empty()
            .with_context(|| format!("asking {address}"));
        match asked {
            Ok(mut answer) if answer.status() == 200 => {
                println!("{project} {}", answer.body_mut().read_to_string()?.trim());
            }
            Ok(answer) => failed.push(format!("{project}: it answered {}", answer.status())),
            Err(error) => failed.push(format!("{project}: {error:#}")),
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

/// Where a server that listens everywhere is reached from here.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

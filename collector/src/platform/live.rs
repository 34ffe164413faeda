//! The console's socket. A browser cannot set headers on it, so the token comes as a subprotocol.

use hearback_shared::project::ProjectId;
use worker::{Env, Request, Response};

use super::body::header;
use super::entry::unavailable;
use super::stubs;
use crate::config::Config;
use crate::http::problem::Problem;

/// The subprotocol that the server agrees to; the other one offered is the token.
pub(super) const PROTOCOL: &str = "hearback.v1";

pub(super) async fn open(request: Request, env: &Env, config: &Config) -> Result<Response, Problem> {
    if header(&request, "upgrade").is_none_or(|value| !value.eq_ignore_ascii_case("websocket")) {
        return Err(Problem::UpgradeRequired);
    }
    let project = project(&request, config)?;
    let failed = |error| unavailable("live", &error);
    let stub = stubs::project(env, &project).map_err(failed)?;
    stub.fetch_with_request(request).await.map_err(failed)
}

fn project(request: &Request, config: &Config) -> Result<ProjectId, Problem> {
    let offered = header(request, "sec-websocket-protocol").unwrap_or_default();
    let mut offered = offered.split(',').map(str::trim);
    let speaks_ours = offered.clone().any(|protocol| protocol == PROTOCOL);
    let project = offered.find_map(|protocol| config.signing.project_of_token(protocol));
    project.filter(|_| speaks_ours).ok_or(Problem::UnknownToken)
}

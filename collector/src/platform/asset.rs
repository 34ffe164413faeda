//! Built files, from the one `ASSETS` interface that both runtimes have.

use worker::{EncodeBody, Env, Fetcher, Headers, Method, Request, Response, Result};

use super::body::header;
use super::{outgoing, respond};
use crate::http::assets;
use crate::http::problem::Problem;

/// The file at `path`: its brotli copy where there is one and the client reads brotli.
pub(super) async fn serve(request: &Request, env: &Env, path: &str) -> Result<Response> {
    let files = env.assets("ASSETS")?;
    let reads_brotli = header(request, "accept-encoding").is_some_and(|list| list.contains("br"));
    if reads_brotli && assets::may_be_brotli(path) {
        let found = fetch(&files, &format!("{path}.br")).await?;
        if found.status_code() == 200 {
            return headed(found, path, true, request.method() == Method::Head);
        }
    }
    let found = fetch(&files, path).await?;
    if found.status_code() == 200 {
        return headed(found, path, false, request.method() == Method::Head);
    }
    respond(Problem::NotFound.reply())
}

pub(super) async fn fetch(files: &Fetcher, path: &str) -> Result<Response> {
    files
        .fetch_request(outgoing::get(&format!("https://assets{path}"))?)
        .await
}

fn headed(found: Response, path: &str, is_brotli: bool, head_only: bool) -> Result<Response> {
    let headers = Headers::new();
    for (name, value) in assets::headers(path) {
        headers.set(name, value)?;
    }
    if assets::may_be_brotli(path) {
        headers.set("vary", "accept-encoding")?;
    }
    let (builder, body) = found.into_parts();
    let builder = builder.with_headers(headers);
    if head_only {
        return Ok(builder.empty());
    }
    if is_brotli {
        builder
            .with_header("content-encoding", "br")
            .map(|b| b.with_encode_body(EncodeBody::Manual).body(body))
    } else {
        Ok(builder.body(body))
    }
}

//! Reads a body without ever holding more of it than a body may have.

use futures_util::StreamExt;
use hearback_shared::limits::BODY_BYTES;
use worker::Request;

use crate::http::problem::Problem;

/// Bytes of a body that are waited for only so that its sender hears an answer: a photograph of a good camera.
const DRAINED_BYTES: usize = 32 * 1024 * 1024;

/// The bytes of the body. One that says it is too large is refused before it is read; one that does not say, as
/// soon as it is.
pub(super) async fn read(request: &mut Request) -> Result<Vec<u8>, Problem> {
    read_up_to(request, BODY_BYTES).await
}

/// The same with another limit.
pub(super) async fn read_up_to(request: &mut Request, limit: usize) -> Result<Vec<u8>, Problem> {
    let declared = header(request, "content-length").and_then(|text| text.parse::<usize>().ok());
    match declared {
        Some(bytes) if bytes > limit => Err(Problem::BodyTooLarge),
        Some(_) => request.bytes().await.map_err(|_| Problem::Unavailable),
        None => read_stream(request, limit).await,
    }
}

/// Reads what is left of a body and keeps none of it: a browser shows no answer while it still sends.
pub(super) async fn drain(request: &mut Request) {
    let Ok(mut stream) = request.stream() else { return };
    let mut left = DRAINED_BYTES;
    while let Some(Ok(chunk)) = stream.next().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            return;
        }
    }
}

async fn read_stream(request: &mut Request, limit: usize) -> Result<Vec<u8>, Problem> {
    // A request without a body has no stream either.
    let Ok(mut stream) = request.stream() else {
        return Ok(Vec::new());
    };
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        body.extend_from_slice(&chunk.map_err(|_| Problem::Unavailable)?);
        if body.len() > limit {
            return Err(Problem::BodyTooLarge);
        }
    }
    Ok(body)
}

/// A request header, if it is there and readable.
pub(super) fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}

/// What follows `?` in the address, undecoded. The runtime gives addresses in their normal form, so no parser (and
/// none of its tables) is needed.
pub(super) fn query(request: &Request) -> String {
    let url = request.inner().url();
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?')
        .map_or_else(String::new, |(_, query)| query.to_owned())
}

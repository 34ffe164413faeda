//! PostgreSQL as a sink: a connection for each delivery, and one statement on it.

mod wire;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use worker::{Env, Hyperdrive, Result};

use self::wire::Wire;
use super::random;
use crate::objects::delivery::Verdict;
use crate::sinks::postgres::talk::{self, Login, Refusal, Talk};
use crate::sinks::postgres::{Address, Server, explain};
use crate::sinks::{Parcel, PostgresSink};

/// Bytes of one read: what a server says to an insert is far shorter.
const READ_BYTES: usize = 8 * 1024;

/// Inserts a delivery. Dropped in the middle, as after a timeout, it leaves no connection open.
pub(super) async fn send(env: &Env, sink: &PostgresSink, parcel: &Parcel) -> Result<(Verdict, String)> {
    match &sink.server {
        Server::Direct(address) => direct(address, sink, parcel).await,
        Server::Hyperdrive { binding } => match env.hyperdrive(binding) {
            Ok(hyperdrive) => through(&hyperdrive, sink, parcel).await,
            Err(_) => Ok((Verdict::Failed, "the Worker has no such binding".to_owned())),
        },
    }
}

async fn direct(address: &Address, sink: &PostgresSink, parcel: &Parcel) -> Result<(Verdict, String)> {
    let mut wire = Wire::open(&address.host, address.port, address.tls)?;
    if address.tls {
        wire.send(&talk::tls_request()).await?;
        let mut answer = [0];
        wire.receive(&mut answer).await?;
        if !talk::is_tls_granted(answer[0]) {
            return Ok((Verdict::Failed, "the server does not speak TLS".to_owned()));
        }
        wire = wire.start_tls();
    }
    let (user, database) = (&address.user, &address.database);
    insert(wire, [user, database], address.password.as_deref(), sink, parcel).await
}

async fn through(hyperdrive: &Hyperdrive, sink: &PostgresSink, parcel: &Parcel) -> Result<(Verdict, String)> {
    let wire = Wire::from(hyperdrive.connect()?);
    let (user, database) = (hyperdrive.user(), hyperdrive.database());
    let password = hyperdrive.password();
    insert(wire, [&user, &database], Some(&password), sink, parcel).await
}

async fn insert(
    mut wire: Wire,
    [user, database]: [&str; 2],
    password: Option<&str>,
    sink: &PostgresSink,
    parcel: &Parcel,
) -> Result<(Verdict, String)> {
    let nonce = URL_SAFE_NO_PAD.encode(random::bytes::<18>());
    let login = Login {
        user,
        password,
        database,
        nonce: &nonce,
    };
    let (project, at) = (parcel.project.to_string(), parcel.received_at.to_string());
    let values = [project.as_str(), &at, parcel.body.trim_end()];
    let answer = match Talk::begin(&login, &sink.statement(), values) {
        Ok(talk) => converse(&mut wire, talk).await?,
        Err(refusal) => Err(refusal),
    };
    // Nothing depends on its being heard.
    let _ = wire.send(&talk::goodbye()).await;
    Ok(explain(answer))
}

/// Lets the two talk until the rows are stored, or one of them has had enough.
async fn converse(wire: &mut Wire, mut talk: Talk) -> Result<std::result::Result<u64, Refusal>> {
    let mut buffer = [0; READ_BYTES];
    loop {
        let outgoing = talk.outgoing();
        if !outgoing.is_empty() {
            wire.send(&outgoing).await?;
        }
        let length = wire.receive(&mut buffer).await?;
        match talk.receive(&buffer[..length]) {
            Ok(None) => {}
            Ok(Some(rows)) => return Ok(Ok(rows)),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
}

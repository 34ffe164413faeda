//! PostgreSQL as a sink: a connection for each delivery, and one statement on it. The statement has no name, so that
//! poolers (Hyperdrive, PgBouncer) may give each transaction another connection.

mod wire;

use std::error::Error as _;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio_postgres::config::SslMode;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Error};
use worker::{Env, Result};

use self::wire::{StartTls, Wire};
use super::sleep::sleep;
use crate::objects::delivery::Verdict;
use crate::sinks::postgres::{Address, Server, judge};
use crate::sinks::{Parcel, PostgresSink};

/// How long the server may take to hang up after our goodbye: nothing depends on it.
const GOODBYE_MS: u64 = 1_000;

/// Inserts a delivery. Dropped in the middle, as after a timeout, it leaves no connection open.
pub(super) async fn send(env: &Env, sink: &PostgresSink, parcel: &Parcel) -> Result<(Verdict, String)> {
    let (config, wire) = match &sink.server {
        Server::Direct(address) => (
            direct(address),
            Wire::open(&address.host, address.port, address.tls)?,
        ),
        Server::Hyperdrive { binding } => {
            let Ok(hyperdrive) = env.hyperdrive(binding) else {
                return Ok((Verdict::Failed, "the Worker has no such binding".to_owned()));
            };
            let mut config = config(&hyperdrive.user(), &hyperdrive.database(), SslMode::Disable);
            config.password(hyperdrive.password());
            (config, Wire::from(hyperdrive.connect()?))
        }
    };
    let (client, mut connection) = match config.connect_raw(wire, StartTls).await {
        Ok(connected) => connected,
        // Nothing was sent yet that could be poison.
        Err(error) => {
            return Ok(match refusal(&error) {
                (Verdict::Poison, why) => (Verdict::Failed, why),
                refusal => refusal,
            });
        }
    };
    let inserted = {
        let inserting = pin!(insert(&client, sink, parcel));
        match select(inserting, &mut connection).await {
            Either::Left((inserted, _)) => inserted,
            Either::Right((Err(error), _)) => Err(error),
            Either::Right((Ok(()), inserting)) => inserting.await,
        }
    };
    // Without its client the connection says goodbye and ends.
    drop(client);
    select(connection, pin!(sleep(Duration::from_millis(GOODBYE_MS)))).await;
    Ok(match inserted {
        Ok(rows) => (Verdict::Delivered, format!("it stored {rows}")),
        Err(error) => refusal(&error),
    })
}

fn direct(address: &Address) -> Config {
    let tls = if address.tls {
        SslMode::Require
    } else {
        SslMode::Disable
    };
    let mut config = config(&address.user, &address.database, tls);
    if let Some(password) = &address.password {
        config.password(password);
    }
    config
}

fn config(user: &str, database: &str, tls: SslMode) -> Config {
    let mut config = Config::new();
    config
        .user(user)
        .dbname(database)
        .application_name("hearback")
        .ssl_mode(tls);
    config
}

async fn insert(client: &Client, sink: &PostgresSink, parcel: &Parcel) -> std::result::Result<u64, Error> {
    let project = parcel.project.to_string();
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of a date stay below 2^53"
    )]
    let received_at = parcel.received_at as f64;
    let lines = parcel.body.trim_end();
    let parameters: [(&(dyn ToSql + Sync), Type); 3] = [
        (&project, Type::TEXT),
        (&received_at, Type::FLOAT8),
        (&lines, Type::TEXT),
    ];
    client.execute_typed(&sink.statement(), &parameters).await
}

/// What went wrong, in words without any value.
fn refusal(error: &Error) -> (Verdict, String) {
    if let Some(state) = error.code() {
        return judge(state.code());
    }
    // It has no kind of its own that could be asked for.
    let is_without_tls = error
        .source()
        .is_some_and(|source| source.to_string() == "server does not support TLS");
    let why = if is_without_tls {
        "the server does not speak TLS"
    } else {
        "no connection, or a broken one"
    };
    (Verdict::Failed, why.to_owned())
}

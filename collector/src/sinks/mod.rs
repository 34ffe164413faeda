//! Where deliveries go. Each kind of sink turns a delivery into one request; `platform` sends it.

pub mod answer;
pub mod clickhouse;
mod date;
pub mod fields;
pub mod http;
pub mod postgres;
pub mod queue;
pub mod s3;
mod setting;

use std::fmt;

use hearback_shared::UnixMillis;
use hearback_shared::guard::Reach;
use hearback_shared::project::ProjectId;
use hearback_shared::settings::Webhook;

pub use clickhouse::ClickHouseSink;
use date::Utc;
pub use http::HttpSink;
pub use postgres::PostgresSink;
pub use s3::S3Sink;
pub use setting::sinks;

/// How long a sink may take to answer.
pub const TIMEOUT_MS: u64 = 30_000;

/// What an object in a store is: its bytes are what its name says, and nobody unpacks them on the way.
pub const OBJECT_TYPE: &str = "application/gzip";

/// A sink by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sink {
    /// Unique among a project's sinks; part of no id, so it may be changed only together with the sink.
    pub name: String,
    /// What it is.
    pub kind: SinkKind,
}

/// The kinds of sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SinkKind {
    /// An HTTP receiver, signed by Standard Webhooks.
    Http(HttpSink),
    /// ClickHouse over HTTP.
    ClickHouse(ClickHouseSink),
    /// Any store that speaks S3.
    S3(S3Sink),
    /// PostgreSQL over a socket.
    Postgres(PostgresSink),
    /// An R2 bucket that is bound to the Worker.
    R2 {
        /// The binding.
        binding: String,
    },
    /// A Cloudflare queue that is bound to the Worker.
    Queue {
        /// The binding.
        binding: String,
    },
}

impl Sink {
    /// What is wrong where the sink names a binding that is not there; none where it names none.
    pub fn is_not_bound(&self) -> Option<String> {
        let (what, binding) = match &self.kind {
            SinkKind::R2 { binding } => ("R2 bucket", binding),
            SinkKind::Queue { binding } => ("queue", binding),
            SinkKind::Postgres(PostgresSink {
                server: postgres::Server::Hyperdrive { binding },
                ..
            }) => ("Hyperdrive", binding),
            _ => return None,
        };
        let name = &self.name;
        Some(format!(
            "SINKS is malformed: the sink `{name}` needs the {what} `{binding}`, which is not bound (docs/sinks.md)"
        ))
    }
}

impl fmt::Display for SinkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http(_) => "http",
            Self::ClickHouse(_) => "clickhouse",
            Self::S3(_) => "s3",
            Self::Postgres(_) => "postgres",
            Self::R2 { .. } => "r2",
            Self::Queue { .. } => "queue",
        })
    }
}

/// A project's sinks: the operator's, and then the project's own webhooks. Where both have a name, it is the
/// operator's: what was delivered is kept by name.
pub fn of_project(operators: &[Sink], webhooks: &[Webhook], reach: Reach) -> Vec<Sink> {
    let own = webhooks.iter().filter_map(|webhook| {
        let secret = HttpSink::read_secret(&webhook.secret)?;
        let url = webhook.url.clone();
        Some(Sink {
            name: webhook.name.clone(),
            kind: SinkKind::Http(HttpSink { url, secret, reach }),
        })
    });
    let is_free = |sink: &Sink| operators.iter().all(|other| other.name != sink.name);
    operators.iter().cloned().chain(own.filter(is_free)).collect()
}

/// A sealed delivery with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The delivery's id.
    pub id: String,
    /// The tenant.
    pub project: ProjectId,
    /// When its first item was received: the hour of its place in a store.
    pub received_at: UnixMillis,
    /// NDJSON, one item a line.
    pub body: String,
}

impl Parcel {
    /// Its place in a store: `project/YYYY-MM-DD/HH/<delivery-id>.ndjson.gz`. The same delivery always has the same
    /// place, so a repeat overwrites itself.
    pub fn object_name(&self) -> String {
        let first = Utc::at(self.received_at);
        let (date, hour) = (first.date(), first.hour);
        format!("{}/{date}/{hour:02}/{}.ndjson.gz", self.project, self.id)
    }

    /// The body, compressed. The same input gives the same bytes: no time is written into it.
    pub fn gzipped(&self) -> Vec<u8> {
        crate::gzip::packed(self.body.as_bytes())
    }
}

/// By which network a request leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlet {
    /// The one that reaches public addresses only, whatever a name resolves to: for webhooks.
    Public,
    /// The one that the operator opened: for stores of their own, which may be neighbours.
    Opened,
}

/// One HTTP request that hands over a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkRequest {
    /// `POST` or `PUT`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// By which way it leaves.
    pub outlet: Outlet,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn parcel() -> Parcel {
        Parcel {
            id: "dlv_x".into(),
            project: "shop".parse().expect("a project"),
            received_at: 1_795_003_600_000,
            body: "{\"id\":\"a\"}\n".into(),
        }
    }

    #[test]
    fn a_projects_webhooks_stand_beside_the_operators_sinks_and_never_replace_one() {
        let webhook = |name: &str| Webhook {
            name: name.into(),
            url: "https://hooks.example/in".into(),
            secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz".into(),
        };
        let operators = [Sink {
            name: "lake".into(),
            kind: SinkKind::R2 {
                binding: "LAKE".into(),
            },
        }];
        let sinks = of_project(&operators, &[webhook("crm"), webhook("lake")], Reach::Public);
        let named: Vec<_> = sinks
            .iter()
            .map(|sink| format!("{} {}", sink.name, sink.kind))
            .collect();
        assert_eq!(named, ["lake r2", "crm http"]);
    }

    #[test]
    fn an_object_lies_under_the_hour_of_its_first_item() {
        assert_eq!(parcel().object_name(), "shop/2026-11-18/12/dlv_x.ndjson.gz");
    }

    #[test]
    fn the_same_delivery_is_the_same_bytes() {
        assert_eq!(parcel().gzipped(), parcel().gzipped());
        let mut plain = String::new();
        flate2::read::GzDecoder::new(parcel().gzipped().as_slice())
            .read_to_string(&mut plain)
            .expect("gzip");
        assert_eq!(plain, parcel().body);
    }
}

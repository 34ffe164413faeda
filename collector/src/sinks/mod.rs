//! Where deliveries go. Each kind of sink turns a delivery into one request; `platform` sends it.

pub mod clickhouse;
pub mod http;
pub mod postgres;
mod setting;

use std::fmt;

use hearback_shared::UnixMillis;
use hearback_shared::project::ProjectId;

pub use clickhouse::ClickHouseSink;
pub use http::HttpSink;
pub use postgres::PostgresSink;
pub use setting::sinks;

/// How long a sink may take to answer.
pub const TIMEOUT_MS: u64 = 30_000;

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

impl fmt::Display for SinkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http(_) => "http",
            Self::ClickHouse(_) => "clickhouse",
            Self::Postgres(_) => "postgres",
            Self::R2 { .. } => "r2",
            Self::Queue { .. } => "queue",
        })
    }
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
        let (date, hour) = date_and_hour(self.received_at);
        format!("{}/{date}/{hour:02}/{}.ndjson.gz", self.project, self.id)
    }

    /// The body, compressed. The same input gives the same bytes: no time is written into it.
    pub fn gzipped(&self) -> Vec<u8> {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder
            .write_all(self.body.as_bytes())
            .and_then(|()| encoder.finish())
            .expect("memory takes every byte")
    }
}

/// One HTTP request that hands over a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkRequest {
    /// `POST` or `PUT`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// The date and hour of a time in UTC. Days from the civil calendar: Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`. A date library weighs more than the whole sink.
fn date_and_hour(at: UnixMillis) -> (String, u64) {
    let hour = at / 3_600_000;
    let days = hour / 24 + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (format!("{year:04}-{month:02}-{day:02}"), hour % 24)
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
    fn an_object_lies_under_the_hour_of_its_first_item() {
        assert_eq!(parcel().object_name(), "shop/2026-11-18/12/dlv_x.ndjson.gz");
        assert_eq!(date_and_hour(0), ("1970-01-01".into(), 0));
        assert_eq!(date_and_hour(1_709_164_799_999), ("2024-02-28".into(), 23));
        assert_eq!(date_and_hour(1_709_164_800_000), ("2024-02-29".into(), 0));
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

//! PostgreSQL: one `INSERT … ON CONFLICT DO NOTHING` a delivery, so a repeat changes nothing. What the table looks
//! like is in docs/sinks.md.

use super::ClickHouseSink;
use crate::objects::delivery::Verdict;

mod address;
mod login;
mod scram;
pub mod talk;

pub use address::Address;
use talk::Refusal;

/// A table and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresSink {
    /// Where the server is.
    pub server: Server,
    /// `table` or `schema.table`.
    pub table: String,
}

/// How a PostgreSQL server is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Server {
    /// By its own address.
    Direct(Address),
    /// Through Hyperdrive, which keeps the address and the connections.
    Hyperdrive {
        /// The binding.
        binding: String,
    },
}

impl PostgresSink {
    /// Reads the setting's parts: either an address or a binding.
    pub fn read(url: Option<&str>, binding: Option<String>, table: String) -> Result<Self, &'static str> {
        if !ClickHouseSink::is_table(&table) {
            return Err("table is `table` or `schema.table`");
        }
        let server = match (url, binding) {
            (Some(url), None) => Server::Direct(Address::parse(url)?),
            (None, Some(binding)) => Server::Hyperdrive { binding },
            _ => return Err("it has either url or binding"),
        };
        Ok(Self { server, table })
    }

    /// The statement. Its parameters are the project, when the delivery's first item was received (milliseconds), and
    /// the delivery, one item a line. The conflict names its columns: without a unique index on them the server
    /// refuses it, where repeats would otherwise pile up unnoticed.
    pub fn statement(&self) -> String {
        format!(
            "INSERT INTO {} (project, id, received_at, item) \
             SELECT $1, line->>'id', to_timestamp(coalesce((line->>'received_at')::float8, $2) / 1000), line \
             FROM (SELECT unnest(string_to_array($3, E'\\n'))::jsonb AS line) AS lines \
             ON CONFLICT (project, id) DO NOTHING",
            self.table
        )
    }
}

/// What became of a delivery, and the words for it. The server's own message is not repeated: it may quote an item.
pub fn explain(answer: Result<u64, Refusal>) -> (Verdict, String) {
    match answer {
        Ok(rows) => (Verdict::Delivered, format!("it stored {rows}")),
        Err(Refusal::Statement(state)) => judge(&state),
        // Nothing was sent yet that could be poison.
        Err(Refusal::Login(state)) => match judge(&state) {
            (Verdict::Poison, why) => (Verdict::Failed, why),
            judged => judged,
        },
        Err(Refusal::Wary(why)) => (Verdict::Credentials, why.to_owned()),
        Err(Refusal::Garbled) => (Verdict::Failed, "it does not speak PostgreSQL".to_owned()),
    }
}

/// What an error means by its SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn judge(state: &str) -> (Verdict, String) {
    let (verdict, why) = match state {
        "23502" => (Verdict::Failed, ": a column of the table refuses to be empty"),
        // What a trigger says by RAISE EXCEPTION.
        "P0001" => (Verdict::Poison, ": the table refuses an item"),
        "28P01" => (Verdict::Credentials, ": the password is wrong"),
        "42501" => (
            Verdict::Credentials,
            ": the user lacks a right that docs/sinks.md lists",
        ),
        "3D000" => (Verdict::Failed, ": there is no such database"),
        "42P01" | "3F000" => (
            Verdict::Failed,
            ": there is no such table; create it as docs/sinks.md shows",
        ),
        "25006" => (Verdict::Failed, ": it is read-only, as a standby is"),
        "53300" => (Verdict::Failed, ": it has too many connections"),
        _ => match state.get(..2).unwrap_or_default() {
            "22" | "23" | "54" => (Verdict::Poison, ": the table refuses an item"),
            "28" => (Verdict::Credentials, ": it does not let this user in"),
            "42" => (Verdict::Failed, ": the table is not as docs/sinks.md shows"),
            _ => (Verdict::Failed, ""),
        },
    };
    (verdict, format!("it answered {state}{why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_an_address_or_a_binding_and_a_table_is_a_name() {
        let url = "postgres://u:p@db.example/d";
        let read = |url, binding: Option<&str>, table: &str| {
            PostgresSink::read(url, binding.map(str::to_owned), table.to_owned())
        };
        assert!(read(Some(url), None, "hearback.items").is_ok());
        assert!(read(None, Some("HYPERDRIVE"), "items").is_ok());
        assert!(read(None, None, "items").is_err());
        assert!(read(Some(url), Some("HYPERDRIVE"), "items").is_err());
        assert!(read(Some(url), None, "items; DROP TABLE items").is_err());
    }

    #[test]
    fn only_what_speaks_of_an_item_is_poison() {
        for state in ["22P02", "22P05", "23514", "23P01", "54000", "P0001"] {
            assert_eq!(judge(state).0, Verdict::Poison, "{state}");
        }
        for state in ["28000", "28P01", "42501"] {
            assert_eq!(judge(state).0, Verdict::Credentials, "{state}");
        }
        for state in [
            "", "08006", "23502", "3D000", "40001", "42P01", "42P10", "42703", "53100", "57P03", "XX000",
        ] {
            assert_eq!(judge(state).0, Verdict::Failed, "{state}");
        }
    }

    #[test]
    fn a_login_that_fails_is_never_poison() {
        assert_eq!(
            explain(Err(Refusal::Statement("22023".into()))).0,
            Verdict::Poison
        );
        assert_eq!(explain(Err(Refusal::Login("22023".into()))).0, Verdict::Failed);
        assert_eq!(
            explain(Err(Refusal::Login("28P01".into()))).0,
            Verdict::Credentials
        );
        assert_eq!(explain(Ok(0)), (Verdict::Delivered, "it stored 0".into()));
    }

    #[test]
    fn what_a_person_has_to_mend_is_said() {
        assert_eq!(
            judge("42P01").1,
            "it answered 42P01: there is no such table; create it as docs/sinks.md shows"
        );
        assert_eq!(judge("57P01").1, "it answered 57P01");
    }
}

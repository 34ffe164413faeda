//! ClickHouse over HTTP: one `INSERT … FORMAT JSONEachRow` a delivery. The delivery's id is the insert's
//! deduplication token, and the table (docs/sinks.md) collapses rows of the same id, so a repeat changes nothing.

use super::{Outlet, Parcel, SinkRequest};

/// A table and who may write to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClickHouseSink {
    /// `https://host:8443`
    pub url: String,
    /// `table` or `database.table`.
    pub table: String,
    /// The user.
    pub user: String,
    /// Their password.
    pub password: String,
}

impl ClickHouseSink {
    /// Whether a text can be the name of a table: it stands in the statement as it is.
    pub fn is_table(name: &str) -> bool {
        let is_part = |part: &str| {
            !part.is_empty()
                && !part.starts_with(|c: char| c.is_ascii_digit())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let mut parts = name.split('.');
        parts.by_ref().take(2).all(is_part) && parts.next().is_none()
    }

    /// The statement. Each line becomes a row of three columns: what to find and collapse it by, and the whole item.
    pub fn statement(&self) -> String {
        format!(
            "INSERT INTO {} (project, id, received_at, item) SELECT JSONExtractString(line, 'project'), JSONExtractString(line, 'id'), fromUnixTimestamp64Milli(JSONExtractInt(line, 'received_at')), line FROM input('line String') FORMAT LineAsString",
            self.table
        )
    }

    /// The request that inserts a delivery.
    pub fn request(&self, parcel: &Parcel) -> SinkRequest {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("query", &self.statement())
            .append_pair("insert_deduplication_token", &parcel.id)
            .append_pair("wait_end_of_query", "1")
            .finish();
        let separator = if self.url.contains('?') { '&' } else { '?' };
        SinkRequest {
            method: "POST",
            url: format!("{}{separator}{query}", self.url),
            outlet: Outlet::Opened,
            headers: vec![
                ("x-clickhouse-user", self.user.clone()),
                ("x-clickhouse-key", self.password.clone()),
                ("content-encoding", "gzip".to_owned()),
            ],
            body: parcel.gzipped(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_carries_the_same_token_and_no_secret_is_in_the_address() {
        let sink = ClickHouseSink {
            url: "https://ch.example:8443".into(),
            table: "hearback.items".into(),
            user: "writer".into(),
            password: "secret".into(),
        };
        let parcel = Parcel {
            id: "dlv_x".into(),
            project: "shop".parse().expect("a project"),
            received_at: 0,
            body: "{}\n".into(),
        };
        let request = sink.request(&parcel);
        assert_eq!(request, sink.request(&parcel));
        assert!(request.url.contains("insert_deduplication_token=dlv_x"));
        assert!(!request.url.contains("secret"));
    }

    #[test]
    fn a_table_is_a_name_and_nothing_else() {
        for good in ["items", "hearback.items", "_a1"] {
            assert!(ClickHouseSink::is_table(good), "{good}");
        }
        for bad in ["", "a.b.c", "a b", "items; DROP TABLE x", "1a", "a.", "`a`"] {
            assert!(!ClickHouseSink::is_table(bad), "{bad}");
        }
    }
}

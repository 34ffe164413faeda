//! ClickHouse over HTTP: one `INSERT` a delivery, one row a line. The sink fills the column `item` alone; the table
//! (docs/sinks.md) makes its other columns of it, so that a team adds its own without a change here. The delivery's id
//! is the insert's deduplication token, and the table collapses rows of the same id, so a repeat changes nothing.

use super::answer::SinkAnswer;
use super::{Outlet, Parcel, SinkRequest};
use crate::objects::delivery::Verdict;

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

    /// The statement; the lines of the body are its data.
    pub fn statement(&self) -> String {
        format!("INSERT INTO {} (item) FORMAT LineAsString", self.table)
    }

    /// The request that inserts a delivery.
    pub fn request(&self, parcel: &Parcel) -> SinkRequest {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("query", &self.statement())
            .append_pair("insert_deduplication_token", &parcel.id)
            // A delivery is a batch already, and only a plain insert knows its token again.
            .append_pair("async_insert", "0")
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

/// What an answer means. ClickHouse says by a code of its own what is wrong
/// (<https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp>); its statuses mix what is wrong
/// with the items and what is wrong with the table.
pub fn judge(answer: &SinkAnswer) -> (Verdict, String) {
    let code = answer.exception_code.as_deref().map(str::parse::<u32>);
    let Some(code) = code else {
        return without_code(answer);
    };
    let code = code.unwrap_or_default();
    let (verdict, advice) = match code {
        192..=194 | 516 => (Verdict::Credentials, ": mend `user` or `password`"),
        497 => (Verdict::Credentials, ": the user needs the right to INSERT"),
        60 | 81 => (
            Verdict::Failed,
            ": make the table as docs/sinks.md says, or mend `table`",
        ),
        _ if is_of_the_items(code) => (Verdict::Poison, ": the table does not take an item"),
        _ => (Verdict::Failed, ""),
    };
    (
        verdict,
        answer.said(&format!("with ClickHouse's error {code}{advice}")),
    )
}

/// Not an answer of ClickHouse's own, but of something in front of it, if it is a refusal.
fn without_code(answer: &SinkAnswer) -> (Verdict, String) {
    let verdict = match answer.status {
        200..300 => Verdict::Delivered,
        401 | 403 => Verdict::Credentials,
        413 => Verdict::Poison,
        _ => Verdict::Failed,
    };
    (verdict, answer.said(""))
}

/// Whether an error says that a column of the table, or a constraint on it, can't be made of an item: what can't be
/// parsed (6, 26, 27, 38, 41, 72, 467), converted (43, 53, 70) or held (69, 321, 349, 407), and a constraint (395, 469).
fn is_of_the_items(code: u32) -> bool {
    matches!(
        code,
        6 | 26 | 27 | 38 | 41 | 43 | 53 | 69 | 70 | 72 | 117 | 321 | 349 | 395 | 407 | 467 | 469
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_tells_poison_from_what_a_person_has_to_mend() {
        #[track_caller]
        fn check(status: u16, code: &str, verdict: Verdict, word: &str) {
            let (found, said) = judge(&SinkAnswer {
                status,
                exception_code: (!code.is_empty()).then(|| code.to_owned()),
                ..SinkAnswer::default()
            });
            assert_eq!(found, verdict, "{said}");
            assert!(said.contains(word), "{said}");
        }
        check(400, "6", Verdict::Poison, "an item");
        check(500, "469", Verdict::Poison, "error 469");
        check(404, "60", Verdict::Failed, "make the table");
        check(404, "16", Verdict::Failed, "error 16");
        check(403, "516", Verdict::Credentials, "password");
        check(500, "497", Verdict::Credentials, "INSERT");
        check(500, "241", Verdict::Failed, "error 241");
        check(200, "241", Verdict::Failed, "error 241");
        check(200, "", Verdict::Delivered, "200");
        // What something in front of it says: a 400 of a proxy is not about an item.
        check(400, "", Verdict::Failed, "400");
        check(413, "", Verdict::Poison, "413");
        check(403, "", Verdict::Credentials, "403");
        check(500, "<b>", Verdict::Failed, "error 0");
    }

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

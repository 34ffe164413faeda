//! A connection's whole talk with a PostgreSQL server
//! (<https://www.postgresql.org/docs/current/protocol-flow.html>): a login, one statement, goodbye. Bytes in, bytes
//! out. The messages are read and written by `postgres-protocol`.

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend;

use super::login::Entry;
pub use super::login::Login;

/// Bytes of a message at most: the longest that is awaited is an error's, and room is made as it announces itself.
const MESSAGE_BYTES: u32 = 256 * 1024;

/// Types of parameters, by their numbers in `pg_type`.
const TEXT: u32 = 25;
const FLOAT8: u32 = 701;

/// Why a talk ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server turned the login down, with this SQLSTATE.
    Login(String),
    /// The server turned the statement down, with this SQLSTATE.
    Statement(String),
    /// We can't or won't log in there, and why.
    Wary(&'static str),
    /// What it says is not the protocol.
    Garbled,
}

/// A talk under way.
pub struct Talk {
    entry: Entry,
    /// The statement, until the login is over.
    statement: Option<BytesMut>,
    rows: u64,
    inbox: BytesMut,
    outbox: BytesMut,
}

/// What asks a server to go on encrypted; it answers with one byte.
pub fn tls_request() -> Vec<u8> {
    let mut bytes = BytesMut::new();
    frontend::ssl_request(&mut bytes);
    bytes.to_vec()
}

/// Whether it said yes.
pub fn is_tls_granted(answer: u8) -> bool {
    answer == b'S'
}

/// What says goodbye.
pub fn goodbye() -> Vec<u8> {
    let mut bytes = BytesMut::new();
    frontend::terminate(&mut bytes);
    bytes.to_vec()
}

impl Talk {
    /// Begins: what is to be sent first is there.
    pub fn begin(login: &Login<'_>, statement: &str, values: [&str; 3]) -> Result<Self, Refusal> {
        let mut outbox = BytesMut::new();
        let parameters = [
            ("user", login.user),
            ("database", login.database),
            ("client_encoding", "UTF8"),
            ("application_name", "hearback"),
        ];
        frontend::startup_message(parameters, &mut outbox).map_err(|_| Refusal::Garbled)?;
        Ok(Self {
            entry: Entry::new(login),
            statement: Some(written(statement, values).map_err(|_| Refusal::Garbled)?),
            rows: 0,
            inbox: BytesMut::new(),
            outbox,
        })
    }

    /// Takes what is to be sent.
    pub fn outgoing(&mut self) -> Vec<u8> {
        self.outbox.split().to_vec()
    }

    /// Reads what came. Says how many rows were stored, once they are.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Option<u64>, Refusal> {
        self.inbox.extend_from_slice(bytes);
        while self.is_within_bounds()? {
            let Some(message) = Message::parse(&mut self.inbox).map_err(|_| Refusal::Garbled)? else {
                break;
            };
            if self.take(message)? {
                return Ok(Some(self.rows));
            }
        }
        Ok(None)
    }

    /// Whether a message begins there; an error where it would be too long.
    fn is_within_bounds(&self) -> Result<bool, Refusal> {
        match self.inbox.get(1..5) {
            Some(length) => {
                let length = length.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
                (length <= MESSAGE_BYTES).then_some(true).ok_or(Refusal::Garbled)
            }
            None => Ok(false),
        }
    }

    /// Takes one message; true at the end.
    fn take(&mut self, message: Message) -> Result<bool, Refusal> {
        match message {
            // Nothing is told to a server that has not let us in.
            Message::ReadyForQuery(_) if !self.entry.is_over() => return Err(Refusal::Garbled),
            Message::ReadyForQuery(_) => match self.statement.take() {
                Some(statement) => self.outbox.unsplit(statement),
                None => return Ok(true),
            },
            Message::CommandComplete(body) => self.rows = rows(body.tag().unwrap_or_default()),
            Message::ErrorResponse(body) => {
                let state = state(&body);
                return Err(match self.statement {
                    Some(_) => Refusal::Login(state),
                    None => Refusal::Statement(state),
                });
            }
            Message::BackendKeyData(_)
            | Message::BindComplete
            | Message::NoticeResponse(_)
            | Message::NotificationResponse(_)
            | Message::ParameterStatus(_)
            | Message::ParseComplete => {}
            login => self.entry.step(login, &mut self.outbox)?,
        }
        Ok(false)
    }
}

/// The statement without a name, its values as text, and the end of the transaction: one round trip.
fn written(statement: &str, values: [&str; 3]) -> Result<BytesMut, Box<dyn std::error::Error>> {
    let mut bytes = BytesMut::new();
    frontend::parse("", statement, [TEXT, FLOAT8, TEXT], &mut bytes)?;
    let as_text = |value: &str, out: &mut BytesMut| {
        out.extend_from_slice(value.as_bytes());
        Ok(IsNull::No)
    };
    frontend::bind("", "", [], values, as_text, [], &mut bytes).map_err(|_| "too long")?;
    frontend::execute("", 0, &mut bytes)?;
    frontend::sync(&mut bytes);
    Ok(bytes)
}

/// The count in `INSERT 0 17`.
fn rows(tag: &str) -> u64 {
    tag.rsplit(' ')
        .next()
        .and_then(|count| count.parse().ok())
        .unwrap_or(0)
}

/// An error's SQLSTATE: five letters and digits, or nothing.
fn state(body: &ErrorResponseBody) -> String {
    let code = body.fields().find(|field| Ok(field.type_() == b'C'));
    let state = code.ok().flatten().map(|field| field.value_bytes().to_vec());
    let state = String::from_utf8(state.unwrap_or_default()).unwrap_or_default();
    let is_state = state.len() == 5 && state.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_state { state } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message as the server writes it.
    fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).expect("a length").to_be_bytes();
        [&[tag][..], &length, body].concat()
    }

    /// What a login asks for, by its number.
    fn asks(kind: u32, body: &[u8]) -> Vec<u8> {
        message(b'R', &[&kind.to_be_bytes()[..], body].concat())
    }

    fn error(state: &str) -> Vec<u8> {
        message(b'E', format!("SERROR\0C{state}\0Mwith an item\0\0").as_bytes())
    }

    fn ready() -> Vec<u8> {
        message(b'Z', b"I")
    }

    fn begun(password: Option<&str>) -> Talk {
        let login = Login {
            user: "ann",
            password,
            database: "shop",
            nonce: "n0nce",
        };
        let mut talk = Talk::begin(&login, "INSERT", ["demo", "1", "{}"]).expect("a talk");
        let first = String::from_utf8_lossy(&talk.outgoing()).into_owned();
        assert!(first.contains("user\0ann\0database\0shop\0"), "{first}");
        talk
    }

    /// Past its login, with the statement sent.
    fn logged_in() -> Talk {
        let mut talk = begun(None);
        let welcome = [asks(0, b""), message(b'S', b"a\0b\0"), ready()].concat();
        assert_eq!(talk.receive(&welcome), Ok(None));
        assert!(talk.outgoing().starts_with(b"P"));
        talk
    }

    #[test]
    fn rows_are_stored_when_the_transaction_is_over_and_not_before() {
        let mut talk = logged_in();
        let done = [
            message(b'1', b""),
            message(b'2', b""),
            message(b'C', b"INSERT 0 17\0"),
        ]
        .concat();
        assert_eq!(talk.receive(&done), Ok(None));
        assert_eq!(talk.receive(&ready()), Ok(Some(17)));
        // A constraint may be checked at the very end.
        let mut talk = logged_in();
        assert_eq!(talk.receive(&done), Ok(None));
        assert_eq!(
            talk.receive(&error("23503")),
            Err(Refusal::Statement("23503".into()))
        );
    }

    #[test]
    fn messages_may_come_in_any_pieces() {
        let mut talk = logged_in();
        let done = [message(b'C', b"INSERT 0 1\0"), ready()].concat();
        let answers: Vec<_> = done.iter().map(|byte| talk.receive(&[*byte])).collect();
        let (last, before) = answers.split_last().expect("answers");
        assert_eq!(last, &Ok(Some(1)));
        assert!(before.iter().all(|answer| answer == &Ok(None)));
    }

    #[test]
    fn an_error_is_of_the_login_or_of_the_statement_and_repeats_no_item() {
        let mut talk = begun(None);
        assert_eq!(talk.receive(&error("28P01")), Err(Refusal::Login("28P01".into())));
        assert_eq!(
            logged_in().receive(&error("23514")),
            Err(Refusal::Statement("23514".into()))
        );
        assert_eq!(
            logged_in().receive(&error("long and odd")),
            Err(Refusal::Statement(String::new()))
        );
    }

    #[test]
    fn older_logins_work_too() {
        let mut talk = begun(Some("secret"));
        assert_eq!(talk.receive(&asks(3, b"")), Ok(None));
        assert_eq!(talk.outgoing(), message(b'p', b"secret\0"));
        assert_eq!(talk.receive(&[asks(0, b""), ready()].concat()), Ok(None));
        assert!(talk.outgoing().starts_with(b"P"));
        let mut talk = begun(Some("secret"));
        assert_eq!(talk.receive(&asks(5, &[1, 2, 3, 4])), Ok(None));
        assert!(talk.outgoing().starts_with(b"p\0\0\0\x28md5"));
        assert!(matches!(
            begun(None).receive(&asks(3, b"")),
            Err(Refusal::Wary(_))
        ));
    }

    #[test]
    fn a_server_that_skips_its_part_of_the_login_is_a_stranger() {
        let mut talk = begun(Some("secret"));
        assert_eq!(
            talk.receive(&asks(10, b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0")),
            Ok(None)
        );
        assert!(talk.outgoing().ends_with(b"n,,n=,r=n0nce"));
        assert!(matches!(talk.receive(&asks(0, b"")), Err(Refusal::Wary(_))));
        let mut talk = begun(Some("secret"));
        assert_eq!(talk.receive(&asks(10, b"SCRAM-SHA-256\0\0")), Ok(None));
        assert_eq!(talk.receive(&asks(11, b"r=n0nceX,s=c2FsdA==,i=1")), Ok(None));
        assert!(matches!(
            talk.receive(&asks(12, b"v=AAAA")),
            Err(Refusal::Wary(_))
        ));
        let other = begun(Some("secret")).receive(&asks(10, b"OAUTHBEARER\0\0"));
        assert!(matches!(other, Err(Refusal::Wary(_))));
    }

    #[test]
    fn nothing_is_told_to_a_server_that_has_not_let_us_in() {
        let mut talk = begun(None);
        assert_eq!(talk.receive(&ready()), Err(Refusal::Garbled));
        assert!(talk.outgoing().is_empty());
        // Nor the password, to one that asks for less than it did at first.
        let mut talk = begun(Some("secret"));
        assert_eq!(talk.receive(&asks(10, b"SCRAM-SHA-256\0\0")), Ok(None));
        talk.outgoing();
        assert_eq!(talk.receive(&asks(3, b"")), Err(Refusal::Garbled));
        assert!(talk.outgoing().is_empty());
    }

    #[test]
    fn no_room_is_made_for_what_only_announces_itself() {
        assert_eq!(begun(None).receive(b"E\xff\xff\xff\xff"), Err(Refusal::Garbled));
        assert_eq!(
            begun(None).receive(b"HTTP/1.1 400 Bad Request"),
            Err(Refusal::Garbled)
        );
    }
}

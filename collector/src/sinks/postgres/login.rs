//! The login at a PostgreSQL server, a message at a time.

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;

use super::scram::{Proof, Scram};
use super::talk::Refusal;

/// The one login with a proof that we know.
const SCRAM: &str = "SCRAM-SHA-256";

const UNKNOWN_KIND: Refusal = Refusal::Wary("the server asks for a login of an unknown kind");
const STRANGER: Refusal = Refusal::Wary("the server does not know the password itself");

/// Who logs in where.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The user.
    pub user: &'a str,
    /// Their password, if there is one.
    pub password: Option<&'a str>,
    /// The database.
    pub database: &'a str,
    /// Random and printable.
    pub nonce: &'a str,
}

/// How far the login is: nothing was asked, a proof was asked for, it was given, the password was told or the server
/// proved itself too, we are in.
enum Stage {
    Fresh,
    Challenged(Scram),
    Proven(Proof),
    Answered,
    Known,
}

/// A login under way.
pub(super) struct Entry {
    user: String,
    password: Option<String>,
    nonce: String,
    stage: Stage,
}

impl Entry {
    pub(super) fn new(login: &Login<'_>) -> Self {
        Self {
            user: login.user.to_owned(),
            password: login.password.map(str::to_owned),
            nonce: login.nonce.to_owned(),
            stage: Stage::Fresh,
        }
    }

    /// Whether the server has let us in.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Known)
    }

    /// Takes a step of the login; each comes once, and in its order.
    pub(super) fn step(&mut self, message: Message, out: &mut BytesMut) -> Result<(), Refusal> {
        self.stage = match (&self.stage, message) {
            (Stage::Fresh, Message::AuthenticationCleartextPassword) => {
                let password = self.password()?;
                frontend::password_message(password.as_bytes(), out).map_err(garbled)?;
                Stage::Answered
            }
            (Stage::Fresh, Message::AuthenticationMd5Password(body)) => {
                let hash = md5_hash(self.user.as_bytes(), self.password()?.as_bytes(), body.salt());
                frontend::password_message(hash.as_bytes(), out).map_err(garbled)?;
                Stage::Answered
            }
            (Stage::Fresh, Message::AuthenticationSasl(body)) => {
                if !matches!(body.mechanisms().any(|name| Ok(name == SCRAM)), Ok(true)) {
                    return Err(UNKNOWN_KIND);
                }
                let scram = Scram::new(&self.password()?, &self.nonce);
                let first = scram.message();
                frontend::sasl_initial_response(SCRAM, first.as_bytes(), out).map_err(garbled)?;
                Stage::Challenged(scram)
            }
            (Stage::Challenged(scram), Message::AuthenticationSaslContinue(body)) => {
                let challenge = str::from_utf8(body.data()).unwrap_or_default();
                let proof = scram.prove(challenge).ok_or(Refusal::Garbled)?;
                frontend::sasl_response(proof.message.as_bytes(), out).map_err(garbled)?;
                Stage::Proven(proof)
            }
            (Stage::Proven(proof), Message::AuthenticationSaslFinal(body)) => {
                let last = str::from_utf8(body.data()).unwrap_or_default();
                proof
                    .is_answered_by(last)
                    .then_some(Stage::Answered)
                    .ok_or(STRANGER)?
            }
            (Stage::Fresh | Stage::Answered, Message::AuthenticationOk) => Stage::Known,
            (Stage::Challenged(_) | Stage::Proven(_), Message::AuthenticationOk) => return Err(STRANGER),
            (
                Stage::Fresh,
                Message::AuthenticationGss
                | Message::AuthenticationKerberosV5
                | Message::AuthenticationScmCredential
                | Message::AuthenticationSspi,
            ) => return Err(UNKNOWN_KIND),
            _ => return Err(Refusal::Garbled),
        };
        Ok(())
    }

    fn password(&self) -> Result<String, Refusal> {
        let password = self.password.clone();
        password.ok_or(Refusal::Wary("the server asks for a password, and url has none"))
    }
}

fn garbled(_: std::io::Error) -> Refusal {
    Refusal::Garbled
}

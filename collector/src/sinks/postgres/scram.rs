//! A login by SCRAM-SHA-256 (RFC 5802 and RFC 7677) without channel binding. `postgres-protocol` has one too, with
//! 40 KB of Unicode tables for passwords that are typed in several ways; one in a setting is sent as it stands there.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Rounds that a server may ask for: PostgreSQL's are 4,096, careful people's 600,000.
const ROUNDS: u32 = 1_000_000;

/// "No channel binding", as the first message says it and as the second repeats it in base64.
const HEADER: &str = "n,,";

/// A login under way.
pub(super) struct Scram {
    password: String,
    /// The first message without its header. The server takes the user's name from elsewhere.
    first: String,
}

/// The second message, and what the server has to answer.
pub(super) struct Proof {
    pub message: String,
    expected: [u8; 32],
}

impl Scram {
    /// `nonce` is random and printable.
    pub(super) fn new(password: &str, nonce: &str) -> Self {
        Self {
            password: password.to_owned(),
            first: format!("n=,r={nonce}"),
        }
    }

    /// The first message.
    pub(super) fn message(&self) -> String {
        format!("{HEADER}{}", self.first)
    }

    /// Proves that we know the password; none where the server's challenge makes no sense.
    pub(super) fn prove(&self, challenge: &str) -> Option<Proof> {
        let mut fields = challenge.split(',');
        let nonce = fields.next()?.strip_prefix("r=")?;
        let salt = STANDARD.decode(fields.next()?.strip_prefix("s=")?).ok()?;
        let rounds: u32 = fields.next()?.strip_prefix("i=")?.parse().ok()?;
        let (_, ours) = self.first.split_once("r=")?;
        if !nonce.starts_with(ours) || !(1..=ROUNDS).contains(&rounds) {
            return None;
        }
        let salted = salted(self.password.as_bytes(), &salt, rounds);
        let bare = format!("c={},r={nonce}", STANDARD.encode(HEADER));
        let said = format!("{},{challenge},{bare}", self.first);
        let mut proof = hmac(&salted, b"Client Key");
        let signature = hmac(&Sha256::digest(proof), said.as_bytes());
        for (byte, other) in proof.iter_mut().zip(signature) {
            *byte ^= other;
        }
        Some(Proof {
            message: format!("{bare},p={}", STANDARD.encode(proof)),
            expected: hmac(&hmac(&salted, b"Server Key"), said.as_bytes()),
        })
    }
}

impl Proof {
    /// Whether the server knows the password too, and is no stranger.
    pub(super) fn is_answered_by(&self, last: &str) -> bool {
        last.strip_prefix("v=")
            .and_then(|text| STANDARD.decode(text).ok())
            .is_some_and(|signature| signature.ct_eq(&self.expected).into())
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    keyed(key).chain_update(message).finalize().into_bytes().into()
}

/// `Hi` of RFC 5802: PBKDF2 with one block.
fn salted(password: &[u8], salt: &[u8], rounds: u32) -> [u8; 32] {
    let keyed = keyed(password);
    let first = keyed.clone().chain_update(salt).chain_update(1_u32.to_be_bytes());
    let mut last: [u8; 32] = first.finalize().into_bytes().into();
    let mut sum = last;
    for _ in 1..rounds {
        last = keyed.clone().chain_update(last).finalize().into_bytes().into();
        for (byte, other) in sum.iter_mut().zip(last) {
            *byte ^= other;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, section 3. Its user stands in the first message, where PostgreSQL wants none.
    fn example() -> Scram {
        Scram {
            password: "pencil".into(),
            first: "n=user,r=rOprNGfwEbeRWgbNEkqO".into(),
        }
    }
    const CHALLENGE: &str =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    #[test]
    fn a_login_is_the_one_of_the_specifications_example() {
        let proof = example().prove(CHALLENGE).expect("a proof");
        assert_eq!(
            proof.message,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert!(proof.is_answered_by("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assert!(!proof.is_answered_by("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8="));
        assert!(!proof.is_answered_by("e=other-error"));
    }

    #[test]
    fn a_challenge_that_makes_no_sense_is_not_answered() {
        for challenge in [
            "",
            "r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            "r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096",
            "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
            "r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001",
        ] {
            assert!(example().prove(challenge).is_none(), "{challenge}");
        }
    }

    #[test]
    fn the_first_message_names_no_user() {
        assert_eq!(Scram::new("pencil", "abc").message(), "n,,n=,r=abc");
    }
}

//! Keys, tokens and receipts: names that carry their own proof, so that checking one touches no storage.
//!
//! Each is an HMAC-SHA-256 over its purpose and content, and carries the id of the signing key: a new signing key
//! goes to the front of the list, the old ones go on verifying until they are removed.

mod receipt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_shared::project::ProjectId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use receipt::Receipt;

use crate::config::SettingError;

/// Bytes of the MAC in a public key or a receipt: 2^128 guesses.
const SHORT_MAC_BYTES: usize = 16;
/// Bytes of the MAC in a secret token.
const TOKEN_MAC_BYTES: usize = 32;

/// Random bytes in an attachment's name.
pub const ATTACHMENT_BYTES: usize = 16;

/// The keys that sign; the first signs, all verify.
#[derive(Clone)]
pub struct SigningKeys(Vec<SigningKey>);

#[derive(Clone)]
struct SigningKey {
    id: String,
    mac: Hmac<Sha256>,
}

impl SigningKeys {
    /// Reads `id:secret[,id:secret…]`: ids are 1 to 8 of `a-z0-9`, secrets at least 32 bytes in base64url.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        let wrong = |why: &str| SettingError::malformed("SIGNING_KEYS", why);
        let mut keys: Vec<SigningKey> = Vec::new();
        for part in text.trim().split(',') {
            let (id, secret) = part
                .trim()
                .split_once(':')
                .ok_or_else(|| wrong("write it as id:secret"))?;
            let id_fits = (1..=8).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            if !id_fits || keys.iter().any(|key| key.id == id) {
                return Err(wrong("each id is 1 to 8 of a-z and 0-9, and occurs once"));
            }
            let secret = URL_SAFE_NO_PAD
                .decode(secret.trim_end_matches('='))
                .map_err(|_| wrong("secrets are base64url"))?;
            if secret.len() < 32 {
                return Err(wrong("a secret has at least 32 bytes"));
            }
            let mac = Hmac::new_from_slice(&secret).expect("HMAC takes a key of any length");
            keys.push(SigningKey {
                id: id.to_owned(),
                mac,
            });
        }
        Ok(Self(keys))
    }

    /// The project's public, write-only key of a generation. A rotation makes the next one; 0 is the first.
    pub fn key(&self, project: &ProjectId, generation: u32) -> String {
        let signer = self.signer();
        let (suffix, mac) = if generation == 0 {
            (String::new(), signer.sign(&["pk", project.as_str()], &[]))
        } else {
            let suffix = generation.to_string();
            let mac = signer.sign(&["pk", project.as_str(), &suffix], &[]);
            (format!(".{suffix}"), mac)
        };
        let mac = URL_SAFE_NO_PAD.encode(&mac[..SHORT_MAC_BYTES]);
        format!("pk_{project}_{}{suffix}.{mac}", signer.id)
    }

    /// The project's secret token for the API and the console.
    pub fn token(&self, project: &ProjectId) -> String {
        self.name("tk", project, TOKEN_MAC_BYTES)
    }

    /// The project and generation of a public key, if the key is ours. Whether that generation was revoked is for the
    /// project to say.
    pub fn project_of_key(&self, key: &str) -> Option<(ProjectId, u32)> {
        let (front, mac) = key.rsplit_once('.')?;
        let Some((name, generation)) = front.split_once('.') else {
            return Some((self.project_of_name("pk", key, SHORT_MAC_BYTES)?, 0));
        };
        let number = generation.parse::<u32>().ok().filter(|number| *number > 0)?;
        // One generation has one spelling, or a revoked key could come back with a zero in front.
        if number.to_string() != generation {
            return None;
        }
        let (project, signer, mac) = self.split("pk", &format!("{name}.{mac}"))?;
        let labels = ["pk", project.as_str(), generation];
        let genuine = mac.len() == SHORT_MAC_BYTES && signer.verifies(&labels, &[], &mac);
        genuine.then_some((project, number))
    }

    /// The name of an attachment: an HMAC makes it one of ours, and one of this project.
    pub fn attachment(&self, project: &ProjectId, random: [u8; ATTACHMENT_BYTES]) -> String {
        let signer = self.signer();
        let mut bytes = random.to_vec();
        bytes.extend_from_slice(&signer.sign(&["att", project.as_str()], &random)[..SHORT_MAC_BYTES]);
        format!("att_{project}_{}.{}", signer.id, URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The project that an attachment was given to, if its name is ours.
    pub fn project_of_attachment(&self, name: &str) -> Option<ProjectId> {
        let (project, signer, bytes) = self.split("att", name)?;
        let (random, mac) = bytes.split_at_checked(ATTACHMENT_BYTES)?;
        let genuine =
            mac.len() == SHORT_MAC_BYTES && signer.verifies(&["att", project.as_str()], random, mac);
        genuine.then_some(project)
    }

    /// The project that a token belongs to, if the token is ours.
    pub fn project_of_token(&self, token: &str) -> Option<ProjectId> {
        self.project_of_name("tk", token, TOKEN_MAC_BYTES)
    }

    fn signer(&self) -> &SigningKey {
        self.0.first().expect("parse refuses an empty list")
    }

    fn name(&self, purpose: &str, project: &ProjectId, mac_bytes: usize) -> String {
        let signer = self.signer();
        let mac = signer.sign(&[purpose, project.as_str()], &[]);
        format!(
            "{purpose}_{project}_{}.{}",
            signer.id,
            URL_SAFE_NO_PAD.encode(&mac[..mac_bytes])
        )
    }

    fn project_of_name(&self, purpose: &str, name: &str, mac_bytes: usize) -> Option<ProjectId> {
        let (project, signer, mac) = self.split(purpose, name)?;
        let genuine = mac.len() == mac_bytes && signer.verifies(&[purpose, project.as_str()], &[], &mac);
        genuine.then_some(project)
    }

    /// Takes `<purpose>_<project>_<key id>.<base64url>` apart.
    fn split(&self, purpose: &str, name: &str) -> Option<(ProjectId, &SigningKey, Vec<u8>)> {
        let rest = name.strip_prefix(purpose)?.strip_prefix('_')?;
        let (project, rest) = rest.split_once('_')?;
        let (id, bytes) = rest.split_once('.')?;
        let signer = self.0.iter().find(|key| key.id == id)?;
        Some((project.parse().ok()?, signer, URL_SAFE_NO_PAD.decode(bytes).ok()?))
    }
}

impl SigningKey {
    fn mac(&self, labels: &[&str], body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        for label in labels {
            mac.update(label.as_bytes());
            mac.update(&[0]);
        }
        mac.update(body);
        mac
    }

    fn sign(&self, labels: &[&str], body: &[u8]) -> [u8; 32] {
        self.mac(labels, body).finalize().into_bytes().into()
    }

    /// Compares in constant time.
    fn verifies(&self, labels: &[&str], body: &[u8], mac: &[u8]) -> bool {
        self.mac(labels, body).verify_truncated_left(mac).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> SigningKeys {
        SigningKeys::parse(text).expect("keys")
    }

    fn secret(byte: u8) -> String {
        URL_SAFE_NO_PAD.encode([byte; 32])
    }

    fn demo() -> ProjectId {
        "demo".parse().expect("a project")
    }

    #[test]
    fn a_key_names_its_project_and_nobody_elses() {
        let ours = keys(&format!("a:{}", secret(1)));
        let theirs = keys(&format!("a:{}", secret(2)));
        let key = ours.key(&demo(), 0);
        assert_eq!(ours.project_of_key(&key), Some((demo(), 0)));
        assert_eq!(theirs.project_of_key(&key), None);
        assert_eq!(ours.project_of_key(&key.replace("demo", "shop")), None);
    }

    #[test]
    fn a_public_key_is_no_token_and_a_token_no_key() {
        let keys = keys(&format!("a:{}", secret(1)));
        assert_eq!(keys.project_of_token(&keys.token(&demo())), Some(demo()));
        assert_eq!(
            keys.project_of_token(&keys.key(&demo(), 0).replacen("pk", "tk", 1)),
            None
        );
        assert_eq!(
            keys.project_of_key(&keys.token(&demo()).replacen("tk", "pk", 1)),
            None
        );
    }

    #[test]
    fn a_key_says_which_generation_it_is_of_in_one_spelling() {
        let keys = keys(&format!("a:{}", secret(1)));
        let third = keys.key(&demo(), 3);
        assert!(third.starts_with("pk_demo_a.3."), "{third}");
        assert_eq!(keys.project_of_key(&third), Some((demo(), 3)));
        for forged in [
            third.replace(".3.", ".4."),
            third.replace(".3.", ".03."),
            third.replace(".3.", ".0."),
            third.replace(".3.", "."),
            third.replace(".3.", ".3.3."),
            third.replace(".3.", ".+3."),
        ] {
            assert_eq!(keys.project_of_key(&forged), None, "{forged}");
        }
    }

    #[test]
    fn an_attachment_belongs_to_one_project() {
        let keys = keys(&format!("a:{}", secret(1)));
        let name = keys.attachment(&demo(), [7; ATTACHMENT_BYTES]);
        assert_eq!(keys.project_of_attachment(&name), Some(demo()));
        assert_eq!(keys.project_of_attachment(&name.replace("demo", "shop")), None);
        assert_eq!(keys.project_of_attachment("att_x"), None);
    }

    #[test]
    fn rotation_kills_nothing() {
        let before = keys(&format!("a:{}", secret(1)));
        let after = keys(&format!("b:{},a:{}", secret(2), secret(1)));
        assert_eq!(after.project_of_key(&before.key(&demo(), 0)), Some((demo(), 0)));
        assert!(after.key(&demo(), 0).starts_with("pk_demo_b."));
        assert_eq!(before.project_of_key(&after.key(&demo(), 0)), None);
    }

    #[test]
    fn junk_is_refused_without_a_panic() {
        let keys = keys(&format!("a:{}", secret(1)));
        for junk in [
            "",
            "pk_",
            "pk_demo",
            "pk_demo_a.",
            "pk_demo_a.!!",
            "rcp_demo_a.AAAA",
            "pk_ü_a.AAAA",
            "rcp__.",
        ] {
            assert_eq!(keys.project_of_key(junk), None);
            assert_eq!(keys.verify_receipt(junk), None);
        }
    }

    #[test]
    fn malformed_settings_name_what_is_wrong() {
        for text in [
            "",
            "a",
            "a:short",
            "A:xx",
            &format!("a:{0},a:{0}", secret(1)),
            "a:ÄÖ",
        ] {
            let error = SigningKeys::parse(text).map(|_| ()).expect_err(text);
            assert!(
                error.to_string().starts_with("SIGNING_KEYS is malformed: "),
                "{error}"
            );
        }
    }
}

//! Who a visitor is: what the page says, what the team's server has signed, and what the browser keeps with consent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hearback_shared::UnixMillis;
use hearback_shared::item::{Context, EdgeFacts};
use hearback_shared::limits::{CONTEXT_CHARS, USER_TOKEN_CHARS};
use hearback_shared::project::ProjectId;
use hearback_shared::validate::legible_text;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use crate::sender;

/// The flag of an item whose page brought a token that proves nothing.
const INVALID: &str = "identity:invalid";

/// Seconds by which the team's clock and ours may differ.
const LEEWAY_S: u64 = 60;

/// The claims that matter here (RFC 7519); others are left alone.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: Option<u64>,
    nbf: Option<u64>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

/// Notes beside the items who the visitor is, and takes it out of the context. Whoever asks not to be counted stays
/// nobody.
pub fn note(
    edge: &mut EdgeFacts,
    context: &mut Context,
    project: &ProjectId,
    secret: &str,
    says_gpc: bool,
    now: UnixMillis,
) {
    let visitor = context.visitor.take();
    let (user, token) = (context.user.take(), context.user_token.take());
    if says_gpc {
        return;
    }
    // Nobody's words are refused for what the page says of them: what cannot be a name is left out, and that is noted.
    let user = user.filter(|user| {
        let is_name = is_name(user);
        if !is_name {
            edge.flags.push(INVALID.to_owned());
        }
        is_name
    });
    if let Some(visitor) = visitor {
        edge.visitor = Some(sender::visitor_of(project.as_str(), &[&visitor]));
    }
    match token.map(|token| verified(&token, secret, now / 1000)) {
        Some(Some(user)) => (edge.user, edge.user_verified) = (Some(user), true),
        Some(None) => {
            if !edge.flags.iter().any(|flag| flag == INVALID) {
                edge.flags.push(INVALID.to_owned());
            }
            edge.user = user;
        }
        None => edge.user = user,
    }
}

/// Whether a text may be kept as who somebody is: it stands in every line, in tables and lists.
fn is_name(user: &str) -> bool {
    (1..=CONTEXT_CHARS).contains(&user.chars().count())
        && legible_text(user) == user
        && !user.contains(['\n', '\r', '\t'])
}

/// The user whom a token names, if the team's secret signed it (HS256) and its time has come and not gone.
fn verified(token: &str, secret: &str, now_s: u64) -> Option<String> {
    // An HMAC with an empty key is one that anybody can make.
    if secret.is_empty() || token.len() > USER_TOKEN_CHARS {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let read = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    // As texts: a reader of bytes would be a second one.
    let text = |part: &str| String::from_utf8(read(part)?).ok();
    let header: Header = serde_json::from_str(&text(header)?).ok()?;
    if header.alg != "HS256" {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    mac.verify_slice(&read(signature)?).ok()?;
    let claims: Claims = serde_json::from_str(&text(claims)?).ok()?;
    let is_in_time = claims.exp.is_none_or(|exp| now_s < exp.saturating_add(LEEWAY_S))
        && claims.nbf.is_none_or(|nbf| nbf <= now_s + LEEWAY_S);
    (is_in_time && is_name(&claims.sub)).then_some(claims.sub)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = 1_795_000_000_000;
    const SECRET: &str = "a secret of thirty-two characters";

    fn token(header: &str, claims: &str, secret: &str) -> String {
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    fn noted(context: &str, secret: &str, says_gpc: bool) -> (EdgeFacts, Context) {
        let mut edge = EdgeFacts {
            visitor: Some("daily".into()),
            ..EdgeFacts::default()
        };
        let mut context = serde_json::from_str(context).expect("a context");
        let project = "demo".parse().expect("a project");
        note(&mut edge, &mut context, &project, secret, says_gpc, NOW);
        (edge, context)
    }

    #[test]
    fn a_token_of_the_team_proves_who_it_is_and_nothing_of_it_is_kept() {
        let token = token(r#"{"alg":"HS256"}"#, r#"{"sub":"u-1","exp":1795000060}"#, SECRET);
        let (edge, context) = noted(
            &format!(r#"{{"user":"u-9","user_token":"{token}"}}"#),
            SECRET,
            false,
        );
        assert_eq!((edge.user.as_deref(), edge.user_verified), (Some("u-1"), true));
        assert_eq!(context, Context::default());
        assert_eq!(edge.flags, [""; 0]);
    }

    #[test]
    fn what_is_not_signed_is_kept_as_unverified() {
        let (edge, _) = noted(r#"{"user":"u-9"}"#, SECRET, false);
        assert_eq!((edge.user.as_deref(), edge.user_verified), (Some("u-9"), false));
    }

    #[test]
    fn what_cannot_be_a_name_is_left_out_and_flagged() {
        let long = "u".repeat(CONTEXT_CHARS + 1);
        for user in ["", "a\u{202e}b", "a\u{0}b", "a\nb", &long] {
            let context = serde_json::json!({"user": user}).to_string();
            let (edge, _) = noted(&context, SECRET, false);
            assert_eq!(
                (edge.user, edge.flags),
                (None, vec![INVALID.to_owned()]),
                "{user:?}"
            );
        }
    }

    #[test]
    fn a_token_that_proves_nothing_is_flagged() {
        let good = (r#"{"alg":"HS256"}"#, r#"{"sub":"u-1"}"#);
        for (why, token, secret) in [
            ("another secret", token(good.0, good.1, "another"), SECRET),
            ("no secret set", token(good.0, good.1, ""), ""),
            ("no algorithm", token(r#"{"alg":"none"}"#, good.1, SECRET), SECRET),
            (
                "gone",
                token(good.0, r#"{"sub":"u-1","exp":1794999000}"#, SECRET),
                SECRET,
            ),
            (
                "to come",
                token(good.0, r#"{"sub":"u-1","nbf":1795000600}"#, SECRET),
                SECRET,
            ),
            ("nobody", token(good.0, r#"{"sub":""}"#, SECRET), SECRET),
            ("no token", "a.b.c".to_owned(), SECRET),
        ] {
            let (edge, _) = noted(
                &format!(r#"{{"user":"u-9","user_token":"{token}"}}"#),
                secret,
                false,
            );
            assert_eq!(
                (edge.user.as_deref(), edge.user_verified),
                (Some("u-9"), false),
                "{why}"
            );
            assert_eq!(edge.flags, ["identity:invalid"], "{why}");
        }
    }

    #[test]
    fn a_browsers_own_number_takes_the_place_of_the_daily_one_and_is_not_kept_as_it_is() {
        let (edge, context) = noted(r#"{"visitor":"AAAAAAAAAAAAAAAAAAAAAA"}"#, SECRET, false);
        let visitor = edge.visitor.expect("a visitor");
        assert_eq!(visitor.len(), 22);
        assert!(visitor != "daily" && !visitor.contains("AAAA"), "{visitor}");
        assert_eq!(context.visitor, None);
    }

    #[test]
    fn whoever_asks_not_to_be_counted_stays_nobody() {
        let (edge, context) = noted(r#"{"visitor":"A","user":"u-9"}"#, SECRET, true);
        assert_eq!((edge.user, context), (None, Context::default()));
    }
}

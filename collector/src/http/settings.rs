//! `GET` and `PUT /api/v1/settings`: from a body to settings, and to an answer with its `etag`.

use hearback_shared::guard::Reach;
use hearback_shared::limits;
use hearback_shared::settings::{Mistake, ProjectSettings};

use super::json;
use super::problem::Problem;
use super::reply::Reply;
use crate::objects::settings::VersionedSettings;
use crate::sinks::Sink;

/// The settings with the version to give back as `if-match`.
pub fn reply(kept: &VersionedSettings) -> Reply {
    Reply::json(200, &kept.settings).header("etag", format!("\"{}\"", kept.version))
}

/// The version that the editor saw; `*` saves over any. Without it a save is refused, since it could undo another's.
pub fn if_match(header: Option<&str>) -> Result<Option<u64>, Problem> {
    match header.map(str::trim) {
        None => Err(Problem::IfMatchMissing),
        Some("*") => Ok(None),
        Some(tag) => tag
            .strip_prefix('"')
            .and_then(|tag| tag.strip_suffix('"'))
            .and_then(|tag| tag.parse().ok())
            .map(Some)
            .ok_or(Problem::ChangedMeanwhile),
    }
}

/// The settings of a body, or each of its mistakes by path. `operators` are the sinks that are there already, `reach`
/// is how far webhooks may lead.
pub fn read(body: &[u8], operators: &[Sink], reach: Reach) -> Result<ProjectSettings, Problem> {
    if body.len() > limits::SETTINGS_BYTES {
        return Err(Problem::BadSettings {
            mistakes: vec![Mistake {
                path: String::new(),
                message: format!("at most {} bytes", limits::SETTINGS_BYTES),
            }],
        });
    }
    let bad = |mistake| Problem::BadSettings {
        mistakes: vec![mistake],
    };
    let json = serde_json::from_str(json::text(body)?).map_err(|error| {
        if error.is_data() {
            let (path, message) = (String::new(), error.to_string());
            bad(Mistake { path, message })
        } else {
            Problem::of_json(&error)
        }
    })?;
    let settings = ProjectSettings::read_json(json).map_err(bad)?;
    let mut mistakes = settings.mistakes(reach);
    mistakes.extend(taken_names(&settings, operators));
    if mistakes.is_empty() {
        Ok(settings)
    } else {
        Err(Problem::BadSettings { mistakes })
    }
}

/// Webhooks that are called like a sink of the operator's, whose deliveries are kept by name.
fn taken_names(settings: &ProjectSettings, operators: &[Sink]) -> impl Iterator<Item = Mistake> {
    let is_taken = |name: &str| operators.iter().any(|sink| sink.name == name);
    let webhooks = settings.webhooks.iter().enumerate();
    webhooks
        .filter(move |(_, webhook)| is_taken(&webhook.name))
        .map(|(at, _)| Mistake {
            path: format!("webhooks[{at}].name"),
            message: "one of the operator's sinks has this name: choose another".into(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sinks::SinkKind;

    #[track_caller]
    fn mistake(body: &str) -> Mistake {
        let lake = Sink {
            name: "lake".into(),
            kind: SinkKind::R2 {
                binding: "LAKE".into(),
            },
        };
        match read(body.as_bytes(), &[lake], Reach::Public) {
            Err(Problem::BadSettings { mut mistakes }) => mistakes.remove(0),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_typo_switches_nothing_off_it_is_named_by_its_path() {
        let unknown = mistake(r#"{"quota":{"items_per_huor":5}}"#);
        assert_eq!(unknown.path, "quota.items_per_huor");
        assert!(unknown.message.contains("unknown field"), "{}", unknown.message);
        let wrong = mistake(r#"{"schemas":{"events":{"signup":{"props":{"plan":{"type":"txt"}}}}}}"#);
        assert_eq!(wrong.path, "schemas.events.signup.props.plan.type");
        assert_eq!(mistake(r#"{"origins":["x"]}"#).path, "origins[0]");
        assert_eq!(
            mistake(&format!("{{\"origins\":[\"{}\"]}}", "x".repeat(200_000))).path,
            ""
        );
    }

    #[test]
    fn a_webhook_is_not_called_like_a_sink_of_the_operators() {
        let webhook = |name| {
            format!(
                r#"{{"webhooks":[{{"name":"{name}","url":"https://hooks.example","secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}}]}}"#
            )
        };
        assert_eq!(mistake(&webhook("lake")).path, "webhooks[0].name");
        assert!(read(webhook("crm").as_bytes(), &[], Reach::Public).is_ok());
    }

    #[test]
    fn what_is_not_json_is_refused_as_such() {
        assert!(matches!(
            read(b"{", &[], Reach::Public),
            Err(Problem::BrokenJson { .. })
        ));
        assert!(matches!(
            read(b"{} {}", &[], Reach::Public),
            Err(Problem::BrokenJson { .. })
        ));
    }

    #[test]
    fn a_save_says_which_version_it_changes() {
        assert_eq!(if_match(None), Err(Problem::IfMatchMissing));
        assert_eq!(if_match(Some("*")), Ok(None));
        assert_eq!(if_match(Some("\"7\"")), Ok(Some(7)));
        assert_eq!(if_match(Some("7")), Err(Problem::ChangedMeanwhile));
        let tag = reply(&VersionedSettings::default());
        assert!(tag.headers.contains(&("etag", "\"0\"".to_owned())));
    }
}

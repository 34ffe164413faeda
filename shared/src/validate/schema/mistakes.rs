//! Whether schemas can be meant as they stand: looked at when they are saved, so that no event pays for it.

use std::collections::BTreeSet;

use super::{EventSchema, EventSchemas, PropSchema, PropType, SchemaMode};
use crate::limits::{PROP_TEXT_CHARS, PROPS, SCHEMA_CHOICES, SCHEMA_EVENTS};
use crate::settings::Mistake;
use crate::validate::rules::name_of;

impl EventSchemas {
    /// What is wrong with them, by path below the settings; nothing where they can be saved.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let mut say = |path: String, message: String| mistakes.push(Mistake { path, message });
        if self.events.len() > SCHEMA_EVENTS {
            say(
                "schemas.events".into(),
                format!("at most {SCHEMA_EVENTS} entries"),
            );
        }
        if self.mode == SchemaMode::Enforce && self.events.is_empty() {
            let message = "enforced schemas without any event would refuse every event";
            say("schemas.mode".into(), message.into());
        }
        for (name, schema) in &self.events {
            let path = format!("schemas.events.{}", Mistake::shown(name));
            if let Err(rejection) = name_of(name) {
                say(path.clone(), rejection.message.into_owned());
            }
            of_event(&path, schema, &mut say);
        }
        mistakes
    }
}

fn of_event(path: &str, schema: &EventSchema, say: &mut impl FnMut(String, String)) {
    if schema.props.len() > PROPS {
        say(format!("{path}.props"), format!("at most {PROPS} entries"));
    }
    for (name, prop) in &schema.props {
        let path = format!("{path}.props.{}", Mistake::shown(name));
        if let Err(rejection) = name_of(name) {
            say(path.clone(), rejection.message.into_owned());
        }
        of_choices(prop, &mut |message| say(format!("{path}.enum"), message));
    }
}

fn of_choices(prop: &PropSchema, say: &mut impl FnMut(String)) {
    let choices = &prop.choices;
    if !choices.is_empty() && prop.prop_type != PropType::Text {
        say("only texts have choices".into());
    }
    if choices.len() > SCHEMA_CHOICES {
        say(format!("at most {SCHEMA_CHOICES} entries"));
    }
    if choices.iter().collect::<BTreeSet<_>>().len() < choices.len() {
        say("each choice once".into());
    }
    let could_be_sent = |choice: &String| !choice.contains('\0') && choice.chars().count() <= PROP_TEXT_CHARS;
    if !choices.iter().all(could_be_sent) {
        say(format!(
            "texts of at most {PROP_TEXT_CHARS} characters, without U+0000"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expect: &[(&str, &str)]) {
        let schemas: EventSchemas = serde_json::from_str(json).expect(json);
        let mistakes = schemas.mistakes();
        let got: Vec<_> = mistakes
            .iter()
            .map(|m| (m.path.as_str(), m.message.as_str()))
            .collect();
        assert_eq!(got, expect, "{json}");
    }

    #[test]
    fn sensible_schemas_have_no_mistakes() {
        check("{}", &[]);
        check(r#"{"mode":"warn"}"#, &[]);
        check(
            r#"{"mode":"enforce","events":{"signup":{"props":{"plan":{"type":"text","enum":["a","b"]}}}}}"#,
            &[],
        );
    }

    #[test]
    fn each_mistake_is_said() {
        check(
            r#"{"mode":"enforce"}"#,
            &[(
                "schemas.mode",
                "enforced schemas without any event would refuse every event",
            )],
        );
        check(
            r#"{"events":{" ":{},"b":{"props":{"__proto__":{"type":"bool"},"n":{"type":"number","enum":["1","1"]}}}}}"#,
            &[
                (
                    "schemas.events. ",
                    "A name has 1 to 64 characters, not all spaces",
                ),
                (
                    "schemas.events.b.props.__proto__",
                    "This name is reserved by JavaScript",
                ),
                ("schemas.events.b.props.n.enum", "only texts have choices"),
                ("schemas.events.b.props.n.enum", "each choice once"),
            ],
        );
    }

    #[test]
    fn a_schema_that_no_event_could_fit_is_refused() {
        let props: Vec<String> = (0..33).map(|n| format!(r#""p{n}":{{"type":"bool"}}"#)).collect();
        let json = format!(r#"{{"events":{{"a":{{"props":{{{}}}}}}}}}"#, props.join(","));
        check(&json, &[("schemas.events.a.props", "at most 32 entries")]);
    }
}

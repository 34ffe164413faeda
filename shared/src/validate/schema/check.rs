//! Whether an event is what the project's schemas say.

use crate::item::{Event, Item, ItemBody, PAGE_VIEW, PropValue, Props};
use crate::limits::SCHEMA_FLAGS;
use crate::rejection::{Rejection, RejectionCode};

use super::{EventSchema, EventSchemas, PropSchema, PropType, SchemaMode};

/// One way in which an event is not what its schema says. Names come from the schema where they go into a flag:
/// what a sender makes up would give flags without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake<'a> {
    UnknownEvent,
    Missing(&'a str),
    UnknownProp(&'a str),
    WrongType(&'a str, PropType),
    NotAChoice(&'a str),
}

/// The flags that the item is kept with; where schemas are enforced, its first mistake instead.
pub(in crate::validate) fn check(item: &Item, schemas: &EventSchemas) -> Result<Vec<String>, Rejection> {
    let ItemBody::Event(event) = &item.body else {
        return Ok(Vec::new());
    };
    match schemas.mode {
        SchemaMode::Off => Ok(Vec::new()),
        SchemaMode::Warn => Ok(mistakes(event, schemas).take(SCHEMA_FLAGS).map(flag).collect()),
        SchemaMode::Enforce => mistakes(event, schemas)
            .next()
            .map_or(Ok(Vec::new()), |first| Err(rejection(first))),
    }
}

fn mistakes<'a>(event: &'a Event, schemas: &'a EventSchemas) -> impl Iterator<Item = Mistake<'a>> {
    let schema = schemas.events.get(&event.name);
    let is_unknown = schema.is_none() && event.name != PAGE_VIEW;
    let own = schema
        .into_iter()
        .flat_map(|schema| of_props(&event.props, schema));
    is_unknown.then_some(Mistake::UnknownEvent).into_iter().chain(own)
}

fn of_props<'a>(props: &'a Props, schema: &'a EventSchema) -> impl Iterator<Item = Mistake<'a>> {
    let known = schema
        .props
        .iter()
        .filter_map(|(name, expected)| match props.get(name) {
            None | Some(PropValue::Null) => expected.required.then_some(Mistake::Missing(name)),
            Some(value) => of_value(name, value, expected),
        });
    let unknown = props
        .keys()
        .filter(|name| !schema.props.contains_key(*name))
        .map(|name| Mistake::UnknownProp(name));
    known.chain(unknown)
}

fn of_value<'a>(name: &'a str, value: &PropValue, expected: &PropSchema) -> Option<Mistake<'a>> {
    match (value, expected.prop_type) {
        (PropValue::Text(text), PropType::Text) => {
            let fits = expected.choices.is_empty() || expected.choices.contains(text);
            (!fits).then_some(Mistake::NotAChoice(name))
        }
        (PropValue::Number(_), PropType::Number) | (PropValue::Bool(_), PropType::Bool) => None,
        _ => Some(Mistake::WrongType(name, expected.prop_type)),
    }
}

fn flag(mistake: Mistake<'_>) -> String {
    match mistake {
        Mistake::UnknownEvent => "schema:unknown_event".to_owned(),
        Mistake::UnknownProp(_) => "schema:unknown_prop".to_owned(),
        Mistake::Missing(name) => format!("schema:missing:{name}"),
        Mistake::WrongType(name, _) => format!("schema:type:{name}"),
        Mistake::NotAChoice(name) => format!("schema:choice:{name}"),
    }
}

fn rejection(mistake: Mistake<'_>) -> Rejection {
    let of_prop = |code, name: &str, message| Rejection::field(code, &format!("props.{name}"), message);
    match mistake {
        Mistake::UnknownEvent => {
            let message = "The project's schemas do not know this event";
            Rejection::field(RejectionCode::SchemaUnknownEvent, "name", message)
        }
        Mistake::Missing(name) => of_prop(
            RejectionCode::SchemaMissingProp,
            name,
            "The event's schema requires this property",
        ),
        Mistake::UnknownProp(name) => of_prop(
            RejectionCode::SchemaUnknownProp,
            name,
            "The event's schema has no such property",
        ),
        Mistake::WrongType(name, expected) => {
            let message = match expected {
                PropType::Text => "The schema says it is a text",
                PropType::Number => "The schema says it is a number",
                PropType::Bool => "The schema says it is true or false",
            };
            of_prop(RejectionCode::SchemaWrongType, name, message)
        }
        Mistake::NotAChoice(name) => of_prop(
            RejectionCode::SchemaNotAChoice,
            name,
            "The schema does not list this text",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::ItemKey;

    fn schemas(mode: &str) -> EventSchemas {
        let json = r#"{"mode":"MODE","events":{"signup":{"props":{
            "plan":{"type":"text","required":true,"enum":["free","pro"]},
            "seats":{"type":"number"},"trial":{"type":"bool"}}}}}"#;
        serde_json::from_str(&json.replace("MODE", mode)).expect("schemas")
    }

    fn event(name: &str, props: &str) -> Item {
        Item {
            key: ItemKey::Seq(1),
            at: 1,
            url: None,
            body: ItemBody::Event(Event {
                name: name.into(),
                props: serde_json::from_str(props).expect("props"),
            }),
        }
    }

    #[track_caller]
    fn verdict(mode: &str, name: &str, props: &str, expect: &[&str]) {
        let got = match check(&event(name, props), &schemas(mode)) {
            Ok(flags) => flags,
            Err(rejection) => vec![rejection.code.as_str().to_owned()],
        };
        assert_eq!(got, expect, "{mode} {name} {props}");
    }

    #[test]
    fn an_event_that_fits_is_neither_flagged_nor_refused() {
        for mode in ["off", "warn", "enforce"] {
            verdict(mode, "signup", r#"{"plan":"pro","seats":3,"trial":true}"#, &[]);
            verdict(mode, "signup", r#"{"plan":"free","seats":null}"#, &[]);
            verdict(mode, PAGE_VIEW, "{}", &[]);
        }
    }

    #[test]
    fn what_does_not_fit_is_flagged_where_schemas_warn() {
        verdict("warn", "other", "{}", &["schema:unknown_event"]);
        verdict(
            "warn",
            "signup",
            r#"{"seats":"3","trial":1,"extra":1}"#,
            &[
                "schema:missing:plan",
                "schema:type:seats",
                "schema:type:trial",
                "schema:unknown_prop",
            ],
        );
        verdict("warn", "signup", r#"{"plan":"gold"}"#, &["schema:choice:plan"]);
        verdict("off", "other", r#"{"a":1}"#, &[]);
    }

    #[test]
    fn what_does_not_fit_is_refused_where_schemas_are_enforced() {
        verdict("enforce", "other", "{}", &["schema_unknown_event"]);
        verdict("enforce", "signup", r#"{"plan":null}"#, &["schema_missing_prop"]);
        verdict(
            "enforce",
            "signup",
            r#"{"plan":"pro","extra":1}"#,
            &["schema_unknown_prop"],
        );
        verdict("enforce", "signup", r#"{"plan":7}"#, &["schema_wrong_type"]);
        verdict(
            "enforce",
            "signup",
            r#"{"plan":"gold"}"#,
            &["schema_not_a_choice"],
        );
    }

    #[test]
    fn flags_of_one_item_are_bounded() {
        let props: Vec<String> = (0..30).map(|n| format!(r#""x{n}":1"#)).collect();
        let flags = check(
            &event("signup", &format!("{{{}}}", props.join(","))),
            &schemas("warn"),
        )
        .expect("kept");
        assert_eq!(flags.len(), SCHEMA_FLAGS);
    }
}

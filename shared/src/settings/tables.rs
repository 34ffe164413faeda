//! Which fields each part of the settings has in JSON, and which words its values are.

use serde_json::Value;

use super::json::{Fields, Read, Setting, Word};
use super::{
    Asked, ConsentLevel, Corner, Field, FieldType, FormSettings, FormStyle, LauncherSettings,
    ProjectSettings, Quota, RatingStyle, Retention, UsagePart, UsageSettings, Webhook, WidgetSettings,
};
use crate::item::FeedbackKind;
use crate::redact::RedactionRules;
use crate::validate::{EventSchema, EventSchemas, PropSchema, PropType, SchemaMode};

impl Setting for ProjectSettings {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("origins", &mut self.origins),
                ("schemas", &mut self.schemas),
                ("redaction", &mut self.redaction),
                ("keep_query", &mut self.keep_query),
                ("breakdowns", &mut self.breakdowns),
                ("percentiles", &mut self.percentiles),
                ("quota", &mut self.quota),
                ("retention", &mut self.retention),
                ("webhooks", &mut self.webhooks),
                ("widget", &mut self.widget),
                ("identity_secret", &mut self.identity_secret),
            ],
        )
    }
}

impl Setting for EventSchemas {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(0, vec![("mode", &mut self.mode), ("events", &mut self.events)])
    }
}

impl Setting for EventSchema {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(0, vec![("props", &mut self.props)])
    }
}

impl Setting for PropSchema {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            1,
            vec![
                ("type", &mut self.prop_type),
                ("required", &mut self.required),
                ("enum", &mut self.choices),
            ],
        )
    }
}

impl Setting for RedactionRules {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("props", &mut self.props),
                ("prefixes", &mut self.prefixes),
                ("words", &mut self.words),
            ],
        )
    }
}

impl Setting for Quota {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("items_per_hour", &mut self.items_per_hour),
                (
                    "requests_per_minute_per_address",
                    &mut self.requests_per_minute_per_address,
                ),
            ],
        )
    }
}

impl Setting for Retention {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("events_days", &mut self.events_days),
                ("feedback_days", &mut self.feedback_days),
            ],
        )
    }
}

impl Setting for Webhook {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            3,
            vec![
                ("name", &mut self.name),
                ("url", &mut self.url),
                ("secret", &mut self.secret),
            ],
        )
    }
}

impl Setting for WidgetSettings {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("launcher", &mut self.launcher),
                ("form", &mut self.form),
                ("usage", &mut self.usage),
                ("consent", &mut self.consent),
                ("strings", &mut self.strings),
            ],
        )
    }
}

impl Setting for LauncherSettings {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("shown", &mut self.shown),
                ("position", &mut self.position),
                ("offset", &mut self.offset),
                ("label", &mut self.label),
                ("icon", &mut self.icon),
                ("color", &mut self.color),
                ("hide_on", &mut self.hide_on),
            ],
        )
    }
}

impl Setting for FormSettings {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("style", &mut self.style),
                ("kinds", &mut self.kinds),
                ("rating", &mut self.rating),
                ("email", &mut self.email),
                ("fields", &mut self.fields),
                ("consent_line", &mut self.consent_line),
                ("screenshot", &mut self.screenshot),
                ("context", &mut self.context),
            ],
        )
    }
}

impl Setting for Field {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            3,
            vec![
                ("name", &mut self.name),
                ("label", &mut self.label),
                ("type", &mut self.field_type),
                ("options", &mut self.options),
                ("required", &mut self.required),
                ("kinds", &mut self.kinds),
            ],
        )
    }
}

impl Setting for UsageSettings {
    fn fields(&mut self) -> Fields<'_> {
        Fields::of(
            0,
            vec![
                ("parts", &mut self.parts),
                ("sample_percent", &mut self.sample_percent),
                ("events_per_page", &mut self.events_per_page),
            ],
        )
    }

    fn read(&mut self, value: Value) -> Read {
        self.fields().read(value)?;
        self.parts.sort_unstable();
        self.parts.dedup();
        Ok(())
    }
}

impl Word for FeedbackKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("bug", Self::Bug),
        ("idea", Self::Idea),
        ("praise", Self::Praise),
        ("question", Self::Question),
    ];
}

impl Word for Corner {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("bottom-right", Self::BottomRight),
        ("bottom-left", Self::BottomLeft),
        ("top-right", Self::TopRight),
        ("top-left", Self::TopLeft),
    ];
}

impl Word for FormStyle {
    const WORDS: &'static [(&'static str, Self)] = &[("modal", Self::Modal), ("popover", Self::Popover)];
}

impl Word for RatingStyle {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("none", Self::None),
        ("stars", Self::Stars),
        ("numbers", Self::Numbers),
        ("emoji", Self::Emoji),
    ];
}

impl Word for Asked {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("off", Self::Off),
        ("optional", Self::Optional),
        ("required", Self::Required),
    ];
}

impl Word for FieldType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("choice", Self::Choice),
        ("choices", Self::Choices),
        ("rating", Self::Rating),
    ];
}

impl Word for UsagePart {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("views", Self::Views),
        ("engagement", Self::Engagement),
        ("links", Self::Links),
        ("forms", Self::Forms),
        ("clicks", Self::Clicks),
        ("frustration", Self::Frustration),
        ("errors", Self::Errors),
        ("vitals", Self::Vitals),
    ];
}

impl Word for ConsentLevel {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("none", Self::None),
        ("usage", Self::Usage),
        ("identified", Self::Identified),
    ];
}

impl Word for SchemaMode {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("off", Self::Off),
        ("warn", Self::Warn),
        ("enforce", Self::Enforce),
    ];
}

impl Word for PropType {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("number", Self::Number),
        ("bool", Self::Bool),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Mistake;

    /// Something else than the default in every field.
    const ALL: &str = r##"{"origins":["https://a.example"],
        "schemas":{"mode":"warn","events":{"signup":{"props":{"plan":{"type":"text","required":true,"enum":["pro"]},
            "n":{"type":"number","required":false,"enum":[]},"b":{"type":"bool","required":false,"enum":[]}}}}},
        "redaction":{"props":["p"],"prefixes":["ACME-"],"words":["Bob"]},
        "keep_query":["q"],"breakdowns":["plan"],"percentiles":["ms"],
        "quota":{"items_per_hour":5,"requests_per_minute_per_address":6},
        "retention":{"events_days":null,"feedback_days":7},
        "webhooks":[{"name":"crm","url":"https://b.example","secret":"whsec_x"}],
        "widget":{"launcher":{"shown":false,"position":"top-left","offset":[1,65535],"label":"L","icon":false,"color":"#123456","hide_on":".x"},
            "form":{"style":"popover","kinds":["idea","bug","praise","question"],"rating":"emoji","email":"required","fields":[
                    {"name":"a","label":"A","type":"text","options":[],"required":true,"kinds":["bug"]},
                    {"name":"b","label":"B","type":"choice","options":["x","y"],"required":false,"kinds":[]},
                    {"name":"c","label":"C","type":"choices","options":["x"],"required":false,"kinds":[]},
                    {"name":"d","label":"D","type":"rating","options":[],"required":false,"kinds":[]}],
                "consent_line":"I agree","screenshot":false,"context":false},
            "usage":{"parts":["views","engagement","links","forms","clicks","frustration","errors","vitals"],"sample_percent":9,"events_per_page":8},
            "consent":"identified","strings":{"de":{"send":"Ab"}}},
        "identity_secret":"s"}"##;

    fn read(json: &str) -> Result<ProjectSettings, Mistake> {
        ProjectSettings::read_json(serde_json::from_str(json).expect("JSON"))
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let all: Value = serde_json::from_str(ALL).expect("JSON");
        let settings: ProjectSettings = serde_json::from_str(ALL).expect("settings");
        assert_eq!(serde_json::to_value(&settings).expect("JSON"), all);
        let default = serde_json::to_string(&ProjectSettings::default()).expect("JSON");
        assert_eq!(read(&default), Ok(ProjectSettings::default()));
    }

    #[track_caller]
    fn check(json: &str, path: &str, message: &str) {
        let mistake = read(json).expect_err("a mistake");
        assert_eq!(
            (mistake.path.as_str(), mistake.message.as_str()),
            (path, message),
            "{json}"
        );
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_path_with_what_would() {
        check("[]", "", "an object");
        check(
            r#"{"quota":{"items_per_huor":5}}"#,
            "quota.items_per_huor",
            "unknown field, expected one of `items_per_hour`, `requests_per_minute_per_address`",
        );
        check(r#"{"origins":["a",7]}"#, "origins[1]", "a text");
        check(
            r#"{"webhooks":[{"name":"a","url":"u"}]}"#,
            "webhooks[0]",
            "missing field `secret`",
        );
        check(
            r#"{"schemas":{"events":{"e":{"props":{"plan":{"type":"txt"}}}}}}"#,
            "schemas.events.e.props.plan.type",
            "one of `text`, `number`, `bool`",
        );
        check(
            r#"{"widget":{"launcher":{"offset":[0,70000]}}}"#,
            "widget.launcher.offset[1]",
            "a whole number from 0 to 65535",
        );
        check(
            r#"{"widget":{"launcher":{"offset":[0]}}}"#,
            "widget.launcher.offset",
            "two numbers",
        );
        check(
            r#"{"widget":{"form":{"kinds":["bug","bgu"]}}}"#,
            "widget.form.kinds[1]",
            "one of `bug`, `idea`, `praise`, `question`",
        );
        check(
            r#"{"widget":{"form":{"screenshot":"no"}}}"#,
            "widget.form.screenshot",
            "true or false",
        );
        check(
            r#"{"widget":{"usage":{"sample_percent":256}}}"#,
            "widget.usage.sample_percent",
            "a whole number from 0 to 255",
        );
        check(
            r#"{"widget":{"strings":{"de":{"send":1}}}}"#,
            "widget.strings.de.send",
            "a text",
        );
        check(
            r#"{"quota":{"requests_per_minute_per_address":-1}}"#,
            "quota.requests_per_minute_per_address",
            "a whole number from 0 to 4294967295",
        );
        check(
            r#"{"retention":{"events_days":1.5}}"#,
            "retention.events_days",
            "a whole number from 0 to 4294967295",
        );
    }

    #[test]
    fn parts_stand_once_and_in_order() {
        let parts = |json| {
            let widget: WidgetSettings = serde_json::from_str(json).expect("settings");
            widget.usage.parts
        };
        let expect = [UsagePart::Views, UsagePart::Links];
        assert_eq!(parts(r#"{"usage":{"parts":["links","views","links"]}}"#), expect);
    }

    #[test]
    fn no_field_stands_twice() {
        let twice =
            serde_json::from_str::<ProjectSettings>(r#"{"origins":[],"origins":["https://a.example"]}"#);
        assert!(
            twice
                .expect_err("a mistake")
                .to_string()
                .contains("duplicate field `origins`")
        );
    }
}

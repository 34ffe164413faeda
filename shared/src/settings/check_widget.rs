//! What the widget's settings may be.

use super::check::Mistakes;
use super::{Field, FieldType, WidgetSettings};
use crate::limits;

/// Characters of a word or line that is shown.
const SHOWN_CHARS: usize = 300;

/// Characters of a secret that signs identities: as many as SHA-256 has bytes.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 32..=256;

pub(super) fn widget(widget: &WidgetSettings, mistakes: &mut Mistakes) {
    let launcher = &widget.launcher;
    shown(&launcher.label, "widget.launcher.label", mistakes);
    shown(&launcher.hide_on, "widget.launcher.hide_on", mistakes);
    let is_color = launcher
        .color
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    mistakes.unless(
        launcher.color.is_empty() || is_color,
        || "widget.launcher.color".into(),
        "a colour as #rrggbb, or empty for the widget's own",
    );
    form(widget, mistakes);
    mistakes.unless(
        (1..=100).contains(&widget.usage.sample_percent),
        || "widget.usage.sample_percent".into(),
        "1 to 100; leave `parts` empty to count nothing",
    );
    let strings = widget.strings.iter().map(|(_, words)| words.len()).sum();
    mistakes.at_most(strings, limits::WIDGET_STRINGS, "widget.strings");
    for (language, words) in widget.strings.iter() {
        for (name, text) in words.iter() {
            shown(text, &format!("widget.strings.{language}.{name}"), mistakes);
        }
    }
}

pub(super) fn identity_secret(secret: &str, mistakes: &mut Mistakes) {
    mistakes.unless(
        secret.is_empty() || SECRET_CHARS.contains(&secret.len()),
        || "identity_secret".into(),
        "32 to 256 characters, or empty",
    );
}

fn form(widget: &WidgetSettings, mistakes: &mut Mistakes) {
    let form = &widget.form;
    let is_once = |at: usize| !form.kinds[..at].contains(&form.kinds[at]);
    mistakes.unless(
        !form.kinds.is_empty() && (0..form.kinds.len()).all(is_once),
        || "widget.form.kinds".into(),
        "at least one kind, each once",
    );
    shown(&form.consent_line, "widget.form.consent_line", mistakes);
    mistakes.at_most(form.fields.len(), limits::FORM_FIELDS, "widget.form.fields");
    for (at, one) in form.fields.iter().enumerate() {
        let path = |part: &str| format!("widget.form.fields[{at}].{part}");
        let is_first = form.fields[..at].iter().all(|other| other.name != one.name);
        mistakes.unless(
            is_first && is_name(&one.name),
            || path("name"),
            format!(
                "1 to {} of a-z, 0-9 and _, unlike the others' names",
                limits::NAME_CHARS
            ),
        );
        mistakes.unless(!one.label.trim().is_empty(), || path("label"), "a question");
        shown(&one.label, &path("label"), mistakes);
        options(one, &path("options"), mistakes);
    }
}

fn is_name(name: &str) -> bool {
    (1..=limits::NAME_CHARS).contains(&name.len())
        && name
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        && !name.starts_with("__")
}

fn options(field: &Field, path: &str, mistakes: &mut Mistakes) {
    let has_options = matches!(field.field_type, FieldType::Choice | FieldType::Choices);
    let fits = if has_options {
        (2..=limits::FIELD_OPTIONS).contains(&field.options.len())
    } else {
        field.options.is_empty()
    };
    mistakes.unless(
        fits,
        || path.to_owned(),
        format!(
            "2 to {} options for a choice, none for other types",
            limits::FIELD_OPTIONS
        ),
    );
    for (at, option) in field.options.iter().enumerate() {
        let is_once = !field.options[..at].contains(option);
        // Several choices stand in one answer, a line each.
        mistakes.unless(
            is_once && !option.trim().is_empty() && !option.contains(['\n', '\r']),
            || format!("{path}[{at}]"),
            "one line of text, unlike the others",
        );
        shown(option, path, mistakes);
    }
}

fn shown(text: &str, path: &str, mistakes: &mut Mistakes) {
    mistakes.unless(
        text.chars().count() <= SHOWN_CHARS && !text.contains('\0'),
        || path.to_owned(),
        format!("at most {SHOWN_CHARS} characters"),
    );
}

#[cfg(test)]
mod tests {
    use crate::guard::Reach;
    use crate::settings::ProjectSettings;

    fn paths(json: &str) -> Vec<String> {
        let settings: ProjectSettings = serde_json::from_str(json).expect("settings");
        let mistakes = settings.mistakes(Reach::Public).into_iter();
        mistakes.map(|mistake| mistake.path).collect()
    }

    #[test]
    fn every_mistake_is_named_by_its_path() {
        let json = r#"{"identity_secret":"short","widget":{
            "launcher":{"color":"red"},
            "form":{"kinds":["bug","bug"],"fields":[
                {"name":"plan","label":"Plan?","type":"choice","options":["pro","pro"]},
                {"name":"plan","label":" ","type":"text","options":["a","b"]}]},
            "usage":{"sample_percent":0}}}"#;
        assert_eq!(
            paths(json),
            [
                "widget.launcher.color",
                "widget.form.kinds",
                "widget.form.fields[0].options[1]",
                "widget.form.fields[1].name",
                "widget.form.fields[1].label",
                "widget.form.fields[1].options",
                "widget.usage.sample_percent",
                "identity_secret",
            ]
        );
    }

    #[test]
    fn a_form_with_questions_of_its_own_is_fine() {
        let json = r##"{"widget":{"launcher":{"color":"#4F46e5"},"form":{"fields":[
            {"name":"plan","label":"Which plan?","type":"choice","options":["Free","Pro"],"required":true},
            {"name":"ease","label":"How easy was it?","type":"rating","kinds":["praise"]}]},
            "strings":{"de":{"send":"Abschicken"}}}}"##;
        assert_eq!(paths(json), [""; 0]);
    }
}

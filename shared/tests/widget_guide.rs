//! The integrator's guide and the loader know every setting of the widget.

use hearback_shared::settings::WidgetSettings;
use serde_json::Value;

const GUIDE: &str = include_str!("../../docs/widget.md");
const LOADER: &str = include_str!("../../widget/loader/src/defaults.json");

/// Where the loader reads its script tag.
const READERS: [&str; 4] = [
    include_str!("../../widget/loader/src/index.ts"),
    include_str!("../../widget/loader/src/page.ts"),
    include_str!("../../widget/loader/src/parts/debug.ts"),
    include_str!("../../widget/loader/src/parts/settings.ts"),
];

fn defaults() -> Value {
    serde_json::to_value(WidgetSettings::default()).expect("settings have only text keys")
}

/// The settings by their paths, such as `launcher.label`.
fn paths(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Object(fields) if !fields.is_empty() => fields
            .iter()
            .flat_map(|(name, field)| {
                let inner = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                paths(field, &inner)
            })
            .collect(),
        _ => vec![path.to_owned()],
    }
}

#[test]
fn every_setting_has_a_row_in_the_guide() {
    let paths = paths(&defaults(), "");
    assert!(paths.len() > 15, "{paths:?}");
    let missing: Vec<_> = paths
        .iter()
        .filter(|path| !GUIDE.contains(&format!("\n| `{path}` |")))
        .collect();
    assert!(missing.is_empty(), "docs/widget.md has no row for {missing:?}");
}

#[test]
fn every_row_of_the_guide_is_a_setting() {
    let paths = paths(&defaults(), "");
    let table = GUIDE
        .split("\n## ")
        .find(|section| section.starts_with("Settings"))
        .expect("the guide has a section on settings");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    for row in rows {
        let name = row.split('`').next().unwrap_or_default();
        assert!(paths.iter().any(|path| path == name), "{name} is no setting");
    }
}

/// The names after `start`, up to what is no letter.
fn names_after<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    text.split(start)
        .skip(1)
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_lowercase())
                .next()
                .unwrap_or_default()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn the_script_tag_has_the_attributes_that_the_guide_lists() {
    let table = GUIDE
        .split("| attribute of ")
        .find(|table| table.starts_with("the script tag"))
        .expect("the guide has a table of them");
    let mut listed = names_after(table, "| `data-");
    let mut read: Vec<_> = READERS
        .iter()
        .flat_map(|text| {
            ["data.", "data[\""]
                .into_iter()
                .flat_map(|start| names_after(text, start))
        })
        .collect();
    for names in [&mut listed, &mut read] {
        names.sort_unstable();
        names.dedup();
    }
    assert_eq!(listed, read);
}

// An empty map of ours is `[]` in JSON, to JavaScript as good as `{}`.
#[test]
fn the_loader_has_the_same_defaults() {
    let loader: Value = serde_json::from_str(LOADER).expect("defaults.json is JSON");
    assert_eq!(loader, defaults());
}

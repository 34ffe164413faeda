//! Maps as JSON objects. `litemap` writes one with entries as an object and one without as a list; whoever reads our
//! answers in a language with types could not.

use litemap::LiteMap;
use serde::{Serialize, Serializer};

/// For `serialize_with`: an object, also where there is nothing in it.
pub(crate) fn object<K: Serialize, V: Serialize, S: Serializer>(
    map: &LiteMap<K, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter())
}

#[cfg(test)]
mod tests {
    use crate::ledger::LedgerRow;
    use crate::settings::WidgetSettings;

    #[test]
    fn nothing_is_an_object_too() {
        let row = serde_json::to_string(&LedgerRow::default()).expect("JSON");
        for expect in [r#""rejected":{}"#, r#""apart":{}"#, r#""sinks":{}"#] {
            assert!(row.contains(expect), "{row}");
        }
        let widget: WidgetSettings = serde_json::from_str(r#"{"strings":{"de":{}}}"#).expect("settings");
        for (settings, expect) in [
            (WidgetSettings::default(), r#""strings":{}"#),
            (widget, r#""strings":{"de":{}}"#),
        ] {
            let json = serde_json::to_string(&settings).expect("JSON");
            assert!(json.contains(expect), "{json}");
        }
    }
}

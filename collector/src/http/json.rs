//! Reads bodies that are JSON, all in one way: each kind of reader would be compiled anew for every type it reads.

use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The body as text.
pub fn text(body: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(body).map_err(|error| Problem::BrokenUtf8 {
        at_byte: error.valid_up_to(),
    })
}

/// What the body says.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_str(text(body)?).map_err(|error| Problem::of_json(&error))
}

/// The path of what an error speaks of, such as `webhooks[1].url`: read from where in the text it was found, since a
/// reader that keeps the path would be a second one.
pub fn path_of(error: &serde_json::Error, text: &str) -> String {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let end = before.map(str::len).sum::<usize>() + error.column();
    let mut places = Vec::new();
    let mut rest = text.get(..end).unwrap_or(text);
    while let Some(next) = rest.chars().next() {
        let mut taken = next.len_utf8();
        match (next, places.last_mut()) {
            ('{', _) => places.push(Place::Field {
                name: "",
                is_over: true,
            }),
            ('[', _) => places.push(Place::Element(0)),
            ('}' | ']', _) => drop(places.pop()),
            (',', Some(Place::Field { is_over, .. })) => *is_over = true,
            (',', Some(Place::Element(at))) => *at += 1,
            ('"', place) => {
                let string = string(&rest[1..]);
                taken = string.len() + 2;
                if let Some(Place::Field {
                    name,
                    is_over: is_over @ true,
                }) = place
                {
                    (*name, *is_over) = (string, false);
                }
            }
            _ => {}
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    shown(&places)
}

/// Where one is in an object or an array.
enum Place<'a> {
    /// In an object: the last field's name, and whether the next string is the next one's.
    Field { name: &'a str, is_over: bool },
    /// In an array: how many elements stand before.
    Element(usize),
}

/// A string's characters as they are written, up to its quote.
fn string(rest: &str) -> &str {
    let mut is_escaped = false;
    let end = rest.find(|c| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    &rest[..end.unwrap_or(rest.len())]
}

fn shown(places: &[Place<'_>]) -> String {
    let mut path = String::new();
    for place in places {
        match place {
            Place::Field { name: "", .. } => {}
            Place::Field { name, .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Place::Element(at) => path.extend(["[", &at.to_string(), "]"]),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read to find mistakes in")]
    struct Outer {
        #[serde(default)]
        inner: BTreeMap<String, Vec<Inner>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read to find mistakes in")]
    struct Inner {
        number: u8,
    }

    #[track_caller]
    fn check(text: &str, path: &str) {
        let error = serde_json::from_str::<Outer>(text).expect_err("a mistake");
        assert_eq!(path_of(&error, text), path, "{error}");
    }

    #[test]
    fn a_mistake_is_named_by_its_path() {
        check(r#"{"inne":{}}"#, "inne");
        check(r#"{"inner":7}"#, "inner");
        check(
            r#"{"inner":{"a":[{"number":1},{"number":"x"}]}}"#,
            "inner.a[1].number",
        );
        check(r#"{"inner":{"a":[{"number":1}],"b":[7]}}"#, "inner.b[0]");
        check(r#"{"inner":{"a":[{"numbr":1}]}}"#, "inner.a[0].numbr");
        check(
            "{\n \"inner\": {\n  \"a\": [\n   {\"number\": 300}]}}",
            "inner.a[0].number",
        );
    }

    #[test]
    fn what_stands_in_strings_is_no_structure() {
        check(
            r#"{"inner":{"[{\"x":[{"number":"}"}]}}"#,
            r#"inner.[{\"x[0].number"#,
        );
        check(r#"{"inner":{"ü{":[{"number":-1}]}}"#, "inner.ü{[0].number");
    }

    #[test]
    fn an_object_that_lacks_a_field_is_named_itself() {
        check(r#"{"inner":{"a":[{"number":1},{}]}}"#, "inner.a[1]");
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        assert!(matches!(
            read::<u8>(b"1\xff"),
            Err(Problem::BrokenUtf8 { at_byte: 1 })
        ));
        assert_eq!(read::<u8>(b"7"), Ok(7));
    }
}

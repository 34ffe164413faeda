//! A stored item as lines that can be read. Nothing in it is changed, reordered or left out: whoever looks for what a
//! sink did not like has to see what the sink saw.

/// One line of JSON, each field on a line of its own.
pub fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut chars = json.trim().chars().peekable();
    while let Some(c) = chars.next() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '{' | '[' if matches!(chars.peek(), Some('}' | ']')) => out.push(c),
            '{' | '[' => {
                depth += 1;
                out.push(c);
                new_line(&mut out, depth);
            }
            '}' | ']' if out.ends_with(['{', '[']) => out.push(c),
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                in_text = c == '"';
                out.push(c);
            }
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_field_has_a_line_and_its_value_is_as_it_was() {
        assert_eq!(
            indented(r#"{"id":"a-1","at":1.10,"props":{},"list":[1,2],"text":"a, {b}: \"c\""}"#),
            "{\n  \"id\": \"a-1\",\n  \"at\": 1.10,\n  \"props\": {},\n  \"list\": [\n    1,\n    2\n  ],\n  \"text\": \"a, {b}: \\\"c\\\"\"\n}"
        );
    }

    proptest! {
        #[test]
        fn it_stays_the_same_json(text in any::<String>(), number in any::<i32>(), list in prop::collection::vec(any::<String>(), 0..4)) {
            let value = serde_json::json!({"text": text, "inner": {"number": number, "list": list, "none": {}}});
            let read: serde_json::Value = serde_json::from_str(&indented(&value.to_string())).expect("JSON");
            prop_assert_eq!(read, value);
        }
    }
}

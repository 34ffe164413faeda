//! `multipart/form-data` (RFC 7578) as browsers write it: the one form in which a page without script sends a file.

/// One part of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The control's name.
    pub(super) name: &'a str,
    /// Whether it is a file, chosen or not.
    pub(super) is_file: bool,
    /// What it holds.
    pub(super) bytes: &'a [u8],
}

/// What stands between the parts, as the content type names it.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let (_, boundary) = content_type.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    (!boundary.is_empty()).then_some(boundary)
}

/// The parts of a body; none where it is not whole.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let between = ["\r\n--", boundary].concat();
    let mut rest = body.strip_prefix(&between.as_bytes()[2..])?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (head, after) = split(rest.strip_prefix(b"\r\n")?, b"\r\n\r\n")?;
        let (bytes, after) = split(after, between.as_bytes())?;
        let head = std::str::from_utf8(head).ok()?;
        parts.push(Part {
            name: quoted(head, "; name=\"")?,
            is_file: head.contains("; filename="),
            bytes,
        });
        rest = after;
    }
    Some(parts)
}

fn quoted<'a>(head: &'a str, before: &str) -> Option<&'a str> {
    head.split_once(before)?.1.split('"').next()
}

/// What stands before and after a needle that begins with a carriage return, of which a picture has few.
fn split<'a>(bytes: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let mut at = 0;
    loop {
        at += memchr::memchr(needle[0], &bytes[at..])?;
        if let Some(after) = bytes[at..].strip_prefix(needle) {
            return Some((&bytes[..at], after));
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] = b"--xYz\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nTwo\r\nlines\r\n--xYz\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a \xc3\xbc.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--xY\r\n\r\n--xYz--\r\n";

    #[test]
    fn a_browsers_body_is_read_part_by_part() {
        let boundary = boundary("multipart/form-data; boundary=\"xYz\"").expect("a boundary");
        let parts = parts(BODY, boundary).expect("a whole body");
        let found: Vec<_> = parts
            .iter()
            .map(|part| (part.name, part.is_file, part.bytes))
            .collect();
        let expect: [(&str, bool, &[u8]); 2] = [
            ("text", false, b"Two\r\nlines"),
            ("picture", true, b"\x89PNG\r\n--xY\r\n"),
        ];
        assert_eq!(found, expect);
    }

    #[test]
    fn a_body_that_was_cut_off_is_none() {
        for end in 0..BODY.len() - 4 {
            assert_eq!(parts(&BODY[..end], "xYz"), None, "{end}");
        }
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(
            parts(b"--xYz\r\nContent-Type: text/plain\r\n\r\nx\r\n--xYz--", "xYz"),
            None
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(body: Vec<u8>, boundary: String) {
            parts(&body, &boundary);
        }

        #[test]
        fn a_file_comes_out_as_it_went_in(file: Vec<u8>) {
            let mut body = b"--zzz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n".to_vec();
            body.extend_from_slice(&file);
            body.extend_from_slice(b"\r\n--zzz--");
            let found = parts(&body, "zzz").expect("a whole body");
            prop_assert_eq!(found[0].bytes, file.as_slice());
        }
    }
}

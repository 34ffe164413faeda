//! E-mail addresses in running text, found from their `@` outwards.

use super::span::Span;

/// Bytes looked at on either side (RFC 5321, 4.5.3.1): the scan stays linear whatever comes.
const LOCAL_BYTES: usize = 64;
const DOMAIN_BYTES: usize = 255;

pub(super) fn emails(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut from = 0;
    while let Some((at, after)) = next_at(text, from) {
        let floor = spans.last().map_or(0, |span| span.end);
        from = after;
        let (Some(start), Some(end)) = (local_start(text, floor, at), domain_end(text, after)) else {
            continue;
        };
        spans.push(Span {
            start,
            end,
            name: "[email]",
        });
        from = end;
    }
    spans
}

/// Where the next `@` is, plain or as addresses write it, and where it ends.
fn next_at(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find_map(|at| match bytes[at] {
        b'@' => Some((at, at + 1)),
        b'%' if bytes[at..].starts_with(b"%40") => Some((at, at + 3)),
        _ => None,
    })
}

fn local_start(text: &str, floor: usize, at: usize) -> Option<usize> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'');
    let local = text[floor..at]
        .char_indices()
        .rev()
        .take_while(|(offset, c)| fits(*c) && at - floor - offset <= LOCAL_BYTES)
        .last()?;
    let start = floor + local.0;
    // A quotation mark or a dash before an address is not part of it.
    let inner = text[start..at].find(|c: char| c.is_alphanumeric() || c == '_')?;
    Some(start + inner)
}

/// End of a domain with a dot and a top level of letters, from `from` on.
fn domain_end(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let end = rest
        .char_indices()
        .find(|(offset, c)| *offset > DOMAIN_BYTES || !(c.is_alphanumeric() || matches!(c, '-' | '.')))
        .map_or(rest.len(), |(offset, _)| offset);
    let mut domain = &rest[..end];
    if let Some(twice) = domain.find("..") {
        domain = &domain[..twice];
    }
    domain = domain.trim_end_matches(['.', '-']);
    // A sentence may go on right behind: `ann@mail.example.2nd` is still an address, `lodash@4.17.21` never was.
    while let Some((head, top)) = domain.rsplit_once('.') {
        let is_top =
            top.chars().count() >= 2 && top.chars().all(char::is_alphabetic) || top.starts_with("xn--");
        if is_top && head.chars().any(char::is_alphanumeric) {
            return Some(from + domain.len());
        }
        domain = head;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<_> = emails(text)
            .iter()
            .map(|span| &text[span.start..span.end])
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn addresses_are_found_whatever_stands_around_them() {
        check(
            "mail ann.lee+tea@mail.example, please",
            &["ann.lee+tea@mail.example"],
        );
        check(
            "a@b.example,c@d.example;e@f.example",
            &["a@b.example", "c@d.example", "e@f.example"],
        );
        check("mailto:ann@b.example?subject=x", &["ann@b.example"]);
        check("'o'brien@b.co.uk'...", &["o'brien@b.co.uk"]);
        check("email=ann%40mail.example&x", &["ann%40mail.example"]);
        check("jörg@müller.example。", &["jörg@müller.example"]);
        check("ann@b.example..really", &["ann@b.example"]);
    }

    #[test]
    fn other_uses_of_the_sign_stay() {
        for text in [
            "@home",
            "3 @ 2.50",
            "lodash@4.17.21",
            "5@1.99",
            "user@host",
            "a @ b.example",
            "react@19.0.0-rc",
        ] {
            check(text, &[]);
        }
    }
}

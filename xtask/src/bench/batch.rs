//! What the measured servers are sent: batches of events of about 300 bytes, as a shop's page sends them.

use std::fmt::Write;

use hearback_shared::producer::Producer;

/// A page that numbers its events.
pub(super) struct Page {
    producer: Producer,
    next_seq: u64,
    now: u64,
    names: &'static [&'static str],
    agent: String,
}

impl Page {
    /// A page loaded at `now`, told apart by `number`.
    pub(super) fn new(now: u64, number: u64) -> Self {
        let mut random = [0x5a; 12];
        random[..8].copy_from_slice(&number.to_be_bytes());
        Self {
            producer: Producer::new(now, random),
            next_seq: 1,
            now,
            names: &["product_viewed"],
            agent: String::new(),
        }
    }

    /// Its events have these names, in turns.
    pub(super) fn doing(self, names: &'static [&'static str]) -> Self {
        Self { names, ..self }
    }

    /// It is seen in another version of a browser for each number.
    pub(super) fn with_agent(self, number: u64) -> Self {
        let agent = format!(
            "user-agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.{number}.0 Safari/537.36\r\n",
            100 + number % 40
        );
        Self { agent, ..self }
    }

    /// A `POST` of its next events, as bytes of HTTP/1.1.
    pub(super) fn request(&mut self, path: &str, events: usize) -> Vec<u8> {
        let body = self.body(events);
        format!(
            "POST {path} HTTP/1.1\r\nhost: hearback.example\r\ncontent-type: text/plain\r\n{}content-length: {}\r\n\r\n{body}",
            self.agent,
            body.len()
        )
        .into_bytes()
    }

    fn body(&mut self, events: usize) -> String {
        let Self { producer, now, .. } = *self;
        let mut body = format!(
            r#"{{"key":"pk_demo","producer":"{producer}","sent_at":{now},"context":{{"url":"https://shop.example/catalogue/kitchen","referrer":"https://search.example/results","lang":"de-DE","screen":[390,844],"release":"1.4.2","env":"prod"}},"items":["#
        );
        for index in 0..events {
            let (seq, at) = (self.next_seq, now - 5_000 + index as u64);
            let comma = if index == 0 { "" } else { "," };
            let name = self.names[usize::try_from(seq).unwrap_or_default() % self.names.len()];
            let title = TITLES[usize::try_from(seq % 4).unwrap_or_default()];
            write!(
                body,
                r#"{comma}{{"seq":{seq},"at":{at},"type":"event","name":"{name}","url":"https://shop.example/catalogue/kitchen/item-4711","props":{{"plan":"team","category":"kitchen/teapots","price":24.9,"currency":"EUR","position":3,"returning":true,"campaign":"autumn-tea-fair","title":"{title}"}}}}"#
            )
            .expect("writing to a String does not fail");
            self.next_seq += 1;
        }
        body.push_str("]}");
        body
    }
}

/// Most texts are ASCII, some are not.
const TITLES: [&str; 4] = [
    "A stoneware teapot",
    "Eine Kanne, bemalt für zwei",
    "A pair of glazed cups",
    "Linen napkins, grey",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_of_300_bytes() {
        let mut page = Page::new(1_795_000_000_000, 1);
        let bytes = page.body(500).len() / 500;
        assert!((285..=315).contains(&bytes), "{bytes}");
    }
}

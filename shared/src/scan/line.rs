//! Writes plain events as the log keeps them, without making an item of them first. What the lines of a batch share
//! is written once.

use serde::Serialize;

use hearback_scan::{PlainEvent, Prop, Seen, push_number};

use crate::item::Context;
use crate::redact::{self, RedactionRules};
use crate::validate::{Arrival, SchemaMode};

/// Writes the lines of one batch.
#[derive(Debug)]
pub(crate) struct Lines<'a, 't> {
    arrival: &'a Arrival<'a>,
    /// `{"id":"<producer>-`
    start: String,
    /// From after the seq to the time.
    project: String,
    /// From after the times to the context's address.
    own_url: String,
    /// The context's other fields, and what only the edge knows.
    end: String,
    /// The whole context with the batch's own address, for events that have none.
    batch_context: String,
    /// What is clean as an address, as the name of a property, and as another text.
    addresses: Seen<'t>,
    names: Seen<'t>,
    texts: Seen<'t>,
}

impl<'a, 't> Lines<'a, 't> {
    /// For the items of one batch with this redacted context. `None` where a project's own rules look at each item.
    pub(crate) fn new(context: &Context, arrival: &'a Arrival<'a>) -> Option<Self> {
        let settings = arrival.settings;
        if settings.schemas.mode != SchemaMode::Off || settings.redaction != RedactionRules::default() {
            return None;
        }
        let producer = arrival.producer?;
        let received = arrival.now;
        let mut rest = context.clone();
        rest.url = None;
        let edge = if arrival.edge.is_empty() {
            String::new()
        } else {
            format!(r#""edge":{},"#, json(&arrival.edge))
        };
        let rest = json(&rest);
        // Without its opening brace, and with a comma where something follows.
        let rest = rest.strip_prefix('{').unwrap_or_default();
        let comma = if rest == "}" { "" } else { "," };
        Some(Self {
            arrival,
            start: format!(r#"{{"id":"{producer}-"#),
            project: format!(r#"","project":"{}","at":"#, arrival.project),
            own_url: format!(r#","received_at":{received},"context":{{"url":""#),
            end: format!(r#""{comma}{rest},{edge}"#),
            batch_context: format!(r#","received_at":{received},"context":{},{edge}"#, json(context)),
            addresses: Seen::default(),
            names: Seen::default(),
            texts: Seen::default(),
        })
    }

    /// The event's line without its `\n`; `None` where something in it may have to be taken out.
    pub(crate) fn line(&self, event: &PlainEvent<'t>, props: &[Prop<'t>]) -> Option<String> {
        let props = props.get(event.props.clone())?;
        let is_clean = event
            .url
            .is_none_or(|url| self.addresses.is_clean(url, is_clean_address))
            && self.texts.is_clean(event.name, redact::leaves)
            && props.iter().all(|prop| self.is_clean_prop(prop));
        if !is_clean {
            return None;
        }
        let mut line = String::with_capacity(event.raw.len() + self.end.len() + 160);
        line.push_str(&self.start);
        let (seq, client_at) = (event.seq, event.at);
        let at = self.arrival.corrected(client_at);
        debug_assert!(at <= self.arrival.now, "nothing happens after it arrived");
        push_number(&mut line, seq);
        line.push_str(&self.project);
        push_number(&mut line, at);
        line.push_str(r#","client_at":"#);
        push_number(&mut line, client_at);
        match event.url {
            Some(url) => [&self.own_url, url, &self.end].map(|part| line.push_str(part)),
            None => [self.batch_context.as_str(), "", ""].map(|part| line.push_str(part)),
        };
        line.push_str(r#""type":"event","name":""#);
        line.push_str(event.name);
        line.push('"');
        for (index, prop) in props.iter().enumerate() {
            line.push_str(if index == 0 { r#","props":{""# } else { r#",""# });
            line.push_str(prop.name);
            line.push_str(if prop.is_text { r#"":""# } else { r#"":"# });
            line.push_str(prop.value);
            if prop.is_text {
                line.push('"');
            }
        }
        line.push_str(if props.is_empty() { "}" } else { "}}" });
        Some(line)
    }

    fn is_clean_prop(&self, prop: &Prop<'t>) -> bool {
        self.names.is_clean(prop.name, redact::leaves_prop_name)
            && if prop.is_text {
                self.texts.is_clean(prop.value, redact::leaves)
            } else {
                !could_pay(prop.value)
            }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("only text keys")
}

/// Digits of the shortest number that pays.
const CARD_DIGITS: usize = 13;

/// Whether a number has as many digits as one that pays.
fn could_pay(number: &str) -> bool {
    number.len() >= CARD_DIGITS
        || (number.starts_with(|c: char| c.is_ascii_digit()) && number.contains(['e', 'E']))
}

fn is_clean_address(url: &str) -> bool {
    !url.contains(['?', '#', '@', '%']) && redact::address(url) == url
}

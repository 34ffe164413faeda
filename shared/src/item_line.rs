//! A line of the log, read. All fields of both types of item stand beside each other there: read as one struct, which
//! is less code and less work than a decoder that first keeps everything aside until it knows the type.

use serde::Deserialize;

use crate::UnixMillis;
use crate::item::{Contact, Context, EdgeFacts, Event, Feedback, FeedbackKind, ItemBody, StoredItem};
use crate::project::ProjectId;
use crate::props::Props;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Event,
    Feedback,
}

#[derive(Deserialize)]
pub(crate) struct Line {
    id: String,
    project: ProjectId,
    at: UnixMillis,
    client_at: UnixMillis,
    received_at: UnixMillis,
    context: Context,
    #[serde(default)]
    edge: EdgeFacts,
    r#type: Type,
    name: Option<String>,
    #[serde(default)]
    props: Props,
    kind: Option<FeedbackKind>,
    text: Option<String>,
    rating: Option<u8>,
    contact: Option<Contact>,
    #[serde(default)]
    attachments: Vec<String>,
    #[serde(default)]
    answers: Props,
    #[serde(default)]
    element: Props,
    #[serde(default)]
    breadcrumbs: Vec<String>,
}

impl TryFrom<Line> for StoredItem {
    type Error = &'static str;

    fn try_from(line: Line) -> Result<Self, Self::Error> {
        let body = match line.r#type {
            Type::Event => ItemBody::Event(Event {
                name: line.name.ok_or("an event has a name")?,
                props: line.props,
            }),
            Type::Feedback => ItemBody::Feedback(Feedback {
                kind: line.kind.ok_or("feedback has a kind")?,
                text: line.text.ok_or("feedback has a text")?,
                rating: line.rating,
                contact: line.contact,
                attachments: line.attachments,
                answers: line.answers,
                props: line.props,
                element: line.element,
                breadcrumbs: line.breadcrumbs,
            }),
        };
        Ok(Self {
            id: line.id,
            project: line.project,
            at: line.at,
            client_at: line.client_at,
            received_at: line.received_at,
            context: line.context,
            edge: line.edge,
            body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rest: &str) -> Result<StoredItem, String> {
        let line = format!(
            r#"{{"id":"a-1","project":"demo","at":1,"client_at":2,"received_at":3,"context":{{}},{rest}}}"#
        );
        serde_json::from_str(&line).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        for rest in [
            r#""type":"event","name":"signup","props":{"plan":"pro","seats":3}"#,
            r#""type":"feedback","kind":"bug","text":"It broke","rating":2,"contact":{"email":"a@b.example"},"attachments":["att_1"],"answers":{"plan":"pro"},"props":{"cart":3},"element":{"role":"button"},"breadcrumbs":["2 click button Pay"]"#,
        ] {
            let item = read(rest).expect("an item");
            let written = serde_json::to_string(&item).expect("JSON");
            assert!(written.contains(rest), "{written}");
            assert_eq!(serde_json::from_str::<StoredItem>(&written).ok(), Some(item));
        }
    }

    #[test]
    fn what_a_type_needs_has_to_be_there() {
        assert!(read(r#""type":"event""#).is_err_and(|why| why.contains("a name")));
        assert!(read(r#""type":"feedback","kind":"bug""#).is_err_and(|why| why.contains("a text")));
        assert!(read(r#""type":"survey""#).is_err_and(|why| why.contains("unknown variant")));
    }
}

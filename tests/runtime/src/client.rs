//! A page's and a reader's view of the collector, over plain HTTP.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hearback_shared::producer::Producer;
use hearback_shared::query::{FeedbackPage, SeriesAnswer};
use serde_json::{Value, json};
use ureq::Agent;

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The body as JSON, or as a JSON string where it is none.
    pub body: Value,
    /// All headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(have, _)| have == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The statuses of all items, in order.
    pub fn statuses(&self) -> Vec<&str> {
        self.body["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| result["status"].as_str().unwrap())
            .collect()
    }
}

/// Speaks with one collector.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    url: String,
    token: String,
}

/// A page that numbers its items.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Its name.
    pub producer: Producer,
}

impl Page {
    /// A page loaded now, told apart by `number`.
    pub fn new(number: u64) -> Self {
        let mut random = [0; 12];
        random[4..].copy_from_slice(&number.to_be_bytes());
        Self {
            producer: Producer::new(now(), random),
        }
    }

    /// A batch of its items for the demo's key.
    pub fn batch(&self, items: &[Value]) -> Value {
        json!({"key": "pk_demo", "producer": self.producer.to_string(), "sent_at": now(), "items": items})
    }

    /// An event.
    pub fn event(seq: u64, name: &str) -> Value {
        json!({"seq": seq, "at": now(), "type": "event", "name": name})
    }

    /// A piece of feedback.
    pub fn feedback(seq: u64, text: &str) -> Value {
        json!({"seq": seq, "at": now(), "type": "feedback", "kind": "idea", "text": text})
    }
}

/// Milliseconds since 1970.
pub fn now() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

impl Client {
    /// A client of the collector at this address.
    pub fn new(url: String, token: String) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)));
        Self {
            agent: config.build().into(),
            url,
            token,
        }
    }

    /// The same client with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    /// Sends a batch; an error where no answer was read.
    pub fn ingest(&self, batch: &Value) -> Result<Answer, ureq::Error> {
        self.post(
            "/v1/ingest",
            &[("content-type", "text/plain;charset=UTF-8")],
            batch.to_string().as_bytes(),
        )
    }

    /// Posts bytes.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.send(body)?)
    }

    /// Posts bytes with the token.
    pub fn post_with_token(&self, path: &str, body: &[u8]) -> Result<Answer, ureq::Error> {
        let token = format!("Bearer {}", self.token);
        self.post(path, &[("authorization", &token)], body)
    }

    /// Gets an address, with the token.
    pub fn get(&self, path: &str) -> Result<Answer, ureq::Error> {
        let request = self.agent.get(format!("{}{path}", self.url));
        read(
            request
                .header("authorization", format!("Bearer {}", self.token))
                .call()?,
        )
    }

    /// Sends a request of any method with the token.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ureq::Error> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(self.agent.run(request.body(body).map_err(ureq::Error::Http)?)?)
    }

    /// Asks a question about events.
    pub fn ask(&self, question: &Value) -> Result<Answer, ureq::Error> {
        self.send("POST", "/api/v1/query", &[], question.to_string().as_bytes())
    }

    /// Changes the project's settings, whatever they were.
    pub fn set(&self, settings: &Value) -> Answer {
        let body = settings.to_string();
        let answer = self.send("PUT", "/api/v1/settings", &[("if-match", "*")], body.as_bytes());
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer
    }

    /// All feedback, page by page.
    pub fn all_feedback(&self) -> Vec<hearback_shared::query::FeedbackRow> {
        let (mut rows, mut path) = (Vec::new(), "/api/v1/feedback?limit=7".to_owned());
        loop {
            let page: FeedbackPage = serde_json::from_value(self.get(&path).unwrap().body).unwrap();
            rows.extend(page.items);
            match page.next {
                Some(next) => path = format!("/api/v1/feedback?limit=7&before={next}"),
                None => return rows,
            }
        }
    }

    /// How many events of a name were counted in the last day.
    pub fn count(&self, name: &str) -> u64 {
        // Some tests move the collector's clock by an hour or two.
        let (from, to) = (now() - 86_400_000, now() + 3 * 3_600_000);
        let answer = self
            .get(&format!("/api/v1/events/series?from={from}&to={to}"))
            .unwrap();
        let answer: SeriesAnswer = serde_json::from_value(answer.body).unwrap();
        answer
            .series
            .iter()
            .find(|series| series.name.as_deref() == Some(name))
            .map_or(0, |series| series.total)
    }
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let content_type = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let content_type = content_type.to_owned();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let bytes = response.body_mut().read_to_vec()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Answer {
        status: response.status().as_u16(),
        content_type,
        body,
        headers,
        bytes,
    })
}

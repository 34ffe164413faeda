//! What came of a plain form, and the feedback in it or what is wrong with it.

use hearback_shared::UnixMillis;
use hearback_shared::item::{Contact, Context, Feedback, FeedbackKind, Item, ItemBody, ItemKey, PropValue};
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::rejection::Rejection;
use hearback_shared::settings::FormSettings;
use hearback_shared::validate::email_is_plausible;
use sha2::{Digest, Sha256};

use super::multipart;
use super::questions::{Ask, Question, questions};
use super::words::Words;
use crate::objects::quarantine::{HONEYPOT, TOO_FAST};

/// What the visitor typed, by the names of the controls, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    fields: Vec<(String, String)>,
    /// The picture's bytes, where one was chosen.
    pub picture: Option<Vec<u8>>,
}

/// Something to be put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The control it is at; empty for the whole.
    pub name: String,
    /// What is wrong, in the visitor's language.
    pub said: String,
}

/// What an address may fill in: nobody agrees, and no form was made, by following a link.
const NOT_BY_LINK: [&str; 5] = ["consent", "website", "attachment", "producer", "made_at"];

impl Entries {
    /// A fresh form with what the address fills in, to be sent by `producer`.
    pub fn fresh(query: &str, producer: Producer, now: UnixMillis) -> Self {
        let mut entries = Self::parse(query.as_bytes());
        entries
            .fields
            .retain(|(name, _)| !NOT_BY_LINK.contains(&name.as_str()));
        entries.set("producer", producer.to_string());
        entries.set("made_at", now.to_string());
        entries
    }

    /// What a submitted form without a picture holds, or an address.
    pub fn parse(body: &[u8]) -> Self {
        let mut entries = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            entries.add(&name, &value);
        }
        entries
    }

    /// What a submitted form with a picture holds; none where the body is not one.
    pub fn parse_parts(body: &[u8], content_type: &str) -> Option<Self> {
        let mut entries = Self::default();
        for part in multipart::parts(body, multipart::boundary(content_type)?)? {
            if !part.is_file {
                entries.add(part.name, &String::from_utf8_lossy(part.bytes));
            } else if !part.bytes.is_empty() {
                entries.picture = Some(part.bytes.to_vec());
            }
        }
        Some(entries)
    }

    fn add(&mut self, name: &str, value: &str) {
        // Browsers send line ends as CR LF.
        let value = value.replace("\r\n", "\n").trim().to_owned();
        self.fields.push((name.to_owned(), value));
    }

    /// Puts something in place of what came.
    pub fn set(&mut self, name: &str, value: String) {
        self.remove(name);
        self.fields.push((name.to_owned(), value));
    }

    /// Takes out what came.
    pub fn remove(&mut self, name: &str) {
        self.fields.retain(|(have, _)| have != name);
    }

    /// The value of a control; empty where it did not come.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of a control.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let theirs = move |(have, _): &&(String, String)| have == name;
        self.fields.iter().filter(theirs).map(|(_, value)| value.as_str())
    }

    /// The kind that was chosen: the form's first where it has none of this name.
    pub(super) fn kind(&self, form: &FormSettings) -> FeedbackKind {
        let chosen = FeedbackKind::parse(self.get("kind")).filter(|kind| form.kinds.contains(kind));
        chosen.or(form.kinds.first().copied()).unwrap_or_default()
    }

    /// What has to be put right before it can be sent, from top to bottom.
    pub fn mistakes(&self, form: &FormSettings, words: &Words) -> Vec<Mistake> {
        let kind = self.kind(form);
        questions(form)
            .into_iter()
            .filter(|question| question.is_asked(kind))
            .filter_map(|question| {
                let wrong = self.wrong(&question)?;
                Some(Mistake {
                    name: question.name,
                    said: words.at(wrong).to_owned(),
                })
            })
            .collect()
    }

    /// The name of what is to be said of an answer.
    fn wrong(&self, question: &Question<'_>) -> Option<&'static str> {
        let answer = self.answer(question);
        match question.ask {
            Ask::Email if !answer.is_empty() && !email_is_plausible(&answer) => Some("wrong_email"),
            Ask::Words if answer.chars().count() > limits::TEXT_CHARS => Some("long_text"),
            _ if !question.required || !answer.is_empty() => None,
            Ask::Words => Some("empty_text"),
            Ask::Email => Some("wrong_email"),
            Ask::Rating => Some("empty_rating"),
            Ask::Tick => Some("empty_tick"),
            _ => Some("empty_answer"),
        }
    }

    /// The answer to a question: several choices a line each, and none that there is not.
    fn answer(&self, question: &Question<'_>) -> String {
        let is_option = |one: &&str| question.options.iter().any(|option| option == one);
        match question.ask {
            Ask::Choice | Ask::Choices => {
                let chosen: Vec<_> = self.all(&question.name).filter(is_option).collect();
                chosen.join("\n")
            }
            _ => self.get(&question.name).to_owned(),
        }
    }

    /// What makes it look as if no person wrote it. It is stored all the same, and looked at before it is shown.
    pub fn suspicions(&self, now: UnixMillis) -> impl Iterator<Item = &'static str> {
        let made_at = self.get("made_at").parse::<UnixMillis>().ok();
        let is_fast = made_at.is_none_or(|made_at| now.saturating_sub(made_at) < limits::FORM_MS);
        [
            (!self.get("website").is_empty()).then_some(HONEYPOT),
            is_fast.then_some(TOO_FAST),
        ]
        .into_iter()
        .flatten()
    }

    /// The feedback as an item.
    pub fn item(&self, form: &FormSettings, now: UnixMillis) -> Item {
        let kind = self.kind(form);
        let mut feedback = Feedback::new(kind, "");
        for question in questions(form) {
            let answer = self.answer(&question);
            if answer.is_empty() || !question.is_asked(kind) {
                continue;
            }
            let rating = answer
                .parse()
                .ok()
                .filter(|rating| (1..=limits::RATING_MAX).contains(rating));
            match (question.ask, question.name.strip_prefix("answers.")) {
                (Ask::Words, _) => feedback.text = answer,
                (Ask::Email, _) => feedback.contact = Some(Contact { email: answer }),
                (Ask::Rating, None) => feedback.rating = rating,
                (Ask::Rating, Some(name)) => {
                    if let Some(rating) = rating {
                        feedback
                            .answers
                            .insert(name.to_owned(), PropValue::Number(rating.into()));
                    }
                }
                (_, Some(name)) => {
                    feedback.answers.insert(name.to_owned(), PropValue::Text(answer));
                }
                (_, None) => {}
            }
        }
        feedback.attachments = self.all("attachment").map(str::to_owned).collect();
        Item {
            key: ItemKey::Seq(self.seq(&feedback)),
            at: now,
            url: None,
            body: ItemBody::Feedback(feedback),
        }
    }

    /// The same words are the same item, so that a repeat is recognised; other words from the same page (a browser
    /// brings the form back on *Back*) are another.
    fn seq(&self, feedback: &Feedback) -> u64 {
        let said = serde_json::to_string(feedback).expect("feedback has only text keys");
        let digest = Sha256::new()
            .chain_update(said)
            .chain_update(self.get("url"))
            .finalize();
        let number = digest
            .iter()
            .take(6)
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        number + 1
    }

    /// What is known of where it was written. Nobody can correct a hidden field, so what does not fit is left out.
    pub fn context(&self, form: &FormSettings, lang: Option<&String>) -> Context {
        Context {
            url: self.page(form).map(str::to_owned),
            lang: lang.cloned(),
            ..Context::default()
        }
    }

    /// The page it is about, where the project asks for that.
    pub(super) fn page(&self, form: &FormSettings) -> Option<&str> {
        let url = self.get("url");
        let fits = url.len() <= limits::URL_CHARS && !url.contains(char::is_control);
        let is_page = url.starts_with("http://") || url.starts_with("https://");
        (form.context && fits && is_page).then_some(url)
    }
}

impl Mistake {
    /// What the edge's rules refused.
    pub fn refused(rejection: &Rejection, words: &Words) -> Self {
        let field = rejection.field.as_deref().unwrap_or_default();
        Self {
            name: field.strip_prefix("contact.").unwrap_or(field).to_owned(),
            said: words.with("refused", &rejection.message),
        }
    }

    /// What is wrong at a control, by the name of the words; none for the whole.
    pub fn at(control: &str, name: &str, words: &Words) -> Self {
        Self {
            name: control.to_owned(),
            said: words.at(name).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;

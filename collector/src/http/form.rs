//! The plain form: one page without script, for where the panel cannot run, and as a link.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hearback_shared::UnixMillis;
use hearback_shared::item::{Contact, Context, Feedback, FeedbackKind, Item, ItemBody, ItemKey};
use hearback_shared::limits;
use hearback_shared::producer::Producer;
use hearback_shared::rejection::{Rejection, RejectionCode};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use super::reply::Reply;
use crate::objects::quarantine::{HONEYPOT, TOO_FAST};

const STYLE: &str = include_str!("form.css");

/// What the visitor typed, as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// `bug`, `idea`, `praise` or `question`.
    pub kind: String,
    /// Their words.
    pub text: String,
    /// `1` to `5`, or empty.
    pub rating: String,
    /// An address, or empty.
    pub email: String,
    /// The page it is about, or empty.
    pub url: String,
    /// A field that people do not see and programs fill in.
    pub website: String,
    /// When this page of the form was made, in milliseconds since 1970.
    pub made_at: String,
    /// The producer that this page of the form was given, so that sending it twice stores it once.
    pub producer: String,
}

impl Entries {
    /// A fresh form about the page in the query's `url`, to be sent by `producer`.
    pub fn fresh(query: &str, producer: Producer, now: UnixMillis) -> Self {
        let mut entries = Self {
            producer: producer.to_string(),
            made_at: now.to_string(),
            website: String::new(),
            ..Self::parse(query.as_bytes())
        };
        if FeedbackKind::parse(&entries.kind).is_none() {
            FeedbackKind::Bug.as_str().clone_into(&mut entries.kind);
        }
        entries
    }

    /// What a submitted form holds; fields it does not know are left alone.
    pub fn parse(body: &[u8]) -> Self {
        let mut entries = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let entry = match name.as_ref() {
                "kind" => &mut entries.kind,
                "text" => &mut entries.text,
                "rating" => &mut entries.rating,
                "email" => &mut entries.email,
                "url" => &mut entries.url,
                "producer" => &mut entries.producer,
                "website" => &mut entries.website,
                "made_at" => &mut entries.made_at,
                _ => continue,
            };
            // Browsers send line ends as CR LF.
            value.replace("\r\n", "\n").trim().clone_into(entry);
        }
        entries
    }

    /// The same words are the same item, so that a repeat is recognised; other words from the same page (a browser
    /// brings the form back on *Back*) are another.
    fn seq(&self) -> u64 {
        let said = [&self.kind, &self.text, &self.rating, &self.email, &self.url]
            .map(String::as_str)
            .join("\0");
        let digest = Sha256::digest(said);
        let number = digest
            .iter()
            .take(6)
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        number + 1
    }

    /// What makes it look as if no person wrote it. It is stored all the same, and looked at before it is shown.
    pub fn suspicions(&self, now: UnixMillis) -> impl Iterator<Item = &'static str> {
        let made_at = self.made_at.parse::<UnixMillis>().ok();
        let is_fast = made_at.is_none_or(|made_at| now.saturating_sub(made_at) < limits::FORM_MS);
        [
            (!self.website.is_empty()).then_some(HONEYPOT),
            is_fast.then_some(TOO_FAST),
        ]
        .into_iter()
        .flatten()
    }

    /// The feedback as an item, or what is wrong with it.
    pub fn item(&self, now: UnixMillis) -> Result<Item, Rejection> {
        let kind = FeedbackKind::parse(&self.kind)
            .ok_or_else(|| Rejection::field(RejectionCode::UnknownKind, "kind", "Choose what it is about"))?;
        let rating = match self.rating.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| {
                Rejection::field(RejectionCode::RatingOutOfRange, "rating", "A rating is 1 to 5")
            })?),
        };
        let contact = (!self.email.is_empty()).then(|| Contact {
            email: self.email.clone(),
        });
        let feedback = Feedback {
            rating,
            contact,
            ..Feedback::new(kind, self.text.clone())
        };
        Ok(Item {
            key: ItemKey::Seq(self.seq()),
            at: now,
            url: None,
            body: ItemBody::Feedback(feedback),
        })
    }

    /// What is known of where it was written. Nobody can correct a hidden field, so what does not fit is left out.
    pub fn context(&self, accept_language: Option<&str>) -> Context {
        let fits = self.url.len() <= limits::URL_CHARS && !self.url.contains(char::is_control);
        let is_page = self.url.starts_with("http://") || self.url.starts_with("https://");
        let url = (fits && is_page).then(|| self.url.clone());
        let lang = accept_language
            .and_then(|list| list.split([',', ';']).next())
            .map(|tag| tag.trim().to_owned())
            .filter(|tag| !tag.is_empty() && tag.len() <= limits::CONTEXT_CHARS && tag != "*");
        Context {
            url,
            lang,
            ..Context::default()
        }
    }
}

/// The form; with a rejection, what was typed and what is wrong with it.
pub fn page(entries: &Entries, rejection: Option<&Rejection>) -> Reply {
    let field = rejection.and_then(|rejection| rejection.field.as_deref());
    let alert = rejection.map(|rejection| {
        let message = escape(&rejection.message);
        format!(r#"<p class="alert" role="alert" id="mistake"><strong>Not sent yet.</strong> {message}.</p>"#)
    });
    let marked = |name: &str| {
        if field.is_some_and(|field| field.ends_with(name)) {
            r#" aria-invalid="true" aria-describedby="mistake""#
        } else {
            ""
        }
    };
    let body = format!(
        r#"<h1>Your feedback</h1>
{alert}<form method="post">
<input type="hidden" name="producer" value="{producer}"><input type="hidden" name="made_at" value="{made_at}"><input type="hidden" name="url" value="{url}">
<fieldset><legend>What is it about?</legend><div class="choices">{kinds}</div></fieldset>
<label for="text">Your words</label>
<textarea id="text" name="text" rows="3" maxlength="{limit}" required{text_mark}>{text}</textarea>
<fieldset><legend>Rating <span>optional, 1 is bad, 5 is good</span></legend><div class="choices">{ratings}</div></fieldset>
<label for="email">E-mail for an answer <span>optional</span></label>
<input id="email" name="email" type="email" autocomplete="email" maxlength="254" value="{email}"{email_mark}>
<p class="trap" aria-hidden="true"><label>Leave this empty <input name="website" tabindex="-1" autocomplete="off" value=""></label></p>
<button>Send feedback</button>
</form>"#,
        alert = alert.unwrap_or_default(),
        producer = escape(&entries.producer),
        made_at = escape(&entries.made_at),
        url = escape(&entries.url),
        kinds = kinds(&entries.kind),
        limit = limits::TEXT_CHARS,
        text = escape(&entries.text),
        text_mark = marked("text"),
        ratings = ratings(&entries.rating),
        email = escape(&entries.email),
        email_mark = marked("email"),
    );
    document(
        if rejection.is_some() { 422 } else { 200 },
        "Your feedback",
        &body,
    )
}

/// The answer after the feedback is stored.
pub fn thanks(receipt: &str, entries: &Entries) -> Reply {
    let again = form_urlencoded::Serializer::new(String::new())
        .append_pair("url", &entries.url)
        .finish();
    let body = format!(
        r#"<h1>Thank you</h1>
<p>Your words are stored and the team will read them.</p>
<p class="receipt">Your receipt, with which you can ask what became of them:<br><code id="receipt">{}</code></p>
<p><a href="?{}">Send another</a></p>"#,
        escape(receipt),
        escape(&again)
    );
    document(200, "Thank you", &body)
}

/// The answer when it could not be stored now: the same form, to be sent again.
pub fn unavailable(entries: &Entries) -> Reply {
    let again = Rejection::item(
        RejectionCode::MalformedItem,
        "We could not store it just now: please send it again",
    );
    Reply {
        status: 503,
        ..page(entries, Some(&again))
    }
    .header("retry-after", "5")
}

/// A page that says why there is no form here, or why it could not be read: people don't read JSON.
pub fn refused(problem: &Problem) -> Reply {
    let (title, detail) = match problem {
        Problem::UnknownKey => (
            "This form is not in use",
            "Its address holds a key that is not known. Ask the people who gave you the link.",
        ),
        Problem::BodyTooLarge => (
            "That is too much at once",
            "Go back, shorten your words, and send them again.",
        ),
        Problem::TooManyRequests { .. } => (
            "Not sent yet",
            "Too much was sent from your network at once. Wait a minute, go back and send it again.",
        ),
        Problem::Unavailable => (
            "Not sent yet",
            "Something went wrong here. Go back and send it again in a moment.",
        ),
        _ => ("This could not be read", "Go back and send the form again."),
    };
    let body = format!("<h1>{}</h1><p>{}</p>", escape(title), escape(detail));
    document(problem.reply().status, title, &body)
}

fn kinds(chosen: &str) -> String {
    let label = |kind| match kind {
        FeedbackKind::Bug => "Problem",
        FeedbackKind::Idea => "Idea",
        FeedbackKind::Praise => "Praise",
        FeedbackKind::Question => "Question",
    };
    FeedbackKind::ALL
        .iter()
        .map(|kind| radio("kind", kind.as_str(), label(*kind), kind.as_str() == chosen))
        .collect()
}

fn ratings(chosen: &str) -> String {
    (1..=limits::RATING_MAX)
        .map(|n| radio("rating", &n.to_string(), &n.to_string(), n.to_string() == chosen))
        .collect()
}

fn radio(name: &str, value: &str, label: &str, checked: bool) -> String {
    let checked = if checked { " checked" } else { "" };
    format!(
        r#"<label><input type="radio" name="{name}" value="{value}"{checked}><span>{label}</span></label>"#
    )
}

fn document(status: u16, title: &str, body: &str) -> Reply {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let html = format!(
        r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>{title}</title><style>{STYLE}</style></head>
<body><main>{body}</main></body></html>
"#
    );
    // It may be framed by any page: that is what it is for. It holds no session that a frame could misuse.
    let csp = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors *"
    );
    Reply::html(status, html).header("content-security-policy", csp)
}

/// Text as HTML text or a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_as_text_whatever_it_is() {
        let hostile = r#""><script>alert(1)</script>"#;
        let typed = |field: &str| {
            form_urlencoded::Serializer::new(String::new())
                .append_pair(field, hostile)
                .finish()
        };
        for field in [
            "text", "email", "url", "producer", "kind", "rating", "made_at", "website",
        ] {
            let entries = Entries::parse(typed(field).as_bytes());
            let rejection = Rejection::field(RejectionCode::TextEmpty, "text", "Feedback needs some words");
            let reply = page(&entries, Some(&rejection));
            assert!(!reply.body.contains("<script"), "{field}");
        }
        assert!(
            !thanks(
                hostile,
                &Entries {
                    url: hostile.into(),
                    ..Entries::default()
                }
            )
            .body
            .contains("<script")
        );
    }

    #[test]
    fn a_submitted_form_is_an_item_like_any_other() {
        let entries = Entries::parse(b"kind=idea&text=More+tea%0D%0Aplease&rating=4&email=ann%40b.example&url=https%3A%2F%2Fa.example%2Fx&extra=1");
        let item = entries.item(7).expect("an item");
        let ItemBody::Feedback(feedback) = item.body else {
            panic!("feedback")
        };
        assert_eq!(
            (feedback.text.as_str(), feedback.rating),
            ("More tea\nplease", Some(4))
        );
        assert_eq!(
            entries.context(Some("de-AT,de;q=0.9")).lang.as_deref(),
            Some("de-AT")
        );
        assert_eq!(entries.context(None).url.as_deref(), Some("https://a.example/x"));
    }

    #[test]
    fn a_form_that_no_person_filled_in_is_told_by_the_trap_and_the_time() {
        let found = |body: &str| {
            Entries::parse(body.as_bytes())
                .suspicions(10_000)
                .collect::<Vec<_>>()
        };
        assert_eq!(found("text=a&made_at=5000"), [""; 0]);
        assert_eq!(found("text=a&made_at=9000"), [TOO_FAST]);
        assert_eq!(found("text=a&made_at=5000&website=x"), [HONEYPOT]);
        assert_eq!(found("text=a"), [TOO_FAST]);
    }

    #[test]
    fn the_same_words_are_the_same_item_and_others_are_not() {
        let seq = |text: &str| {
            Entries {
                kind: "bug".into(),
                text: text.into(),
                ..Entries::default()
            }
            .item(7)
            .expect("an item")
            .key
            .seq()
            .expect("a seq")
        };
        assert_eq!(seq("It broke"), seq("It broke"));
        assert_ne!(seq("It broke"), seq("It broke again"));
        assert!((1..=limits::SEQ_MAX).contains(&seq("")));
    }

    #[test]
    fn a_hidden_field_never_keeps_a_person_from_sending() {
        for url in [
            format!("https://a.example/{}", "x".repeat(3_000)),
            "https://a.example/\0".into(),
            "ftp://x".into(),
        ] {
            assert_eq!(
                Entries {
                    url,
                    ..Entries::default()
                }
                .context(None)
                .url,
                None
            );
        }
    }

    #[test]
    fn an_address_that_is_not_one_of_a_page_is_left_out() {
        let entries = Entries {
            url: "javascript:alert(1)".into(),
            ..Entries::default()
        };
        assert_eq!(entries.context(None).url, None);
    }

    #[test]
    fn the_style_is_the_one_that_the_policy_allows() {
        let reply = thanks("rcp_x", &Entries::default());
        let csp = &reply
            .headers
            .iter()
            .find(|(name, _)| *name == "content-security-policy")
            .expect("a policy")
            .1;
        let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        assert!(
            csp.contains(&format!("'sha256-{hash}'"))
                && reply.body.contains(&format!("<style>{STYLE}</style>"))
        );
    }
}

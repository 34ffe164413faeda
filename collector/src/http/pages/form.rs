//! The plain form as a page: the panel's questions with native controls, for where the panel cannot run, and as a link.

use hearback_shared::item::FeedbackKind;
use hearback_shared::limits;
use hearback_shared::settings::{FormSettings, RatingStyle};

use super::entries::{Entries, Mistake};
use super::html::Html;
use super::questions::{Ask, Question, questions};
use super::{Face, document};
use crate::http::problem::Problem;
use crate::http::reply::Reply;

/// From bad to good, as the panel has them.
const FACES: [&str; 5] = ["😞", "😕", "😐", "😊", "😀"];

/// What is shown beside the controls.
struct Form<'a> {
    settings: &'a FormSettings,
    entries: &'a Entries,
    mistakes: &'a [Mistake],
    face: &'a Face,
    kind: FeedbackKind,
}

/// The form; with mistakes, what was typed and what is wrong with it.
pub fn page(settings: &FormSettings, entries: &Entries, mistakes: &[Mistake], face: &Face) -> Reply {
    let form = Form {
        settings,
        entries,
        mistakes,
        face,
        kind: entries.kind(settings),
    };
    let words = &face.words;
    let mut html = Html::default();
    html.raw("<h1>").text(words.at("title")).raw("</h1>");
    if !mistakes.is_empty() {
        html.raw("<div class=\"alert\" role=\"alert\"><p><strong>")
            .text(words.at("title_waiting"))
            .raw("</strong></p>");
        for mistake in form.mistakes_of("") {
            html.p(&mistake.said);
        }
        html.raw("</div>");
    }
    // A picture can be sent in no other form.
    html.raw("<form method=\"post\" enctype=\"multipart/form-data\">");
    for name in ["producer", "made_at", "url", "attachment"] {
        for value in entries.all(name) {
            hidden(&mut html, name, value);
        }
    }
    form.kinds(&mut html);
    for question in questions(settings) {
        form.question(&mut html, &question);
    }
    if let Some(page) = entries.page(settings) {
        html.raw("<p class=\"note\">")
            .text(words.at("page"))
            .raw(": ")
            .text(page)
            .raw("</p>");
    }
    html.raw("<p class=\"trap\" aria-hidden=\"true\"><input name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></p><button>")
        .text(words.at("send"))
        .raw("</button></form>");
    let status = if mistakes.is_empty() { 200 } else { 422 };
    document(status, "title", &html, face, true)
}

/// The answer after the feedback is stored.
pub fn thanks(receipt: &str, url: &str, face: &Face) -> Reply {
    let words = &face.words;
    let mut html = Html::default();
    html.raw("<h1 class=\"arrived\">")
        .text(words.at("title_arrived"))
        .raw("</h1>")
        .p(words.at("arrived"))
        // In a frame what became of it would show only as long as the frame does.
        .raw("<p><a id=\"receipt\" class=\"button\" target=\"_blank\"")
        .set("href", &["/r/", receipt, "?lang=", &words.lang].concat())
        .raw(">")
        .text(words.at("receipt"))
        .raw("</a></p><p class=\"note\">")
        .text(words.at("receipt_hint"))
        .raw("</p><p><a class=\"button side\"");
    let again = form_urlencoded::Serializer::new("?".to_owned())
        .append_pair("url", url)
        .append_pair("lang", &words.lang)
        .finish();
    html.set("href", &again)
        .raw(">")
        .text(words.at("another"))
        .raw("</a></p>");
    document(200, "title_arrived", &html, face, true)
}

/// A page that says why there is no form here, or why it could not be read: people don't read JSON.
pub fn refused(problem: &Problem, face: &Face) -> Reply {
    let (title, detail) = match problem {
        Problem::UnknownKey => ("form_unknown_title", "form_unknown"),
        Problem::BodyTooLarge => ("title_waiting", "form_too_much"),
        Problem::TooManyRequests { .. } => ("title_waiting", "form_too_many"),
        Problem::Unavailable => ("title_waiting", "form_later"),
        _ => ("title_waiting", "form_unread"),
    };
    let mut html = Html::default();
    html.raw("<h1>")
        .text(face.words.at(title))
        .raw("</h1>")
        .p(face.words.at(detail));
    document(problem.reply().status, title, &html, face, true)
}

impl Form<'_> {
    fn mistakes_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Mistake> {
        self.mistakes.iter().filter(move |mistake| mistake.name == name)
    }

    fn say(&self, name: &str) -> &str {
        self.face.words.at(name)
    }

    fn kinds(&self, html: &mut Html) {
        let [only] = self.settings.kinds.as_slice() else {
            html.raw("<fieldset><legend>")
                .text(self.say("kind"))
                .raw("</legend><div class=\"choices\">");
            for kind in &self.settings.kinds {
                let label = self.face.words.of_kind("kind_", kind.as_str());
                option(
                    html,
                    "radio",
                    "kind",
                    kind.as_str(),
                    *kind == self.kind,
                    "",
                    label,
                );
            }
            html.raw("</div></fieldset>");
            return;
        };
        hidden(html, "kind", only.as_str());
    }

    fn question(&self, html: &mut Html, question: &Question<'_>) {
        // Where there is one kind, nothing else is ever asked.
        if self.settings.kinds.len() == 1 && !question.is_asked(self.kind) {
            return;
        }
        let tick = question.ask == Ask::Tick;
        let chosen = matches!(question.ask, Ask::Rating | Ask::Choice | Ask::Choices);
        let note = ["n-", &question.name].concat();
        let classes: Vec<_> = question
            .kinds
            .iter()
            .map(|kind| ["for-", kind.as_str()].concat())
            .collect();
        html.raw(if chosen { "<fieldset" } else { "<div" });
        let class = [if tick { "tick " } else { "" }, &classes.join(" ")].concat();
        html.set("class", &class);
        if chosen {
            html.set("aria-describedby", &note);
        }
        html.raw(">");
        if tick {
            self.control(html, question, &note);
        }
        if chosen {
            html.raw("<legend>");
        } else {
            html.raw("<label").set("for", &question.name).raw(">");
        }
        self.label(html, question);
        html.raw(if chosen { "</legend>" } else { "</label>" });
        if chosen {
            self.options(html, question);
        } else if !tick {
            self.control(html, question, &note);
        }
        self.notes(html, question, &note);
        html.raw(if chosen { "</fieldset>" } else { "</div>" });
    }

    fn label(&self, html: &mut Html, question: &Question<'_>) {
        match question.ask {
            Ask::Words => {
                for kind in &self.settings.kinds {
                    html.raw("<span")
                        .set("class", &["for-", kind.as_str()].concat())
                        .raw(">")
                        .text(self.face.words.of_kind("text_", kind.as_str()))
                        .raw("</span>");
                }
            }
            Ask::Picture => drop(html.text(self.say("form_picture"))),
            _ if question.label.is_empty() => drop(html.text(self.say(&question.name))),
            _ => drop(html.text(question.label)),
        }
        if !question.required {
            html.raw(" <small>").text(self.say("optional")).raw("</small>");
        }
        if !question.kinds.is_empty() {
            let kinds = question.kinds.iter();
            let kinds: Vec<_> = kinds
                .map(|kind| self.face.words.of_kind("kind_", kind.as_str()))
                .collect();
            html.raw(" <small class=\"which\">")
                .text(&kinds.join(", "))
                .raw("</small>");
        }
    }

    /// A control in which something is written, chosen as a file, or ticked.
    fn control(&self, html: &mut Html, question: &Question<'_>, note: &str) {
        let value = self.entries.get(&question.name);
        html.raw(match question.ask {
            Ask::Words => "<textarea rows=\"4\" dir=\"auto\"",
            Ask::Line => "<textarea rows=\"2\" dir=\"auto\" maxlength=\"1024\"",
            Ask::Email => "<input type=\"email\" autocomplete=\"email\"",
            Ask::Picture => "<input type=\"file\" accept=\"image/png,image/jpeg,image/webp\"",
            _ => "<input type=\"checkbox\" value=\"yes\"",
        });
        html.set("id", &question.name)
            .set("name", &question.name)
            .set("aria-describedby", note)
            .raw_if(self.is_needed(question), " required")
            .raw_if(question.ask == Ask::Tick && !value.is_empty(), " checked");
        self.mark(html, question);
        match question.ask {
            // A line end behind the tag is not part of the text: one of the visitor's own would be lost.
            Ask::Words | Ask::Line => drop(html.raw(">\n").text(value).raw("</textarea>")),
            Ask::Email => drop(html.set("maxlength", "254").set("value", value).raw(">")),
            _ => drop(html.raw(">")),
        }
    }

    fn options(&self, html: &mut Html, question: &Question<'_>) {
        let name = question.name.as_str();
        let mut more = Html::default();
        more.raw_if(self.is_needed(question), " required");
        self.mark(&mut more, question);
        let is_chosen = |option: &str| self.entries.all(name).any(|chosen| chosen == option);
        if question.ask != Ask::Rating {
            html.raw("<div class=\"choices\">");
            let many = question.ask == Ask::Choices;
            let (input, more) = if many {
                ("checkbox", "")
            } else {
                ("radio", more.0.as_str())
            };
            for one in question.options {
                option(html, input, name, one, is_chosen(one), more, one);
            }
            html.raw("</div>");
            return;
        }
        html.raw(match self.settings.rating {
            RatingStyle::Numbers | RatingStyle::Emoji => "<div class=\"choices scale\">",
            RatingStyle::Stars | RatingStyle::None => "<div class=\"choices stars\">",
        });
        for (place, face) in FACES.iter().enumerate() {
            let value = (place + 1).to_string();
            let said = self.face.words.of_kind("rating_", &value);
            let mut more = more.clone();
            more.set("aria-label", said);
            let shown = if self.settings.rating == RatingStyle::Emoji {
                face
            } else {
                value.as_str()
            };
            option(html, "radio", name, &value, is_chosen(&value), &more.0, shown);
        }
        if !question.required {
            let none = self.entries.get(name).is_empty();
            html.raw("<label class=\"clear\"><input type=\"radio\" value=\"\"")
                .set("name", name)
                .raw_if(none, " checked")
                .raw("><span>")
                .text(self.say("clear"))
                .raw("</span></label>");
        }
        html.raw("</div>");
    }

    /// Whether the browser itself may insist on it: not on what is hidden for other kinds.
    fn is_needed(&self, question: &Question<'_>) -> bool {
        question.required && (question.kinds.is_empty() || self.settings.kinds.len() == 1)
    }

    /// Marks what is wrong; the first of it gets the focus.
    fn mark(&self, html: &mut Html, question: &Question<'_>) {
        if self.mistakes_of(&question.name).next().is_some() {
            html.raw(" aria-invalid=\"true\"");
            let first = self.mistakes.first().map(|mistake| mistake.name.as_str());
            let is_written = !matches!(question.ask, Ask::Rating | Ask::Choice | Ask::Choices);
            html.raw_if(is_written && first == Some(&question.name), " autofocus");
        }
    }

    /// What is wrong, or what there is to know.
    fn notes(&self, html: &mut Html, question: &Question<'_>, id: &str) {
        html.raw("<div").set("id", id).raw(">");
        for mistake in self.mistakes_of(&question.name) {
            html.raw("<p class=\"note wrong\">")
                .text(&mistake.said)
                .raw("</p>");
        }
        if question.ask == Ask::Picture {
            let is_kept = !self.entries.get("attachment").is_empty();
            let said = if is_kept {
                "form_picture_kept"
            } else {
                "form_picture_hint"
            };
            html.raw("<p class=\"note\">").text(self.say(said)).raw("</p>");
        }
        html.raw("</div>");
    }
}

fn hidden(html: &mut Html, name: &str, value: &str) {
    html.raw("<input type=\"hidden\"")
        .set("name", name)
        .set("value", value)
        .raw(">");
}

/// Something to choose. `more` are attributes of ours.
fn option(html: &mut Html, input: &str, name: &str, value: &str, checked: bool, more: &str, label: &str) {
    html.raw("<label><input")
        .set("type", input)
        .set("name", name)
        .set("value", value)
        .raw(more)
        .raw_if(checked, " checked")
        .raw("><span>")
        .text(label)
        .raw("</span></label>");
}

/// The limit of a line's attribute is that of the wire.
const _: () = assert!(limits::PROP_TEXT_CHARS == 1024 && limits::EMAIL_CHARS == 254);

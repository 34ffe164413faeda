//! From what stands in the form to feedback that can be sent.

use hearback_shared::limits::TEXT_CHARS;
use hearback_shared::validate::email_is_plausible;

use crate::form::{Ask, Form};
use crate::text::{add, rows};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There are no words in it, which are all that has to be there.
    TextEmpty,
    /// There are too many.
    TextTooLong,
    /// The e-mail address cannot be one, or is missing where it has to be given.
    EmailInvalid,
    /// It has to be answered.
    Unanswered,
    /// It has to be rated.
    Unrated,
    /// It has to be ticked.
    Unticked,
}

/// What is wrong with the feedback as a whole, or with the way it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The page was loaded too long ago for the server to tell a repeated item from a new one.
    PageTooOld,
    /// The loader could not take it.
    NotTaken,
    /// A picture could not be uploaded.
    PictureNotSent,
    /// The server refused it for a reason that only its own words tell.
    Refused(String),
    /// The same of feedback that was sent before the one that is being written.
    RefusedEarlier(String),
}

/// Characters by which a text may still grow; negative where it is too long already.
pub fn characters_left(text: &str) -> isize {
    TEXT_CHARS.cast_signed() - text.trim().chars().count().cast_signed()
}

impl Form {
    /// What has to be put right, by its question's place, from top to bottom.
    pub fn check(&self, values: &[String]) -> Vec<(usize, Problem)> {
        self.asked(values)
            .filter_map(|(at, value)| {
                let question = &self.questions[at];
                let problem = match question.ask {
                    Ask::Email if value.is_empty() && !question.required => return None,
                    Ask::Email if !email_is_plausible(value) => Problem::EmailInvalid,
                    Ask::Words if characters_left(value) < 0 => Problem::TextTooLong,
                    _ if !value.is_empty() || !question.required => return None,
                    Ask::Words => Problem::TextEmpty,
                    Ask::Tick => Problem::Unticked,
                    ask if ask.is_rating() => Problem::Unrated,
                    _ => Problem::Unanswered,
                };
                Some((at, problem))
            })
            .collect()
    }

    /// What goes into the item: where, what, and whether it is a number.
    pub fn said(&self, values: &[String]) -> String {
        let mut said = String::new();
        // The kind goes along where nobody was asked for it, too.
        add(&mut said, &["kind", &values[0]]);
        for (at, value) in self.asked(values) {
            let question = &self.questions[at];
            if question.ask == Ask::Kind || question.path.is_empty() || value.is_empty() {
                continue;
            }
            let number = if question.ask.is_rating() { "number" } else { "" };
            add(&mut said, &[&question.path, value, number]);
        }
        said
    }

    /// What is kept over a reload: nothing where nobody has said anything. What was agreed to is asked anew.
    pub fn draft(&self, values: &[String]) -> String {
        let mut draft = String::new();
        for (question, value) in self.questions.iter().zip(values).skip(1) {
            if question.ask != Ask::Tick && !value.is_empty() {
                add(&mut draft, &[&question.path, value]);
            }
        }
        if !draft.is_empty() {
            add(&mut draft, &["kind", &values[0]]);
        }
        draft
    }

    /// The answers of a draft that was kept. The form may have changed meanwhile: what no longer fits is left out.
    pub fn restored(&self, draft: &str) -> Vec<String> {
        let mut values = self.empty();
        for row in rows(draft) {
            let [path, value] = row.as_slice() else { continue };
            if let Some(at) = self.find(path) {
                let question = &self.questions[at];
                if !question.ask.is_chosen()
                    || value
                        .lines()
                        .all(|one| question.options.iter().any(|option| option == one))
                {
                    values[at].clone_from(value);
                }
            }
        }
        values
    }

    /// The questions that are asked for the chosen kind, and their answers.
    fn asked<'a>(&'a self, values: &'a [String]) -> impl Iterator<Item = (usize, &'a str)> {
        let kind = values.first().map_or("", String::as_str);
        values
            .iter()
            .enumerate()
            .filter(move |(at, _)| self.questions[*at].is_asked(kind))
            .map(|(at, value)| (at, value.trim()))
    }
}

#[cfg(test)]
mod tests;

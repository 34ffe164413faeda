//! HTML as it is written: what comes from anybody is text, and nothing else makes markup.

/// A piece of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Html(pub String);

impl Html {
    /// Markup of ours.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Somebody's words, as text or in a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Markup of ours where something holds.
    pub(super) fn raw_if(&mut self, holds: bool, markup: &str) -> &mut Self {
        if holds {
            self.0.push_str(markup);
        }
        self
    }

    /// An attribute, behind another or the element's name.
    pub(super) fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.raw(" ").raw(name).raw("=\"").text(value).raw("\"")
    }

    /// A paragraph.
    pub(super) fn p(&mut self, text: &str) -> &mut Self {
        self.raw("<p>").text(text).raw("</p>")
    }
}

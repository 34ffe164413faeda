//! Elements, made one after the other. `html!` writes the making of each element out in full where it stands, which
//! was a tenth of the panel; here an element, an attribute and a text are a call each.

use yew::AttrValue;
use yew::virtual_dom::{VNode, VTag, VText};

/// What is made: the elements that are still open, outermost first.
#[derive(Debug)]
pub(super) struct Tree(Vec<VTag>);

impl Tree {
    /// With an outermost element.
    pub(super) fn of(tag: &'static str) -> Self {
        Self(vec![VTag::new(tag)])
    }

    /// Opens an element; what follows goes into it.
    #[inline(never)]
    pub(super) fn open(&mut self, tag: &'static str) -> &mut Self {
        self.0.push(VTag::new(tag));
        self
    }

    /// Closes it.
    #[inline(never)]
    pub(super) fn close(&mut self) -> &mut Self {
        if let Some(tag) = self.0.pop() {
            self.add(tag.into());
        }
        self
    }

    /// Gives it an attribute.
    #[inline(never)]
    pub(super) fn put(&mut self, name: &'static str, value: AttrValue) -> &mut Self {
        if let Some(tag) = self.0.last_mut() {
            tag.add_attribute(name, value);
        }
        self
    }

    /// The same with a value that is known beforehand.
    #[inline(never)]
    pub(super) fn set(&mut self, name: &'static str, value: &'static str) -> &mut Self {
        self.put(name, AttrValue::Static(value))
    }

    /// The same if something holds.
    #[inline(never)]
    pub(super) fn set_if(&mut self, holds: bool, name: &'static str, value: &'static str) -> &mut Self {
        if holds { self.set(name, value) } else { self }
    }

    /// What stands in a control.
    #[inline(never)]
    pub(super) fn value(&mut self, value: AttrValue) -> &mut Self {
        if let Some(tag) = self.0.last_mut() {
            tag.set_value(value);
        }
        self
    }

    /// Whether a control is chosen.
    #[inline(never)]
    pub(super) fn checked(&mut self, checked: bool) -> &mut Self {
        if let Some(tag) = self.0.last_mut() {
            tag.set_checked(checked);
        }
        self
    }

    /// Puts a text into it.
    #[inline(never)]
    pub(super) fn say(&mut self, words: AttrValue) -> &mut Self {
        self.add(VText::new(words).into())
    }

    /// The outermost element, with all that is in it.
    pub(super) fn finish(mut self) -> VNode {
        while self.0.len() > 1 {
            self.close();
        }
        self.0.pop().map(VNode::from).unwrap_or_default()
    }

    fn add(&mut self, node: VNode) -> &mut Self {
        if let Some(tag) = self.0.last_mut() {
            tag.add_child(node);
        }
        self
    }
}

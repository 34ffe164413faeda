//! Elements, made one after the other. `html!` writes the making of each element out in full where it stands, which
//! was a tenth of the panel; here an element, an attribute and a text are a call each.

use yew::AttrValue;
use yew::virtual_dom::{AttributeOrProperty, Attributes, VNode, VTag, VText};

/// Every attribute there is. That all elements share one list is what makes them small: yew compares by place, and no
/// table has to be made or searched.
static NAMES: [&str; 32] = [
    "accept",
    "aria-describedby",
    "aria-disabled",
    "aria-invalid",
    "aria-label",
    "aria-labelledby",
    "aria-modal",
    "autocomplete",
    "class",
    "data-ask",
    "data-on",
    "data-over",
    "data-phase",
    "data-rank",
    "dir",
    "for",
    "form",
    "hidden",
    "href",
    "id",
    "lang",
    "maxlength",
    "name",
    "novalidate",
    "readonly",
    "required",
    "role",
    "rows",
    "tabindex",
    "target",
    "type",
    "value",
];

/// What is made: the elements that are still open, outermost first.
#[derive(Debug)]
pub(super) struct Tree(Vec<VTag>);

impl Tree {
    /// With an outermost element.
    pub(super) fn of(tag: &'static str) -> Self {
        let mut tree = Self(vec![]);
        tree.open(tag);
        tree
    }

    /// Opens an element; what follows goes into it.
    #[inline(never)]
    pub(super) fn open(&mut self, tag: &'static str) -> &mut Self {
        let mut tag = VTag::new(tag);
        tag.attributes = Attributes::Dynamic {
            keys: &NAMES,
            values: NAMES.map(|_| None).into(),
        };
        self.0.push(tag);
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
        let place = NAMES.iter().position(|one| *one == name);
        debug_assert!(place.is_some(), "{name} belongs in the list");
        if let Some(Attributes::Dynamic { values, .. }) = self.0.last_mut().map(|tag| &mut tag.attributes)
            && let Some(slot) = place.and_then(|place| values.get_mut(place))
        {
            *slot = Some(AttributeOrProperty::Attribute(value));
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

//! The dialog as a whole: shows the state, and does in the page what the reducer asks for.

use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::tree::Tree;
use super::{actions, context, field, picture, preview, status};
use crate::browser::{self, Bridge, Told};
use crate::form::Form;
use crate::progress::Progress;
use crate::state::{Action, Effect, Phase, State, reduce};
use crate::text::rows;
use crate::words::{Words, name};

/// What the loader gives the panel.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PanelProps {
    /// The loader.
    pub bridge: Bridge,
    /// Hears of what happens in the panel's place; [`crate::hear`] hands it on.
    pub told: JsValue,
}

/// What the panel learns.
#[derive(Debug)]
pub enum Message {
    /// Something happened: its name, and a value.
    Heard(String, String),
    /// The same, already understood.
    Do(Action),
}

/// The panel. A struct component, because it is a reducer with effects and hooks would weigh more.
#[derive(Debug)]
pub struct Panel {
    state: State,
    /// To be done once the page shows the state.
    due: Vec<Effect>,
    words: Words,
}

impl Component for Panel {
    type Message = Message;
    type Properties = PanelProps;

    fn create(ctx: &Context<Self>) -> Self {
        let PanelProps { bridge, told } = ctx.props();
        let form = Form::read(&browser::form(bridge));
        let (state, due) = reduce(State::new(form, &browser::kept()), Action::Show);
        browser::words(bridge, told);
        Self {
            state,
            due,
            words: Words::default(),
        }
    }

    fn update(&mut self, _: &Context<Self>, message: Message) -> bool {
        let action = match message {
            Message::Do(action) => Some(action),
            Message::Heard(name, value) if name == "words" => {
                self.words = Words::read(&value);
                Some(Action::Ready)
            }
            Message::Heard(name, value) if name == "previewed" => Some(Action::Previewed(rows(&value))),
            Message::Heard(name, value) => Action::by(&name, value),
        };
        if let Some(action) = action {
            let (state, effects) = reduce(std::mem::take(&mut self.state), action);
            self.state = state;
            self.due.extend(effects);
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let Self { state, words, .. } = self;
        // Not a class: yew's changing classes weigh 2 KB.
        let (phase, title) = match state.phase {
            Phase::Writing => ("writing", name::TITLE),
            Phase::Sending => ("sending", name::TITLE),
            Phase::Waiting(_) => ("waiting", name::TITLE_WAITING),
            Phase::Arrived => ("arrived", name::TITLE_ARRIVED),
        };
        let mut tree = Tree::of("dialog");
        tree.set("class", "hb")
            .set("data-phase", phase)
            .set("role", "dialog")
            .set("aria-labelledby", "hb-title")
            .set_if(!state.form.popover, "aria-modal", "true")
            .put("lang", words.lang.clone())
            .put("dir", words.dir.clone())
            .open("div")
            .set("class", "hb-head")
            .open("h2")
            .set("id", "hb-title")
            .set("tabindex", "-1")
            .say(words.at(title))
            .close()
            .open("button")
            .set("type", "button")
            .set("class", "hb-x")
            .set("name", "close")
            .put("aria-label", words.at(name::CLOSE))
            .close()
            .close();
        tree.open("form")
            .set("id", "hb-form")
            .set("novalidate", "")
            .set_if(!state.is_writing(), "hidden", "");
        for at in 0..state.form.questions.len() {
            field::view(&mut tree, state, at, words);
        }
        picture::view(&mut tree, state, words);
        context::view(&mut tree, state, words);
        preview::view(&mut tree, state, words);
        tree.close().open("div").set("class", "hb-foot");
        status::view(&mut tree, state, words);
        actions::receipt(&mut tree, state, words);
        actions::view(&mut tree, state, words);
        tree.finish()
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        for effect in std::mem::take(&mut self.due) {
            Self::perform(ctx, effect);
        }
    }
}

impl Panel {
    fn perform(ctx: &Context<Self>, effect: Effect) {
        let PanelProps { bridge, told } = ctx.props();
        match effect {
            Effect::OpenDialog => browser::open(),
            Effect::CloseDialog => browser::close(),
            Effect::Focus(selector, always) => browser::focus(&selector, always),
            // A loader that fails here is its own concern; the page must not hear of it.
            Effect::TellClosed => drop(browser::closed(bridge)),
            Effect::Keep(draft) => browser::keep(&draft),
            Effect::LookAround => ctx
                .link()
                .send_message(Message::Do(Action::About(rows(&browser::about(bridge))))),
            Effect::Preview(said, left_out) => browser::preview(bridge, &said, &left_out, told),
            Effect::Copy(text) => browser::copy(&text, told),
            Effect::Picture(how) => browser::picture(bridge, &how, told),
            Effect::Send(ticket, said, left_out) => {
                let link = ctx.link().clone();
                let told = Told::new(move |state: String, detail: String| {
                    if let Some(progress) = Progress::read(&state, &detail) {
                        link.send_message(Message::Do(Action::Told(ticket, progress)));
                    }
                });
                // Given away for good, because the loader may call it as long as the page lives.
                if browser::send(bridge, &said, &left_out, told.into_js_value()).is_err() {
                    ctx.link().send_message(Message::Do(Action::NotTaken));
                }
            }
        }
    }
}

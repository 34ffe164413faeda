//! The dialog as a whole: shows the state, and does in the page what the reducer asks for.

use yew::prelude::*;

use super::{actions, form, status};
use crate::browser::{Bridge, Dialog};
use crate::i18n::{self, Strings};
use crate::state::{Action, Effect, Phase, State, reduce};

/// What the loader gives the panel.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PanelProps {
    /// The loader.
    pub bridge: Bridge,
}

/// The panel. A struct component, because it is a reducer with effects and hooks would weigh more.
#[derive(Debug)]
pub struct Panel {
    state: State,
    /// To be done once the page shows the state.
    due: Vec<Effect>,
    dialog: Dialog,
    words: &'static Strings,
}

impl Component for Panel {
    type Message = Action;
    type Properties = PanelProps;

    fn create(ctx: &Context<Self>) -> Self {
        let (state, due) = reduce(State::default(), Action::Show);
        let words = i18n::strings(&ctx.props().bridge.lang());
        Self {
            state,
            due,
            dialog: Dialog::default(),
            words,
        }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        if action == Action::Closed && !self.dialog.is_closed() {
            return false;
        }
        let (state, effects) = reduce(std::mem::take(&mut self.state), action);
        self.state = state;
        self.due.extend(effects);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Self { state, words, .. } = self;
        let act = ctx.link().callback(|action| action);
        // Not a class: yew's changing classes weigh 2 KB.
        let (phase, title) = match state.phase {
            Phase::Writing => ("writing", words.title),
            Phase::Sending => ("sending", words.title),
            Phase::Waiting(_) => ("waiting", words.title_waiting),
            Phase::Arrived => ("arrived", words.title_arrived),
        };
        let dialog = self.dialog.clone();
        html! {
            <dialog ref={self.dialog.node.clone()} class="hb" data-phase={phase} role="dialog" aria-modal="true" aria-labelledby="hb-title"
                lang={words.lang} dir={words.dir}
                onclose={act.reform(|_| Action::Closed)}
                onkeydown={move |event| dialog.keep_tab_inside(&event)}>
                <div class="hb-head">
                    <h2 id="hb-title" tabindex="-1">{ title }</h2>
                    { actions::close(&act, words) }
                </div>
                if matches!(state.phase, Phase::Writing | Phase::Sending) {
                    { form::view(state, &act, words) }
                }
                <div class="hb-foot">
                    { status::view(state, words) }
                    { actions::view(state.phase, &act, words) }
                </div>
            </dialog>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        for effect in std::mem::take(&mut self.due) {
            self.perform(ctx, effect);
        }
    }
}

impl Panel {
    fn perform(&self, ctx: &Context<Self>, effect: Effect) {
        let bridge = &ctx.props().bridge;
        match effect {
            Effect::OpenDialog => self.dialog.open(),
            Effect::CloseDialog => self.dialog.close(),
            Effect::Focus(spot) => self.dialog.focus(spot),
            Effect::TellClosed => bridge.closed(),
            Effect::Send(feedback) => {
                let link = ctx.link().clone();
                if !bridge.send(&feedback, move |progress| {
                    link.send_message(Action::Told(progress));
                }) {
                    ctx.link().send_message(Action::NotTaken);
                }
            }
        }
    }
}
